#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Run parameter files over several seeds and print a Markdown table of the
# surrogate's errors: mean and standard deviation (of the population, as in
# arXiv 2505.01391) over the seeds.
#
#   compare_modes.sh ./allen_cahn prm/paper/*.prm
#
# Environment: RANKS (default 1), SEEDS (default "30 42 2025"), OUTPUT (default
# output/compare), MPIRUN (default mpirun).
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/../common/study.sh"

[ $# -ge 2 ] || usage
program=$1
shift
output=${OUTPUT:-output/compare}

mean_and_deviation() { # numbers
  printf '%s\n' "$@" | awk '
    { n++; sum += $1; squares += $1 * $1 }
    END {
      mean = sum / n; variance = squares / n - mean * mean
      printf "%.1e ± %.0e", mean, sqrt(variance > 0 ? variance : 0) }'
}

echo "| terms | relative L2 error | relative H1-seminorm error | RMS of the PDE residual | largest error | seconds |"
echo "|---|---|---|---|---|---|"
for prm in "$@"; do
  mode=$(basename "$prm" .prm)
  summaries=()
  diverged=
  for seed in $seeds; do
    folder=$output/$mode-$seed
    if run "$folder" $seed "$prm"; then
      summaries+=("$folder/summary.json")
    else
      diverged="$diverged $seed"
    fi
  done
  if [ -n "$diverged" ]; then
    mode="$mode (diverged with seed$diverged)"
  fi
  if [ ${#summaries[@]} -eq 0 ]; then
    printf '| %s | | | | | |\n' "$mode"
    continue
  fi
  printf '| %s |' "$mode"
  for key in relative_l2_error relative_h1_seminorm_error residual_rms max_error; do
    values=()
    for summary in "${summaries[@]}"; do
      values+=("$(figure "$summary" surrogate $key)")
    done
    printf ' %s |' "$(mean_and_deviation "${values[@]}")"
  done
  times=()
  for summary in "${summaries[@]}"; do
    times+=("$(figure "$summary" seconds training)")
  done
  printf ' %s |\n' "$(printf '%s\n' "${times[@]}" |
    awk '{ n++; sum += $1 } END { printf "%.1f", sum / n }')"
done
