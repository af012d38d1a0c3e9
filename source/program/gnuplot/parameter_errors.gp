# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Errors over the parameters of a problem, parameter_errors.png from map.dat,
# training.dat, validation.dat and test.dat, whose columns are the first and the
# last parameter, of the surrogate the relative errors of u, the forcing and the
# gradient, and the residual, and the reference's error of u:
#
#   gnuplot -c parameter_errors.gp COORDINATES...
#
# Of three coordinates the last one is the parameter, and there are curves; of
# four the last two, and there are maps.

set output 'parameter_errors.png'
if (ARGC == 3) {
  set terminal pngcairo size 900, 600 font ',13'
  set logscale y
  set format y '10^{%T}'
  set grid
  set key outside below
  set xrange [0.5:3.2]
  set xlabel ARG3
  set ylabel 'relative error'
  plot 'map.dat' using 1:4 with lines lw 2 lc rgb '#de4968' \
      title 'surrogate: forcing', \
    'map.dat' using 1:3 with lines lw 2 lc rgb '#3b0f70' \
      title 'surrogate: u', \
    'training.dat' using 1:3 with points pt 7 lc rgb '#3b0f70' \
      title 'where it was trained', \
    'test.dat' using 1:3 with points pt 6 lw 2 lc rgb '#3b0f70' \
      title 'test', \
    '< cat training.dat validation.dat test.dat' using 1:7 with points pt 1 \
      lw 2 lc rgb '#777777' title 'finite elements: u'
} else {
  set terminal pngcairo size 1300, 600 font ',13'
  set size ratio -1
  set palette defined (0 '#000004', 1 '#3b0f70', 2 '#8c2981', 3 '#de4968', \
    4 '#fe9f6d', 5 '#fcfdbf')
  set logscale cb
  set format cb '10^{%T}'
  set xlabel ARG3
  set ylabel ARG4
  set xrange [0:1.05]
  set yrange [0:1.05]
  set key outside below
  set multiplot layout 1, 2
  do for [column in '3 4'] {
    set title 'surrogate: relative error of ' . (column == 3 ? 'u' : 'the forcing')
    plot 'map.dat' using 1:2:(column(int(column))) with image notitle, \
      'training.dat' using 1:2 with points pt 7 lc rgb '#22cc88' \
        title 'where it was trained', \
      'test.dat' using 1:2 with points pt 6 lw 2 lc rgb '#22cc88' title 'test'
  }
  unset multiplot
}
