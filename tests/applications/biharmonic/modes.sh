# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# All modes learn the deflection; derivatives up to the third order as well as
# values, on one rank as on two.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

for file in "$prm"/*.prm; do
  for ranks in 1 2; do
    iterations=200 largest=0.02
    # fourth derivatives are slow
    [[ $file != *pinn* ]] || { iterations=60 largest=0.3; }
    succeed $ranks log.txt "$file" --set "Output folder=out" \
      --set "Reference/Global refinements=3" --set "Network/Hidden layers=10, 10" \
      --set "Training/Maximal number of iterations=$iterations"
    error=$(figure out/summary.json surrogate relative_l2_error)
    residual=$(figure out/summary.json surrogate residual_rms)
    echo "$file: error $error, residual $residual"
    check "$file has the error $error" holds "0 < $error && $error < $largest"
    check "and the residual $residual" holds "0 < $residual && $residual < 2"
  done
done

# exact samples are the same on any number of ranks
for ranks in 1 3; do
  succeed $ranks log.txt "$prm/derl_hesl.prm" --set "Output folder=exact.$ranks" \
    --set "Samples/Source=exact" --set "Reference/Global refinements=1" \
    --set "Training/Maximal number of iterations=2"
done
check "as many" test "$(grep n_samples exact.1/summary.json)" = \
  "$(grep n_samples exact.3/summary.json)"
check "the same loss" test "$(loss exact.1/training.csv 1 | cut -c 1-10)" = \
  "$(loss exact.3/training.csv 1 | cut -c 1-10)"
finish
