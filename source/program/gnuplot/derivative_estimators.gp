# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Errors of estimated gradients over the number of cells, errors.png from
# results.csv: a row of plots for each degree, a column for each mesh.
#
#   gnuplot -c derivative_estimators.gp MESHES DEGREES ESTIMATORS
#
# Each is a list, separated by blanks.

n_columns = words(ARG1)
n_rows = words(ARG2)
set terminal pngcairo size 60 + 340 * n_columns, 40 + 300 * n_rows font ',11'
set output 'errors.png'
set datafile separator ','
set datafile missing NaN
set logscale xy
set format y '10^{%T}'
set grid
set key left bottom font ',9' samplen 1 spacing 0.8
set multiplot layout n_rows, n_columns
do for [row = 1:n_rows] {
  do for [column = 1:n_columns] {
    mesh = word(ARG1, column)
    degree = int(word(ARG2, row))
    set title sprintf('%s, Q%d', mesh, degree)
    set xlabel row == n_rows ? 'cells' : ''
    set ylabel column == 1 ? 'error of the gradient' : ''
    plot for [e = 1:words(ARG3)] 'results.csv' using \
      4:(strcol(1) eq mesh && $2 == degree && strcol(5) eq word(ARG3, e) \
        ? $6 : NaN) with linespoints lw 2 pt 5 + 2 * e title word(ARG3, e)
    unset key
  }
}
unset multiplot
