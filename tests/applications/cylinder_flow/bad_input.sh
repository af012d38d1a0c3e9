# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A run without arguments explains itself; mistakes of a user are told.

source "$(dirname "${BASH_SOURCE[0]}")/../bad_input_common.sh"
time_limit=60

succeed 2 explain.log
check "the explanation" grep -q 'Navier-Stokes' explain.log
check "the default file" grep -q 'Mapping degree' cylinder_flow.prm

# The same on a small mesh.
small_bad() {
  local phrase=$1
  shift
  bad "$phrase" "$prm/cylinder_flow.prm" --set "Output folder=out" \
    --set "Reference/Velocity degree=2" \
    --set "Reference/Global refinements=0" \
    --set "Reference/Adaptive refinements=0" "$@"
}

small_bad "Dimension" --set "Dimension=3"
small_bad "Velocity degree" --set "Reference/Velocity degree=1"
small_bad "has not converged within 2 steps" --set "Reference/Maximal Newton steps=2"
small_bad "must be positive" --set "Reference/Newton absolute tolerance=0"
small_bad "Weighting" --set "Samples/Weighting=face"
small_bad "no samples 'vorticity'" --set "Training/Terms=vorticity: 1"
small_bad "There is no option --refine" --refine
small_bad "missing.json" --evaluate missing.json

printf garbage >garbage.json
small_bad "garbage.json" --evaluate garbage.json

finish
