# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Residuals over Newton's steps, newton.png from newton.csv (s, k, start, step,
# residual; a block for each solve): a line for each solve, a colour for each
# start.
#
#   gnuplot -c newton.gp TOLERANCE STARTS
#
# STARTS are the names of the starts 0, 1, ..., separated by blanks.

colors = '#999999 #0072b2 #e69f00 #d55e00'
set terminal pngcairo size 900, 600 font ',13'
set output 'newton.png'
set datafile separator ','
set logscale y
set format y '10^{%T}'
set grid
set key outside right center
set xlabel 'Newton step'
set ylabel 'norm of the residual'
set title 'Newton steps for unseen parameters'
eval 'tolerance = ' . ARG1
plot tolerance with lines dashtype 2 lc 'black' title 'tolerance', \
  for [i = 1:words(ARG2)] 'newton.csv' using ($3 == i - 1 ? $4 : NaN):5 \
    with linespoints pointtype 7 pointsize 0.6 lc rgb word(colors, i) \
    title 'from ' . word(ARG2, i)
