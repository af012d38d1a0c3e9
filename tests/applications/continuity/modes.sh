# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# All modes learn the beginning of the motion, on one rank as on three; the
# reference and all figures are there, and the finite volume scheme is as
# diffusive as it is known to be; all parameter files of the paper's setting can
# be read.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

small=(--set "Output folder=out" --set "Reference/Final time=0.4"
  --set "Reference/Intervals of time=8" --set "Evaluation/Times=2"
  --set "Samples/Number=1500" --set "Reference/Cells per direction=12")

# learns FILE RANKS FIGURE LIMIT
learns() {
  succeed "$2" log.txt "$prm/$1.prm" "${small[@]}" \
    --set "Network/Hidden layers=15, 15" \
    --set "Training/Maximal number of iterations=500"
  error=$(figure out/summary.json surrogate "$3")
  check "$1: $3 is $error" holds "0 < $error && $error < $4"
}

for ranks in 1 3; do
  learns derl $ranks final_error 0.3
  error=$(figure out/summary.json reference final_error)
  check "the reference's error is $error" holds "0.002 < $error && $error < 0.01"
  error=$(figure out/summary.json reference mass_error)
  check "its mass error is $error" holds "0 < $error && $error < 1e-5"
done
check "errors at each time" test "$(wc -l <out/errors.csv)" -eq 4
check "pictures" test -s out/density.png -a -s out/errors.png
for mode in outl sob sob_hesl outl_pinn derl_pinn pinn; do
  learns $mode 1 final_error 0.4
done
# second derivatives of this reference are too inaccurate to be learned from
for mode in hesl derl_hesl; do
  learns $mode 1 relative_l2_error 100
done

for file in "$prm"/paper/*.prm; do
  succeed 1 log.txt "$file" "${small[@]}" --set "Network/Hidden layers=5" \
    --set "Training/Maximal number of iterations=1"
done
finish
