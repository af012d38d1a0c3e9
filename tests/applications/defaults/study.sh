# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# The study of default options, shortened: what is compared is there, the
# surrogates learn, a study that was killed goes on, saved models are measured.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

export MPIRUN="${mpiexec[*]:0:${#mpiexec[@]}-1}"
export SEEDS="30 42" PROBLEMS="plate_with_hole two_parameters" \
  OUTPUT=study RANKS=1
small=(--set "Reference/Global refinements=1"
  --set "Network/Hidden layers=10, 10"
  --set "Reference/Adaptive refinements=1"
  --set "Training/Maximal number of iterations=100")

study() { # table
  timeout --kill-after=5 200 bash "$(dirname "$prm")/study.sh" "$program" \
    "$prm" "${small[@]}" >"$1" 2>study.log </dev/null && return
  fail "study.sh, exit status $?"
  cat study.log
}

study first.md
for row in "plate_with_hole | l2" "plate_with_hole | hoop_stress" \
  "two_parameters | l2"; do
  check "a row of $row" grep -q \
    "^| $row | [0-9.e-]* | .* to .* | .* to .* | [+=-][+=-] |" first.md
done
for problem in plate_with_hole two_parameters; do
  check "a row with verdicts of $problem" grep -q "^| $problem | \
h1_seminorm | [0-9.e-]* | .* to .* | .* to .* | [+=-][+=?-] [+=-][+=?-] |" \
    first.md
done
check "four verdicts are counted" test \
  "$(tail -n 1 first.md | tr -dc '0-9 ' | awk '{ print $1 + $2 + $4 }')" = 4
for problem in plate_with_hole two_parameters; do
  summary=study/$problem-42/summary.json
  check "$problem: the seed" grep -q '"seed": 42' $summary
  for norm in l2 h1_seminorm; do
    error=$(figure $summary surrogate relative_${norm}_error)
    check "$problem learns, $norm error $error" \
      holds "0 < ${error:-1} && ${error:-1} < 0.5"
  done
  check "$problem: errors on the screen" \
    grep -q "^relative_l2_error  .*[0-9]$" study/$problem-42/log.txt
done
check "fields" test -s study/plate_with_hole-42/fields_0.pvtu

# what is complete is not run again, what is not is
touch -d "2000-01-01" study/*/summary.json
rm study/two_parameters-42/summary.json
study second.md
check "three runs are kept" test \
  "$(find study -name summary.json -not -newermt 2001-01-01 | wc -l)" = 3
check "the fourth is repeated" test -s study/two_parameters-42/summary.json
check "the same errors" test "$(cut -d'|' -f 2-7 first.md)" = \
  "$(cut -d'|' -f 2-7 second.md)"

# other ranks may refine a few other cells
succeed 2 evaluate.log "$prm/plate_with_hole.prm" "${small[@]}" \
  --set "Output folder=evaluate" --evaluate study/plate_with_hole-42/model.json
check "error of the saved model" holds \
  "($(figure evaluate/summary.json surrogate relative_hoop_stress_error) / \
  $(figure study/plate_with_hole-42/summary.json surrogate \
    relative_hoop_stress_error) - 1)^2 < 0.1^2"

run 2 bad.log "$prm/plate_with_hole.prm" "${small[@]}" \
  --set "Output folder=bad" --set "Training/Terms=initial: value"
check "a status" test $? = 1
check "samples that a problem has not" grep -q "no samples 'initial'" bad.log

finish
