# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# The finite element solution converges as theory says: with order p+1 in the
# value and p in the gradient for elements of degree p, and with the order of
# the difference formula in time (value and time derivative).

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

common=("$prm/heat_series.prm"
  --set "Reference/Extra refinements=0"
  --set "Network/Hidden layers=5"
  --set "Evaluation/Frames=0")

# a model to evaluate: what it is does not matter
succeed 1 model.log "${common[@]}" --set "Output folder=model" \
  --set "Reference/Final time=0.02" --set "Reference/Global refinements=2" \
  --set "Training/Maximal number of iterations=1"

# measure FOLDER SETTING...
measure() {
  local name=$1
  shift
  local settings=()
  for setting in "$@"; do
    settings+=(--set "Reference/$setting")
  done
  succeed 2 "$name.log" "${common[@]}" --set "Output folder=$name" \
    "${settings[@]}" --evaluate model/model.json
}

# order FOLDER FOLDER KEY: of two runs, one with halved steps
order() {
  awk "BEGIN { print log($(figure $1/summary.json reference $3) / \
    $(figure $2/summary.json reference $3)) / log(2) }"
}

# expect WHAT ORDER EXPECTED TOLERANCE
expect() {
  echo "$1: order $2, expected $3"
  check "$1" holds "$2 > $3 - $4 && $2 < $3 + 2 * $4"
}

for degree in 1 2; do
  for refinements in 3 4; do
    measure "h_${degree}_$refinements" "Finite element degree=$degree" \
      "Global refinements=$refinements" "Final time=0.05" "Time step=0.0025"
  done
  expect "Q$degree value" \
    "$(order h_${degree}_3 h_${degree}_4 relative_l2_error)" $((degree + 1)) 0.3
  expect "Q$degree gradient" \
    "$(order h_${degree}_3 h_${degree}_4 relative_h1_seminorm_error)" $degree 0.3
done

# Steps at which the error in space does not show
for plan in "1 0.01 0.005" "2 0.01 0.005" "3 0.02 0.01"; do
  read -r order coarse fine <<<"$plan"
  for step in $coarse $fine; do
    measure "t_${order}_$step" "Finite element degree=4" \
      "Global refinements=3" "Order in time=$order" "Final time=0.25" \
      "Time step=$step" "Width=0.8"
  done
  expect "BDF$order value" \
    "$(order t_${order}_$coarse t_${order}_$fine relative_l2_error)" $order 0.3
  expect "BDF$order rate" \
    "$(order t_${order}_$coarse t_${order}_$fine relative_rate_error)" $order 0.3
done

finish
