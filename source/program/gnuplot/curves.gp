# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Columns of a table of comma-separated values over another one:
#
#   gnuplot -c curves.gp NAME TABLE X_LABEL Y_LABEL AXES X COLUMNS
#
# makes NAME.png from TABLE. AXES are the logarithmic ones, as in "y" or "xy".
# X and COLUMNS, separated by blanks, are numbers of columns; the headings in the
# table are titles.

set terminal pngcairo size 900, 600 font ',13'
set output ARG1 . '.png'
set datafile separator ','
if (strstrt(ARG5, "x")) { set logscale x; set format x '10^{%T}' }
if (strstrt(ARG5, "y")) { set logscale y; set format y '10^{%T}' }
set key outside below noenhanced
set grid
set xlabel ARG3
set ylabel ARG4
plot for [c in ARG7] ARG2 using (column(int(ARG6))):(column(int(c))) with lines \
  lw 2 title columnheader(int(c))
