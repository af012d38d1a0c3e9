# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# The scripts that make tables of many runs, shortened; and what they need:
# errors in the course of training, noise, validation, distorted meshes.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
scripts=$(dirname "$prm")
export MPIRUN="${mpiexec[*]:0:${#mpiexec[@]}-1}"
export SEEDS=30

# study NAME ARGUMENTS...: a script, its table in NAME.md
study() {
  local name=$1
  shift
  OUTPUT=$name timeout --kill-after=5 \
    $((200 * ${DERL_TIME_FACTOR:-1})) bash "$scripts/$name.sh" "$program" \
    "$@" >"$name.md" 2>"$name.log" </dev/null && return
  fail "$name.sh, exit status $?"
  cat "$name.log"
}

# The entry in a row (from 1) and column of a table in Markdown.
entry() { # file row column
  awk -F'|' -v row="$2" -v column="$3" '
    NR == row + 2 { gsub(/^ *| *$/, "", $(column + 1)); print $(column + 1) }' \
    "$1"
}

# Errors are measured on the same points by any number of ranks, and the last
# ones are those of the model.
for ranks in 1 2; do
  succeed $ranks history.$ranks.log "$prm/optimizers/derl_self_scaled_broyden.prm" \
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
TIMES="0.5 1.5" INTERVAL=0.1 study error_against_time \
  "$prm/optimizers/derl_self_scaled_broyden.prm" \
  "$prm/optimizers/derl_lbfgs.prm"
check "two methods" test "$(wc -l <error_against_time.md)" = 4
for row in 1 2; do
  early=$(entry error_against_time.md $row 2)
  late=$(entry error_against_time.md $row 3)
  check "the error falls: $early, $late" \
    holds "0 < ${late%% *} && ${late%% *} <= ${early%% *}"
  check "the run takes its time" test \
    "$(entry error_against_time.md $row 5)" = "time limit"
done
if command -v gnuplot >/dev/null; then
  check "a picture" test -s error_against_time/error_against_time.png
fi

DEGREES=2 REFINEMENTS=3 DISTORTIONS=0.2 REACTIONS=0 study fe_study \
  "$prm/fe_study.prm"
check "an equation, an element, a mesh" \
  grep -q '^| Poisson | Q2 | 1/4 | 0.2 | ' fe_study.md
value=$(entry fe_study.md 1 7)
check "the surrogate is better than what it learned from: $value" \
  holds "${value%% *} > 1.5"

study noise_study "$prm/noise.prm"
cat noise_study.md
check "validation stops" test "$(entry noise_study.md 1 8)" = validation

finish
