# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# The studies that are shipped, shortened; and what they need:
# errors in the course of training, noise, validation, distorted meshes.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
study_program=$(dirname "$program")/../tools/derl-study

# study NAME OPTIONS...: one that is shipped, with one seed
study() {
  local name=$1
  shift
  timeout --kill-after=5 $((200 * ${DERL_TIME_FACTOR:-1})) "$study_program" \
    "$prm/studies/$name.prm" --set "Output folder=$name" --set "Seeds=30" "$@" \
    "${mpiexec[@]}" 1 "$program" >"$name.log" 2>&1 </dev/null && return
  fail "the study $name, exit status $?"
  cat "$name.log"
}

# The entry in a row (from 1) and column of a table in Markdown.
entry() { # study row column
  awk -F'|' -v row="$2" -v column="$3" '
    NR == row + 2 { gsub(/^ *| *$/, "", $(column + 1)); print $(column + 1) }' \
    "$1/study.md"
}

# Errors are measured on the same points by any number of ranks, and the last
# ones are those of the model.
for ranks in 1 2; do
  succeed $ranks history.$ranks.log "$prm/exact_derl.prm" \
    --set "Output folder=history.$ranks" --set "Evaluation/Error interval=1e-6" \
    --set "Training/Maximal number of iterations=60" \
    --set "Reference/Global refinements=5"
  errors=history.$ranks/errors.csv
  check "columns" test "$(head -n 1 $errors)" = \
    "iteration,seconds,relative_l2_error,relative_h1_seminorm_error"
  check "a line per iteration" test "$(wc -l <$errors)" = 62
  for key in relative_l2_error relative_h1_seminorm_error; do
    of_model=$(figure history.$ranks/summary.json surrogate $key)
    of_history=$(loss $errors 60 $key)
    check "$key of the model, $of_model, is the last, $of_history" \
      holds "($of_model / $of_history - 1)^2 < 0.1^2"
  done
done
for iteration in 0 20; do
  check "errors do not depend on the ranks" test \
    "$(loss history.1/errors.csv $iteration relative_l2_error | cut -c 1-6)" = \
    "$(loss history.2/errors.csv $iteration relative_l2_error | cut -c 1-6)"
done

# Tables
study optimizers \
  --set "Parameter files=../derl.prm" \
  --set "Settings=Training/Method = L-BFGS | auto & Samples/Source = exact & \
Evaluation/Error interval = 0.1 & Training/Maximal time = 1.5" \
  --set "Columns=early: errors.csv/relative_l2_error at seconds 0.5 | \
late: errors.csv/relative_l2_error at seconds 1.5 | stops: stop_reason"
check "two methods" test "$(wc -l <optimizers/study.md)" = 4
for row in 1 2; do
  early=$(entry optimizers $row 3)
  late=$(entry optimizers $row 4)
  check "the error falls: $early, $late" holds "0 < $late && $late <= $early"
  check "the run takes its time" test "$(entry optimizers $row 5)" = "time limit"
done
if command -v gnuplot >/dev/null; then
  check "a picture" test -s optimizers/study.png
fi

study fe --set "Settings=Reference/Reaction = 0 & Reference/Distortion = 0.2 & \
Reference/Global refinements = 3 & Training/Validation fraction = 0.1"
value=$(entry fe 1 4)
check "the surrogate is better than what it learned from: $value" \
  holds "$value > 1.5"

study validation
cat validation/study.md
check "validation stops" test "$(entry validation 1 7)" = validation

# The bias of differences is learned, and nothing else.
study steps --set "Parameter files=../derl.prm" \
  --set "Settings=Samples/Source = exact & Samples/Difference step = 0.1 & \
Training/Maximal number of iterations = 700 & \
Reference/Global refinements = 4" --set "Columns=value: surrogate/relative_l2_error"
value=$(entry steps 1 2)
bias=$(awk 'BEGIN { x = atan2(0, -1) * 0.1; print 1 - sin(x) / x }')
check "central differences: $value, in theory $bias" \
  holds "($value / $bias - 1)^2 < 0.02^2"

finish
