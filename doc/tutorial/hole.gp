# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Draws hole.png from the files that with_surrogate writes.
set terminal pngcairo size 800,420 font ",11"
set output "hole.png"
set key bottom left
set logscale y
set format y "10^{%T}"
set xlabel "angle at the hole"
set ylabel "error of the heat flux"
set xtics ("-π" -pi, "-π/2" -pi/2, "0" 0, "π/2" pi/2, "π" pi)
set xrange [-pi:pi]
plot "< sort -g hole_finite_elements.txt" with lines lw 1.5 lc rgb "#888888" title "finite elements", "hole_surrogate.txt" with lines lw 2 lc rgb "#d95f02" title "surrogate"
