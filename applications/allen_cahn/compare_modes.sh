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

if [ $# -lt 2 ]; then
  sed -n '5,13s/^# \{0,1\}//p' "$0"
  exit 1
fi
program=$1
shift
seeds=${SEEDS:-30 42 2025}
output=${OUTPUT:-output/compare}
mkdir -p "$output"

# the number behind "key": in one of the objects of a summary
figure() { # file object key
  awk -v object="\"$2\":" -v key="\"$3\":" '
    index($0, object) { inside = 1 }
    inside && index($0, key) { gsub(/[,]/, ""); print $2; exit }' "$1"
}

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
    mkdir -p "$folder"
    # an optimizer without line search may diverge: count that, and go on
    if ${MPIRUN:-mpirun} -np "${RANKS:-1}" "$program" "$prm" \
      --set "Network/Random seed=$seed" --set "Output folder=$folder" \
      >"$folder/log.txt" 2>&1 </dev/null; then
      summaries+=("$folder/summary.json")
    elif grep -q 'Training diverged' "$folder/log.txt"; then
      diverged="$diverged $seed"
    else
      tail -n 5 "$folder/log.txt" >&2
      exit 1
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
