# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# All modes learn the flow, from the finite element solution as from the exact
# one, on any number of ranks; stream functions have no divergence; and a saved
# model is what was trained.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

coarse=(--set "Reference/Global refinements=3"
  --set "Samples/Random points=400"
  --set "Training/Maximal number of iterations=300")

# below FIGURE LIMIT: that of the surrogate in out/summary.json
below() {
  local value
  value=$(figure out/summary.json surrogate "$1")
  echo "$mode: $1 $value"
  check "$mode: $1 is below $2" holds "0 < ${value:-0} && ${value:-1} < $2"
}

for file in "$prm"/*.prm; do
  mode=$(basename "$file" .prm)
  succeed 1 log.txt "$file" "${coarse[@]}" --set "Output folder=out"
  below relative_l2_error 0.03
  below velocity_gradient_error 0.03
  below vorticity_error 0.03
done
for picture in loss.png errors.png vorticity.png; do
  check "$picture is there" test -s out/$picture || ! command -v gnuplot
done

# on two ranks, and on three, some of which have no cells
for ranks in 2 3; do
  mode="derl on $ranks ranks"
  succeed $ranks log.txt "$prm/derl.prm" "${coarse[@]}" \
    --set "Output folder=out" --set "Samples/Source=exact" \
    --set "Reference/Global refinements=1"
  below relative_l2_error 0.02
done

# the settings of the paper but for their size: the pressure is given on the
# boundary, and keeps the mean value that it learned
mode=paper
succeed 1 log.txt "$prm/paper/derl.prm" "${coarse[@]}" \
  --set "Output folder=out" --set "Network/Hidden layers=10"
below relative_l2_error 0.3

mode="stream function"
succeed 1 log.txt "$prm/derl.prm" "${coarse[@]}" --set "Output folder=stream" \
  --set "Network/Stream function=true"
succeed 2 log.txt "$prm/derl.prm" "${coarse[@]}" --set "Output folder=out" \
  --set "Network/Stream function=true" --evaluate stream/model.json
for folder in stream out; do
  divergence=$(figure $folder/summary.json surrogate divergence_rms)
  check "divergence of $folder: $divergence" holds \
    "${divergence:-1} < 1e-12"
done
below relative_l2_error 0.05
for key in relative_l2_error_p velocity_gradient_error residual_rms; do
  check "$key of the saved model" holds \
    "($(figure out/summary.json surrogate $key) - \
      $(figure stream/summary.json surrogate $key))^2 < \
      1e-12 * $(figure stream/summary.json surrogate $key)^2"
done

finish
