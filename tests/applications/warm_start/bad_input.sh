# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A run without arguments explains itself; mistakes of a user are told.

source "$(dirname "${BASH_SOURCE[0]}")/../bad_input_common.sh"
time_limit=60

succeed 2 explain.log
check "the explanation" grep -q 'Newton' explain.log
check "the default file" grep -q 'Logarithms of the source' warm_start.prm

# The same on a small mesh.
small_bad() {
  local phrase=$1
  shift
  bad "$phrase" "$prm/warm_start.prm" --set "Output folder=out" \
    --set "Solver/Global refinements=2" "$@"
}

small_bad "There is no entry 'Refinements' in the section 'Solver'" \
  --set "Solver/Refinements=3"
small_bad "two different values" --set "Samples/Exponents=2, 2"
small_bad "has not converged within 2 steps" --set "Solver/Maximal Newton steps=2"
small_bad "There is no option --start" --start

finish
