# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# The surrogate and errors at several times, NAME.png from the fields.dat (x, y,
# reference, surrogate, exact, errors of reference and surrogate) of as many
# folders:
#
#   gnuplot -c frames.gp NAME FOLDERS TITLES
#
# FOLDERS and TITLES are separated by blanks. Errors have one scale over four
# powers of ten.

n = words(ARG2)
data(i) = word(ARG2, i) . '/fields.dat'
largest = 0
do for [i = 1:n] {
  do for [c = 6:7] {
    stats data(i) using (abs(column(c))) name 'E' nooutput
    largest = E_max > largest ? E_max : largest
  }
}
lowest = largest * 1e-4
visible(x) = abs(x) < lowest ? lowest : abs(x)

set terminal pngcairo size 300 * n, 780 font ',9'
set output ARG1 . '.png'
set view map
set pm3d corners2color mean
set size ratio -1
set palette defined (0 '#000004', 1 '#3b0f70', 2 '#8c2981', 3 '#de4968', \
  4 '#fe9f6d', 5 '#fcfdbf')
set autoscale xfix
set autoscale yfix
set multiplot layout 3, n
do for [i = 1:n] {
  set title 'surrogate, ' . word(ARG3, i) noenhanced
  splot data(i) using 1:2:4 with pm3d notitle
}
set logscale cb
set cbrange [lowest:largest]
set format cb '10^{%T}'
do for [c = 6:7] {
  do for [i = 1:n] {
    set title (c == 6 ? '|reference - exact|' : '|surrogate - exact|')
    splot data(i) using 1:2:(visible(column(c))) with pm3d notitle
  }
}
unset multiplot
