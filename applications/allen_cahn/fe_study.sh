#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Surrogates that learn from finite element solutions, over elements, meshes and
# equations: a Markdown table of the relative errors of value (L2) and gradient
# (H1 seminorm) of the finite element solution and of the surrogate, and of
# their ratios; median and range over the seeds.
#
#   fe_study.sh ./allen_cahn prm/fe_study.prm
#
# A network that has fewer than four equations per parameter learns the errors of
# the finite element solution as well: then a tenth of the samples is held out
# for validation. Otherwise all are used, and training ends when it stagnates.
#
# Environment: DEGREES (default "1 2"), REFINEMENTS (default "4 5 6", that is
# h = 1/8, 1/16, 1/32), DISTORTIONS of the mesh (default "0 0.2"), REACTIONS
# (default "1 0", that is Allen-Cahn and Poisson), OUTPUT (default
# output/fe_study), RANKS (default 1), SEEDS (default "30 42 2025"), MPIRUN
# (default mpirun).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../common/study.sh"

[ $# -eq 2 ] || usage
program=$1
prm=$2
output=${OUTPUT:-output/fe_study}
n_parameters=921 # of the network in the parameter file

echo "| equation | element | h | distortion | FE value | surrogate value |" \
  "ratio | FE gradient | surrogate gradient | ratio | iterations | seconds |"
echo "|---|---|---|---|---|---|---|---|---|---|---|---|"
for reaction in ${REACTIONS:-1 0}; do
  equation=$([ "$reaction" = 0 ] && echo Poisson || echo Allen-Cahn)
  for distortion in ${DISTORTIONS:-0 0.2}; do
    for degree in ${DEGREES:-1 2}; do
      for refinements in ${REFINEMENTS:-4 5 6}; do
        n_equations=$((2 * degree * degree * (1 << (2 * refinements))))
        fraction=$([ $n_equations -lt $((4 * n_parameters)) ] && echo 0.1 || echo 0)
        summaries=()
        for seed in $seeds; do
          folder=$output/$equation-Q$degree-$refinements-$distortion-$seed
          run "$folder" $seed "$prm" \
            --set "Reference/Reaction=$reaction" \
            --set "Reference/Distortion=$distortion" \
            --set "Reference/Finite element degree=$degree" \
            --set "Reference/Global refinements=$refinements" \
            --set "Samples/Gauss points per direction=$degree" \
            --set "Training/Validation fraction=$fraction"
          summaries+=("$folder/summary.json")
        done
        printf '| %s | Q%d | 1/%d | %s |' \
          $equation $degree $((1 << (refinements - 1))) $distortion
        for key in relative_l2_error relative_h1_seminorm_error; do
          reference=$(figure "${summaries[0]}" reference $key)
          errors=()
          ratios=()
          for summary in "${summaries[@]}"; do
            error=$(figure "$summary" surrogate $key)
            errors+=("$error")
            ratios+=("$(awk "BEGIN { print $reference / $error }")")
          done
          printf ' %.1e | %s | %s |' "$reference" "$(median "${errors[@]}")" \
            "$(FORMAT=%.1f median "${ratios[@]}")"
        done
        iterations=()
        times=()
        for summary in "${summaries[@]}"; do
          iterations+=("$(figure "$summary" "" iterations)")
          times+=("$(figure "$summary" seconds training)")
        done
        printf ' %s | %s |\n' "$(FORMAT=%d median "${iterations[@]}")" \
          "$(FORMAT=%.0f median "${times[@]}")"
      done
    done
  done
done
