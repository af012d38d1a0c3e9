# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A short run on 1, 2 and 3 ranks: all files are there, the number of samples
# stays within its bound, all ranks see the same, and the surrogate learns.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

job=("$prm/heat_series.prm"
  --set "Reference/Final time=0.1"
  --set "Reference/Time step=0.02"
  --set "Reference/Order in time=2"
  --set "Reference/Global refinements=3"
  --set "Samples/Maximal number=900"
  --set "Samples/Maximal number at the boundary=200"
  --set "Samples/Number at the initial time=150"
  --set "Network/Hidden layers=10, 10"
  --set "Training/Maximal number of iterations=150"
  --set "Evaluation/Frames=1")

for n in 1 2 3; do
  succeed $n $n.log "${job[@]}" --set "Output folder=$n"
  for file in summary.json training.csv model.json errors.csv \
    frame_1/fields_0.pvtu; do
    check "$n/$file is there" test -s $n/$file
  done
  for fact in "\"n_ranks\": $n" '"n_samples": 1250' '"name": "domain gradient"'; do
    check "$n/summary.json says $fact" grep -q "$fact" $n/summary.json
  done
  check "the loss decreases" \
    holds "$(loss $n/training.csv) < 0.1 * $(loss $n/training.csv 0)"
done

# close X Y TOLERANCE: relative to Y
close() {
  [ -n "$1" ] && [ -n "$2" ] &&
    holds "($1 - $2)^2 <= ($3)^2 * ($2)^2"
}

# Solvers of linear systems stop at a tolerance, so do the samples differ.
for n in 2 3; do
  for iteration in 0 1 2 3 4 5; do
    check "loss at iteration $iteration on 1 and $n ranks" close \
      "$(loss $n/training.csv $iteration)" \
      "$(loss 1/training.csv $iteration)" 1e-6
  done
  check "error of the reference on $n ranks" close \
    "$(figure $n/summary.json reference relative_rate_error)" \
    "$(figure 1/summary.json reference relative_rate_error)" 1e-5
done

# a saved model is measured, not trained
succeed 2 evaluate.log "${job[@]}" --set "Output folder=evaluate" \
  --evaluate 1/model.json
check "error of the saved model" close \
  "$(figure evaluate/summary.json surrogate relative_l2_error)" \
  "$(figure 1/summary.json surrogate relative_l2_error)" 1e-5
check "--evaluate writes no training.csv" test ! -e evaluate/training.csv

# without arguments the program explains itself
(cd "$folder" && run 1 explain.log) || fail "no arguments"
check "an annotated file" test -s heat_series.prm

# bad options
run 2 bad.log "${job[@]}" --set "Reference/Order in time=4" &&
  fail "an order above three is accepted"
check "the wrong option is named" grep -q "Order in time" bad.log

finish
