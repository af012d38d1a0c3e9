# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A function of time and one coordinate and two errors of it, NAME.png from
# fields.dat (time, coordinate, function, error of the reference, error of the
# surrogate; a block for each time):
#
#   gnuplot -c space_time.gp NAME FUNCTION COORDINATE
#
# FUNCTION and COORDINATE are their names. Errors have one scale over four powers
# of ten.

stats 'fields.dat' using 1 name 'T' nooutput
stats 'fields.dat' using (abs($4)) name 'R' nooutput
stats 'fields.dat' using (abs($5)) name 'S' nooutput
largest = R_max > S_max ? R_max : S_max
lowest = largest * 1e-4
visible(x) = abs(x) < lowest ? lowest : abs(x)

set terminal pngcairo size 1500, 480 font ',13'
set output ARG1 . '.png'
set view map
set pm3d corners2color mean
set palette defined (0 '#000004', 1 '#3b0f70', 2 '#8c2981', 3 '#de4968', \
  4 '#fe9f6d', 5 '#fcfdbf')
set xlabel 't'
set ylabel ARG3 offset 1, 0 noenhanced
set xtics 0.25 * (T_max - T_min)
set autoscale xfix
set autoscale yfix
set multiplot layout 1, 3
set title ARG2 noenhanced
splot 'fields.dat' using 1:2:3 with pm3d notitle
set logscale cb
set cbrange [lowest:largest]
set format cb '10^{%T}'
set title sprintf('|reference - exact|, largest %.1e', R_max)
splot 'fields.dat' using 1:2:(visible($4)) with pm3d notitle
set title sprintf('|surrogate - exact|, largest %.1e', S_max)
splot 'fields.dat' using 1:2:(visible($5)) with pm3d notitle
unset multiplot
