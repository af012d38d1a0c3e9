#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Train with several parameter files and seeds, and print a Markdown table of
# the relative L2 error after given times of training: median and range over
# the seeds. A run that has ended before counts with its last error. The curves
# are drawn in error_against_time.png in the output folder.
#
#   error_against_time.sh ./allen_cahn prm/optimizers/derl_*.prm
#
# Environment: TIMES (default "5 15 60" seconds), OUTPUT (default
# output/error_against_time), RANKS (default 1), SEEDS (default "30 42 2025"),
# MPIRUN (default mpirun).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../common/study.sh"

[ $# -ge 2 ] || usage
program=$1
shift
times=${TIMES:-5 15 60}
last_time=${times##* }
output=${OUTPUT:-output/error_against_time}
mkdir -p "$output"

# The last measured error up to a time.
error_at() { # folder time
  awk -F, -v time="$2" 'NR > 1 && $2 <= time { x = $3 } END { print x }' \
    "$1/errors.csv"
}

printf '| run |'
printf ' relative L2 error after %s s |' $times
printf ' iterations | stops |\n|---|'
printf -- '---|%.0s' $times
echo '---|---|'
curves=
color=0
for prm in "$@"; do
  name=$(basename "$prm" .prm)
  color=$((color + 1))
  title="title '${name//_/ }'"
  folders=()
  diverged=
  for seed in $seeds; do
    folder=$output/$name-$seed
    if run "$folder" $seed "$prm" \
      --set "Evaluation/Error interval=${INTERVAL:-0.25}" \
      --set "Training/Maximal time=$last_time"; then
      folders+=("$folder")
    else
      diverged="$diverged $seed"
    fi
    curves="$curves, '$name-$seed/errors.csv' using 2:3 with lines lc $color"
    curves="$curves lw 2 $title"
    title=notitle
  done
  printf '| %s%s |' "$name" "${diverged:+ (diverged with seed$diverged)}"
  for time in $times; do
    errors=()
    for folder in ${folders[@]+"${folders[@]}"}; do
      errors+=("$(error_at "$folder" "$time")")
    done
    printf ' %s |' "${errors:+$(median "${errors[@]}")}"
  done
  iterations=()
  reasons=()
  for folder in ${folders[@]+"${folders[@]}"}; do
    iterations+=("$(figure "$folder/summary.json" "" iterations)")
    reasons+=("$(figure "$folder/summary.json" "" stop_reason)")
  done
  printf ' %s | %s |\n' \
    "${iterations:+$(FORMAT=%d median "${iterations[@]}")}" \
    "$(printf '%s\n' ${reasons[@]+"${reasons[@]}"} | sort -u |
      sed ':a; N; $!ba; s/\n/, /g')"
done

cat >"$output/error_against_time.gnuplot" <<GNUPLOT
set terminal pngcairo size 900,600 font ',13'
set output 'error_against_time.png'
set datafile separator ','
set logscale xy
set format y '10^{%T}'
set grid
set key outside right
set xlabel 'seconds of training'
set ylabel 'relative L2 error'
plot [0.25:]${curves#,}
GNUPLOT
if command -v gnuplot >/dev/null; then
  (cd "$output" && gnuplot error_against_time.gnuplot)
else
  echo "No picture: there is no gnuplot (Debian: install gnuplot-nox)." >&2
fi
