# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# What a study found, study.png from picture.csv:
#
#   gnuplot -c study.gp curves X_LABEL Y_LABEL ROWS
#   gnuplot -c study.gp points X_LABEL Y_LABEL ROWS COLORS
#
# ROWS and COLORS are names in double quotes, separated by blanks. The columns
# of picture.csv are, for curves, the number of a row, x, y; blocks are curves,
# all those of a row of one colour. For points they are the number of a row,
# which are from left to right, the number of a colour, y.

set terminal pngcairo size 900, 600 font ',13' noenhanced
set output 'study.png'
set datafile separator ','
set logscale y
set grid
set xlabel ARG2
set ylabel ARG3
n = words(ARG4)
if (ARG1 eq "curves") {
  set logscale x
  set key outside below
  plot for [i = 1:n] 'picture.csv' using ($1 == i ? $2 : NaN):3 with lines \
         lw 2 lc i title word(ARG4, i)
} else {
  m = words(ARG5)
  if (m > 1) { set key outside below } else { unset key }
  set format y '%.0e'
  set xrange [0.5:n + 0.5]
  set xtics () rotate by -30
  do for [i = 1:n] { set xtics add (word(ARG4, i) i) }
  plot for [j = 1:(m > 1 ? m : 1)] 'picture.csv' \
         using ($2 == j ? $1 + 0.6 * (j - (m + 1) / 2.0) / m : NaN):3 \
         with points pt 7 ps 1.2 lc j title word(ARG5, j)
}
