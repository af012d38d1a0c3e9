# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Errors of a learned pendulum, pendulum.png: over time from errors.csv (t,
# angle, velocity: means over trajectories), and of the vector field from
# field.dat (angle, velocity, error; a block for each velocity).
#
#   gnuplot -c pendulum.gp

set terminal pngcairo size 900, 350 font ',11'
set output 'pendulum.png'
set multiplot layout 1, 2

set datafile separator ','
set logscale y
set format y '10^{%T}'
set grid
set key bottom right
set xlabel 't'
set title 'mean error of unseen trajectories'
plot 'errors.csv' using 1:2 with lines lw 2 title 'angle', \
  '' using 1:3 with lines lw 2 title 'velocity'

unset logscale y
unset format y
unset grid
set datafile separator whitespace
stats 'field.dat' using 3 name 'E' nooutput
set view map
set pm3d corners2color mean
set palette maxcolors 24
set palette defined (0 '#000004', 1 '#3b0f70', 2 '#8c2981', 3 '#de4968', \
  4 '#fe9f6d', 5 '#fcfdbf')
set logscale cb
set format cb '10^{%T}'
lowest = E_max * 1e-5
set cbrange [lowest:E_max]
stats 'field.dat' using 1:2 name 'D' nooutput
set xrange [D_min_x:D_max_x]
set yrange [D_min_y:D_max_y]
set xlabel 'initial angle'
set ylabel 'initial velocity'
set title 'error of the vector field; samples are in the frame'
set object rectangle from -pi / 4, D_min_y to pi / 4, D_max_y front fs empty \
  border rgb 'white'
splot 'field.dat' every 3:3 using 1:2:($3 < lowest ? lowest : $3) with pm3d notitle
unset multiplot
