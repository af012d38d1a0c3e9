# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Maps of fields.dat (columns x, y, fields), side by side, or in one column if
# the domain is more than twice as wide as high:
#
#   gnuplot -c maps.gp NAME SCALE TITLE QUANTITY [TITLE QUANTITY]...
#
# makes NAME.png of up to three maps. QUANTITY is an expression of the columns,
# as in "abs($3)". SCALE is linear, of each map, or logarithmic, one for all
# maps, over four powers of ten.

n = (ARGC - 2) / 2
array title[n]
array quantity[n]
array largest[n]
do for [m = 1:n] {
  title[m] = value(sprintf("ARG%d", 2 * m + 1))
  quantity[m] = value(sprintf("ARG%d", 2 * m + 2))
}
is_logarithmic = ARG2 eq "logarithmic"

stats 'fields.dat' using 1:2 name 'D' nooutput
is_wide = D_max_x - D_min_x > 2 * (D_max_y - D_min_y)
largest_of_all = 0
do for [m = 1:n] {
  eval "stats 'fields.dat' using (" . quantity[m] . ") name 'M' nooutput"
  largest[m] = M_max
  largest_of_all = M_max > largest_of_all ? M_max : largest_of_all
}

if (is_wide) {
  set terminal pngcairo size 1300, 100 + 300 * n font ',13'
} else {
  set terminal pngcairo size 650 * n, 600 font ',13'
}
set output ARG1 . '.png'
set view map
set pm3d corners2color mean
set size ratio -1
set palette defined (0 '#000004', 1 '#3b0f70', 2 '#8c2981', 3 '#de4968', \
  4 '#fe9f6d', 5 '#fcfdbf')
set xlabel 'x'
set ylabel 'y'
# only now: stats leaves out what is outside of the ranges
set xrange [D_min_x:D_max_x]
set yrange [D_min_y:D_max_y]
visible(x) = x
if (is_logarithmic) {
  lowest = largest_of_all * 1e-4
  set logscale cb
  set cbrange [lowest:largest_of_all]
  set format cb '10^{%T}'
  visible(x) = x < lowest ? lowest : x
}
if (is_wide) { set multiplot layout n, 1 } else { set multiplot layout 1, n }
do for [m = 1:n] {
  set title title[m] . sprintf(is_logarithmic ? ', largest %.1e' \
                                              : ', up to %.3g', largest[m])
  eval "splot 'fields.dat' using 1:2:(visible(" . quantity[m] . \
    ")) with pm3d notitle"
}
unset multiplot
