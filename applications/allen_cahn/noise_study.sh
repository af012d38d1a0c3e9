#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Does validation stop a training on noisy samples in time, and keep the right
# parameters? Print a Markdown table of the relative L2 error of the model that
# training returns and of the lowest error on the way to the end, and fail if
# the first is more than 1.5 times the second.
#
#   noise_study.sh ./allen_cahn prm/noise.prm
#
# Environment: OUTPUT (default output/noise_study), RANKS (default 1), SEEDS
# (default "30 42 2025"), MPIRUN (default mpirun).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../common/study.sh"

[ $# -eq 2 ] || usage
program=$1
prm=$2
output=${OUTPUT:-output/noise_study}

status=0
echo "| seed | returned | lowest | ratio | last | iteration kept | iterations | stop |"
echo "|---|---|---|---|---|---|---|---|"
for seed in $seeds; do
  folder=$output/$seed
  run "$folder" $seed "$prm"
  summary=$folder/summary.json
  returned=$(figure "$summary" surrogate relative_l2_error)
  lowest=$(awk -F, 'NR > 1 { print $3 }' "$folder/errors.csv" | sort -g | head -n 1)
  last=$(tail -n 1 "$folder/errors.csv" | cut -d, -f3)
  ratio=$(awk "BEGIN { printf \"%.2f\", $returned / $lowest }")
  printf '| %d | %.1e | %.1e | %s | %.1e | %s | %s | %s |\n' \
    "$seed" "$returned" "$lowest" "$ratio" "$last" \
    "$(figure "$summary" "" kept_iteration)" \
    "$(figure "$summary" "" iterations)" "$(figure "$summary" "" stop_reason)"
  awk "BEGIN { exit !($ratio > 1.5) }" && status=1
done
exit $status
