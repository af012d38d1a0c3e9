# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# What the main job does not use: other terms, three dimensions, the other
# activations and optimizers.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

# Derivatives fix the solution up to a constant: without the boundary term the
# gradient is learned as well, and the value is not.
for mode in derl derl_no_boundary; do
  succeed 2 $mode.log "$prm/$mode.prm" --set "Output folder=$mode" \
    --set "Reference/Global refinements=3" \
    --set "Training/Maximal number of iterations=300"
  value=$(figure $mode/summary.json surrogate relative_l2_error)
  gradient=$(figure $mode/summary.json surrogate relative_h1_seminorm_error)
  echo "$mode: relative error $value, of the gradient $gradient"
  check "$mode: the gradient is learned" holds "${gradient:-1} < 0.1"
  [ $mode = derl ] && with_boundary=$value
done
check "without boundary values the constant is free" \
  holds "${value:-0} > 10 * ${with_boundary:-1}"

# learns NAME RANKS FACTOR ARGUMENTS...: the loss falls by the factor
learns() {
  local name=$1 ranks=$2 factor=$3 first last
  shift 3
  succeed "$ranks" "$name.log" "$prm/allen_cahn.prm" \
    --set "Output folder=$name" --set "Reference/Global refinements=3" "$@"
  # of all samples: that of a mini-batch is in the log
  first=$(loss "$name/training.csv" 0)
  last=$(loss "$name/training.csv")
  echo "$name: loss $first -> $last"
  check "$name learns" holds "${last:-1} < $factor * ${first:-0}"
  check "$name writes its results" test -s "$name/summary.json"
}

# Where samples come from
for samples in "Source=exact" "Difference step=0.1" \
  "Source=exact Difference step=0.01 Difference order=1" "Noise=0.01"; do
  settings=()
  while read -r setting; do
    settings+=(--set "Samples/$setting")
  done < <(sed 's/ \([A-Z]\)/\n\1/g' <<<"$samples")
  for ranks in 1 3; do
    succeed $ranks samples.log "$prm/outl_pinn.prm" \
      --set "Output folder=samples.$ranks" "${settings[@]}" \
      --set "Training/Terms=interior: gradient; interior: equation; boundary: value" \
      --set "Reference/Global refinements=3" \
      --set "Training/Maximal number of iterations=2"
  done
  check "$samples: as many on all ranks" test \
    "$(grep n_samples samples.1/summary.json)" = \
    "$(grep n_samples samples.3/summary.json)"
  check "$samples: the same samples" test \
    "$(loss samples.1/training.csv 1 | cut -c 1-10)" = \
    "$(loss samples.3/training.csv 1 | cut -c 1-10)"
done

# Central differences multiply the derivatives by sin(pi h) / (pi h); noise of
# the values is added to their error.
for noise in 0 0.001; do
  succeed 2 noise.log "$prm/derl.prm" --set "Output folder=noise.$noise" \
    --set "Samples/Source=exact" --set "Samples/Noise=$noise" \
    --set "Samples/Difference step=0.05" --set "Samples/Difference order=2" \
    --set "Reference/Global refinements=2" \
    --set "Training/Maximal number of iterations=1"
  error=$(figure noise.$noise/summary.json samples relative_h1_seminorm_error)
  expected=$(awk -v n=$noise 'BEGIN { x = 0.05 * 3.14159265358979
    print sqrt((1 - sin(x) / x)^2 + (n / sqrt(2) / 0.05 / 1.5708)^2) }')
  check "differences with noise $noise have the error $error, not $expected" \
    holds "($error / $expected - 1)^2 < 0.03^2"
done

# Round-off of exact boundary values is not taken for the size of the solution.
succeed 1 pinn.log "$prm/pinn.prm" --set "Output folder=pinn" \
  --set "Samples/Source=exact" --set "Reference/Global refinements=3" \
  --set "Training/Maximal number of iterations=200"
check "an equation alone is learned from exact samples" \
  holds "$(figure pinn/summary.json surrogate relative_l2_error) < 0.1"

iterations="Training/Maximal number of iterations"
learns 3d 2 0.99 --set Dimension=3 --set "Reference/Global refinements=2" \
  --set "Network/Hidden layers=8, 8" --set "$iterations=20"
check "3d has three coordinates" grep -q '"z"' 3d/model.json
check "3d has a finite element solution" \
  holds "$(figure 3d/summary.json reference relative_l2_error) < 0.1"
check "3d writes no picture of the plane" test ! -e 3d/errors.png
learns sine 1 0.9 --set "Network/Activation=sine" --set "$iterations=60"
learns softplus 1 0.9 --set "Network/Activation=softplus" \
  --set "Network/Softplus beta=4" --set "$iterations=60"
learns adam 2 0.99 --set "Training/Method=Adam" \
  --set "Training/Batch size=100" --set "Training/Adam/Learning rate=0.01" \
  --set "$iterations=60"
learns lbfgs 2 0.9 --set "Training/Method=L-BFGS" \
  --set "Training/L-BFGS/Step rule=strong Wolfe" --set "$iterations=60"
learns adaptive 3 0.9 --set "Reference/Adaptive refinements=1" \
  --set "$iterations=60"

finish
