# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A run without arguments explains itself; mistakes of a user are one message
# and exit status 1 on one and on two ranks, and leave no results.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
time_limit=60

succeed 2 explain.log
check "the explanation" grep -q 'Navier-Stokes' explain.log
check "the default file" grep -q 'Mapping degree' cylinder_flow.prm

# bad PHRASE ARGUMENTS...
bad() {
  local phrase=$1 ranks status
  shift
  for ranks in 1 2; do
    run $ranks log "$prm/cylinder_flow.prm" --set "Output folder=out" \
      --set "Reference/Velocity degree=2" \
      --set "Reference/Global refinements=0" \
      --set "Reference/Adaptive refinements=0" "$@"
    status=$?
    [ $status -eq 1 ] || fail "exit status $status on $ranks ranks: $*"
    [ "$(grep -c '^Error:' log)" = 1 ] || fail "not one message: $*"
    grep -q -F -- "$phrase" log || fail "no '$phrase' in the message: $*"
    check "no summary: $*" test ! -e out/summary.json
  done
}

bad "Dimension" --set "Dimension=3"
bad "Velocity degree" --set "Reference/Velocity degree=1"
bad "has not converged within 2 steps" --set "Reference/Maximal Newton steps=2"
bad "must be positive" --set "Reference/Newton absolute tolerance=0"
bad "Weighting" --set "Samples/Weighting=face"
bad "Terms" --set "Training/Terms=vorticity: 1"
bad "There is no option --refine" --refine
bad "missing.json" --evaluate missing.json

printf garbage >garbage.json
bad "garbage.json" --evaluate garbage.json

finish
