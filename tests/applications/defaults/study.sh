# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# The study of default options, shortened: what is compared is there, the
# surrogates learn, saved models are measured.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

small=(--set "Reference/Global refinements=1"
  --set "Network/Hidden layers=10, 10"
  --set "Reference/Adaptive refinements=1"
  --set "Training/Maximal number of iterations=100")

timeout --kill-after=5 $((200 * ${DERL_TIME_FACTOR:-1})) \
  "$(dirname "$program")/../tools/derl-study" "$prm/studies/defaults.prm" \
  --set "Parameter files=../plate_with_hole.prm, ../stokes.prm, \
../two_parameters.prm" \
  --set "Seeds=30, 42" --set "Output folder=study" \
  --set "Settings=Reference/Global refinements = 1 & Network/Hidden layers = 10, \
10 & Reference/Adaptive refinements = 1 & Training/Maximal number of iterations \
= 100" "$program" >study.log 2>&1 </dev/null ||
  { fail "derl-study, exit status $?"; cat study.log; }
for row in plate_with_hole two_parameters; do
  check "a row of $row" grep -q \
    "^| $row *| [0-9.e-]* *| .* to .* | .* to .* | .*\(right\|wrong\|tell\)" \
    study/study.md
done
for problem in plate_with_hole two_parameters; do
  summary=study/$problem-42/summary.json
  check "$problem: the seed" grep -q '"seed": 42' $summary
  for norm in l2 h1_seminorm; do
    error=$(figure $summary surrogate relative_${norm}_error)
    check "$problem learns, $norm error $error" \
      holds "0 < ${error:-1} && ${error:-1} < 0.5"
  done
  check "$problem: errors on the screen" \
    grep -q "^| relative_l2_error  .*[0-9] *|$" study/$problem-42/log.txt
done
check "fields" test -s study/plate_with_hole-42/fields_0.pvtu

# other ranks may refine a few other cells
succeed 2 evaluate.log "$prm/plate_with_hole.prm" "${small[@]}" \
  --set "Output folder=evaluate" --evaluate study/plate_with_hole-42/model.json
check "error of the saved model" holds \
  "($(figure evaluate/summary.json surrogate relative_hoop_stress_error) / \
  $(figure study/plate_with_hole-42/summary.json surrogate \
    relative_hoop_stress_error) - 1)^2 < 0.1^2"

# who solves for which parameters does not matter
for groups in 1 2; do
  succeed 2 groups.$groups.log "$prm/two_parameters.prm" "${small[@]}" \
    --set "Groups of ranks=$groups" --set "Output folder=groups.$groups"
done
check "as many samples" test "$(grep n_samples groups.1/summary.json)" = \
  "$(grep n_samples groups.2/summary.json)"
for iteration in 0 10; do
  one=$(loss groups.1/training.csv $iteration)
  two=$(loss groups.2/training.csv $iteration)
  check "loss at iteration $iteration: $one, $two" \
    holds "$one > 0 && ($two / $one - 1)^2 < 1e-6^2"
done

run 2 bad.log "$prm/plate_with_hole.prm" "${small[@]}" \
  --set "Output folder=bad" --set "Training/Terms=initial: value"
check "a status" test $? = 1
check "samples that a problem has not" grep -q "no samples 'initial'" bad.log

finish
