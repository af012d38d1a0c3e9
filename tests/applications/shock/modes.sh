# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# All modes learn a wide shock on a coarse mesh; points follow the mesh or the
# residual, and samples have factors if that is asked for.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

learn() { # RANKS FOLDER FILE OPTIONS...
  local ranks=$1 out=$2 file=$3
  shift 3
  succeed $ranks $out.log "$file" --set "Output folder=$out" \
    --set "Reference/Viscosity=0.05" --set "Reference/Global refinements=3" \
    --set "Reference/Adaptive refinements=1" --set "Network/Hidden layers=10, 10" \
    --set "Samples/Number of points=200" \
    --set "Training/Maximal number of iterations=250" "$@"
  error=$(figure $out/summary.json surrogate relative_l2_error)
  reference=$(figure $out/summary.json reference relative_l2_error)
  echo "$out: error $error, of the finite element solution $reference"
  check "$out: the solution" holds "0 < $reference && $reference < 3e-4"
  check "$out: the surrogate" holds "0 < $error && $error < 0.01"
}

for mode in derl outl sob pinn; do
  learn 1 $mode "$prm/$mode.prm"
done
for points in uniform residual; do
  for ranks in 1 3; do
    learn $ranks $points.$ranks "$prm/derl.prm" --set "Samples/Points=$points"
  done
done
# those by the residual depend on the surrogate, and thus on its round-off
check "the same samples on all ranks" test \
  "$(grep n_samples uniform.1/summary.json) $(loss uniform.1/training.csv 1 | cut -c 1-8)" = \
  "$(grep n_samples uniform.3/summary.json) $(loss uniform.3/training.csv 1 | cut -c 1-8)"
learn 2 variances "$prm/derl.prm" --set "Samples/Use variances=true"
check "factors change what is learned" test \
  "$(figure variances/summary.json surrogate relative_l2_error)" != \
  "$(figure derl/summary.json surrogate relative_l2_error)"
finish
