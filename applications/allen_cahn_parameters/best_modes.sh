#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Which run has the smallest error of u for which pair of parameters?
#
#   best_modes.sh NAME RUN...
#
# The runs are output folders of allen_cahn_parameters with the same map of case
# multi. Says for how many pairs each is the best, and draws NAME.png.

set -euo pipefail
name=$1
shift

table=$(mktemp)
trap 'rm -f "$table"' EXIT
awk '
  FNR == 1 { run++ }
  { place = $1 " " $2
    if (!(place in error) || $3 < error[place]) {
      if (!(place in error)) order[++n] = place
      error[place] = $3
      best[place] = run
    } }
  END { for (i = 1; i <= n; i++) print order[i], best[order[i]] }
' "${@/%//map.dat}" >"$table"

titles=""
i=0
for run in "$@"; do
  i=$((i + 1))
  count=$(awk -v run=$i '$3 == run { n++ } END { print n + 0 }' "$table")
  echo "$(basename "$run"): $count"
  titles+=" $(basename "$run"):$count"
done

gnuplot - <<END
set terminal pngcairo size 700, 750 font ',13' noenhanced
set output '$name.png'
set size ratio -1
set xlabel 'xi1'
set ylabel 'xi2'
set xrange [0:1.05]
set yrange [0:1.05]
set key outside below
set title 'smallest error of u, and for how many pairs'
titles = '$titles'
plot for [i = 1:words(titles)] '$table' using (\$3 == i ? \$1 : NaN):2 \
  with points pt 5 ps 2.9 lc i title word(titles, i)
END
