# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# All modes learn the beginning of the motion, on one rank as on three; the
# reference is what it promises; all parameter files of the paper's setting can
# be read.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

small=(--set "Output folder=out" --set "Reference/Final time=0.2"
  --set "Reference/Intervals of time=4" --set "Evaluation/Times=2"
  --set "Samples/Number=2500" --set "Reference/Cells per direction=12")

# learns FILE RANKS FIGURE LIMIT [ITERATIONS [OPTION...]]
learns() {
  succeed "$2" log.txt "$prm/$1.prm" "${small[@]}" \
    --set "Network/Hidden layers=15, 15" \
    --set "Training/Maximal number of iterations=${5:-300}" "${@:6}"
  error=$(figure out/summary.json surrogate "$3")
  echo "$1: $3 is $error"
  check "$1: $3 is $error" holds "0 < $error && $error < $4"
}

for ranks in 1 3; do
  learns derl $ranks final_error 0.1 500
  error=$(figure out/summary.json reference final_error)
  check "the reference's error is $error" holds "0.002 < $error && $error < 0.01"
  error=$(figure out/summary.json reference mass_error)
  check "its mass error is $error" holds "0 < $error && $error < 1e-5"
done
check "errors at each time" test "$(wc -l <out/errors.csv)" -eq 4
check "pictures" test -s out/density.png -a -s out/errors.png
learns sob 1 final_error 0.1
learns outl 1 final_error 0.3
learns hesl 1 final_error 0.25 1000
learns derl_hesl 1 final_error 0.15
learns sob_hesl 1 final_error 0.2
learns derl_pinn 1 final_error 0.3 700
cp out/model.json before.json
learns fine_tuning/derl_pinn 1 residual_rms \
  "0.8 * $(figure out/summary.json surrogate residual_rms)" 300 \
  --resume before.json
learns outl_pinn 1 final_error 0.55
learns pinn 1 final_error 0.65

for file in "$prm"/paper/*.prm; do
  succeed 1 log.txt "$file" "${small[@]}" --set "Network/Hidden layers=5" \
    --set "Training/Maximal number of iterations=1"
done
finish
