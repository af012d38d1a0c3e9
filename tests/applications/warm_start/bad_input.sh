# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A run without arguments explains itself; mistakes of a user are one message
# and exit status 1 on any number of ranks.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
time_limit=60

succeed 2 explain.log
check "the explanation" grep -q 'Newton' explain.log
check "the default file" grep -q 'Logarithms of the source' warm_start.prm

# bad PHRASE ARGUMENTS...
bad() {
  local phrase=$1 ranks status
  shift
  for ranks in 1 2; do
    run $ranks log "$prm/warm_start.prm" --set "Output folder=out" \
      --set "Solver/Global refinements=2" "$@"
    status=$?
    [ $status -eq 1 ] || fail "exit status $status on $ranks ranks: $*"
    [ "$(grep -c '^Error:' log)" = 1 ] || fail "not one message: $*"
    grep -q -F -- "$phrase" log || fail "no '$phrase' in the message: $*"
  done
}

bad "No entry" --set "Solver/Refinements=3"
bad "two different values" --set "Samples/Exponents=2, 2"
bad "has not converged within 2 steps" --set "Solver/Maximal Newton steps=2"
bad "There is no option --start" --start

finish
