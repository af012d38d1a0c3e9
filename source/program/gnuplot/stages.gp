# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# The errors on each region after each stage of a curriculum:
#
#   gnuplot -c stages.gp NAME TABLE QUANTITY COLUMNS
#
# makes NAME.png from TABLE, whose first column numbers the stages, from 0 for the
# start; COLUMNS, separated by blanks, are the regions, with the headings as
# titles.

set terminal pngcairo size 900, 600 font ',13'
set output ARG1 . '.png'
set datafile separator ','
set logscale y
set format y '10^{%T}'
set key outside below noenhanced
set grid
set title sprintf('Error on each region (%s): falls when it is learned, rises if it is forgotten', ARG3) noenhanced
set xlabel 'after stage (0: before training)'
set ylabel 'error'
set xtics 1
set offsets 0.1, 0.1, 0, 0
plot for [c in ARG4] ARG2 using 1:(column(int(c))) with linespoints \
  lw 2 pt 7 title columnheader(int(c))
