# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# What a study found over two settings, study.png from picture.csv:
#
#   gnuplot -c study_settings.gp map PANELS X_LABEL X Y_LABEL Y COLUMN
#   gnuplot -c study_settings.gp lines PANELS X_LABEL X Y_LABEL Y COLUMNS
#
# PANELS, X, Y and COLUMNS are names in double quotes, separated by blanks. The
# columns of picture.csv are the numbers of a panel, a column and a value of y;
# the number of a value of x (map) or the value itself (lines); the median, the
# smallest and the largest number. A map has colours for medians, lines have a
# colour for each value of y, another dash for each column, and bars from the
# smallest to the largest number; blocks of the file are lines.

n = words(ARG2)
m = words(ARG6)
panel = 0
set terminal pngcairo size 80 + 420 * n, ARG1 eq "map" ? 480 : 560 \
  font ',12' noenhanced
set output 'study.png'
set datafile separator ','
stats 'picture.csv' using 5 name 'V' nooutput
set xlabel ARG3
set multiplot layout 1, n
if (ARG1 eq "map") {
  set palette defined (0 '#fcfdbf', 1 '#fe9f6d', 2 '#de4968', 3 '#8c2981', \
    4 '#3b0f70', 5 '#000004')
  set logscale cb
  set cbrange [V_min:V_max]
  set format cb '%.0e'
  set size ratio -1
  set ylabel ARG5
  set xrange [0.5:words(ARG4) + 0.5]
  set yrange [0.5:m + 0.5]
  set xtics () scale 0
  set ytics () scale 0
  do for [i = 1:words(ARG4)] { set xtics add (word(ARG4, i) i) }
  do for [i = 1:m] { set ytics add (word(ARG6, i) i) }
  do for [p = 1:n] {
    set title word(ARG2, p) font ',9'
    set cblabel word(ARG7, 1)
    # light text on dark cells
    plot 'picture.csv' using ($1 == p ? $4 : NaN):3:(0.5):(0.5):5 \
         with boxxyerror fs solid lc palette notitle, \
         '' using ($1 == p ? $4 : NaN):3:(sprintf('%.1e', $5)):\
         (log($5 / V_min) > 0.5 * log(V_max / V_min) ? 0xffffff : 0) \
         with labels font ',9' tc rgb variable notitle
  }
} else {
  set logscale xy
  set format '%.0e'
  set xtics rotate by -40
  set grid
  set key below vertical maxrows 4 font ',10'
  do for [p = 1:n] {
    set title word(ARG2, p) font ',10'
    plot for [c = 1:words(ARG7)] for [i = 1:m] 'picture.csv' \
         using ($1 == p && $2 == c && $3 == i ? $4 : NaN):5:6:7 \
         with yerrorlines lc i dt c pt 2 + 5 * c / 2 ps 0.7 \
         title word(ARG7, c) . ', ' . ARG5 . ' ' . word(ARG6, i)
  }
}
unset multiplot
