# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# All modes learn the solution and the derivatives that they are about, on one
# rank as on three; the reference is what it promises; all parameter files of the
# paper's setting can be read.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

small=(--set "Output folder=out" --set "Reference/Steps=50"
  --set "Reference/Fourier substeps=24" --set "Reference/Fourier modes=40"
  --set "Reference/Cells=16")

# learns FILE RANKS FIGURE LIMIT [ITERATIONS]
learns() {
  succeed "$2" log.txt "$prm/$1.prm" "${small[@]}" \
    --set "Network/Hidden layers=10, 10" --set "Samples/Number of points=400" \
    --set "Training/Maximal number of iterations=${5:-150}"
  error=$(figure out/summary.json surrogate "$3")
  check "$1: $3 is $error" holds "0 < $error && $error < $4"
}

for ranks in 1 3; do
  learns derl $ranks relative_h1_seminorm_error 0.15
done
error=$(figure out/summary.json reference relative_l2_error)
check "the reference's error is $error" holds "0 < $error && $error < 1e-4"
check "errors at each time" test "$(wc -l <out/errors.csv)" -eq 52
check "pictures" test -s out/solution.png -a -s out/errors.png
learns outl 1 relative_l2_error 0.12
learns sob 1 relative_l2_error 0.06
learns hesl 1 relative_u_xx_error 0.15
learns derl_hesl 1 relative_u_xx_error 0.15
learns sob_hesl 1 relative_u_xx_error 0.15
learns derl_third 1 relative_u_xxx_error 0.15
learns soft 1 relative_h1_seminorm_error 0.2
learns outl_pinn 1 relative_l2_error 0.2
learns pinn 1 relative_l2_error 0.5 400
learns teacher/derl 1 relative_h1_seminorm_error 0.15

for file in "$prm"/paper/*.prm; do
  succeed 1 log.txt "$file" "${small[@]}" --set "Network/Hidden layers=5" \
    --set "Training/Maximal number of iterations=1"
done
finish
