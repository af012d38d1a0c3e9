# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A teacher is made once and then read; students come near it; mass is conserved
# to round-off by all, trained or not.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

short=(--set "Teacher=teachers/new.json" --set "Teacher iterations=60"
  --set "Number of points=100" --set "Network/Hidden layers=10, 10"
  --set "Training/Maximal number of iterations=100")
ranks=2
for mode in derl outl sob_hesl outl_pinn; do
  succeed $ranks $mode.txt "$prm/$mode.prm" "${short[@]}" \
    --set "Output folder=$mode"
  error=$(figure $mode/summary.json surrogate relative_l2_error)
  check "$mode has the error $error" holds "0 < $error && $error < 0.2"
  divergence=$(figure $mode/summary.json surrogate divergence_rms)
  check "$mode has the divergence $divergence" \
    holds "0 <= $divergence && $divergence < 1e-13"
  ranks=1
done
check "the first run made the teacher" grep -q "Training the teacher" derl.txt
check "the others found it" test "$(cat outl.txt sob_hesl.txt outl_pinn.txt |
  grep -c "Training the teacher")" = 0
finish
