# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# What a study found, study.png from picture.csv:
#
#   gnuplot -c study.gp curves X_LABEL Y_LABEL ROWS
#   gnuplot -c study.gp points "" Y_LABEL ROWS
#
# ROWS are the names of the rows of the study's table, separated by blanks. The
# columns of picture.csv are the number of a row, x, y. Curves are blocks, all
# those of a row of one colour; points are the runs of each row.

set terminal pngcairo size 900, 600 font ',13' noenhanced
set output 'study.png'
set datafile separator ','
set logscale y
set grid
set ylabel ARG3
n = words(ARG4)
if (ARG1 eq "curves") {
  set logscale x
  set xlabel ARG2
  set key outside below
  plot for [i = 1:n] 'picture.csv' using ($1 == i ? $2 : NaN):3 with lines \
         lw 2 lc i title word(ARG4, i)
} else {
  unset key
  set xrange [0.5:n + 0.5]
  set xtics () rotate by -30
  do for [i = 1:n] { set xtics add (word(ARG4, i) i) }
  plot 'picture.csv' using 1:3 with points pt 7 ps 1.2 lc 2
}
