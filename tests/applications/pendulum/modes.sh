# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# All modes learn unseen motions, and the energies imply them; sensitivities
# help; ranks agree.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

short=(--set "Training/Maximal time=0" --set "Network/Hidden layers=15, 15"
  --set "Samples/Times=26" --set "Samples/Starts=1"
  --set "Samples/Reflection=false")

# learn FILE ITERATIONS [SETTING...]: into the folder of the file's name
learn() {
  local name=$1 settings=()
  local iterations=$2
  shift 2
  for setting in "$@"; do
    settings+=(--set "$setting")
  done
  succeed 1 log.txt "$prm/$name.prm" "${short[@]}" \
    --set "Output folder=$name" \
    --set "Training/Maximal number of iterations=$iterations" \
    ${settings[@]+"${settings[@]}"}
}

# below FOLDER FIGURE LIMIT
below() {
  local value
  value=$(figure "$1/summary.json" surrogate "$2")
  echo "$1: $2 $value"
  check "$1: $2 is $value" holds "0 < $value && $value < $3"
}

for name in derl outl sob hesl derl_hesl sob_hesl pinn outl_pinn derl_pinn \
  derl_sensitivities; do
  learn $name 500
  below $name relative_l2_error 0.05
  below $name trained_field_rms 0.08
  below $name consistency_rms 0.3
done
for name in hamiltonian lagrangian; do
  learn $name 500 "Damping=0"
  below $name relative_l2_error 2e-3
  below $name field_rms 2e-2
  below $name energy_error 1e-3
done
for name in derl hamiltonian; do
  for key in relative_l2_error energy_error; do
    error=$(figure $name/summary.json reference $key)
    check "$name: $key of the reference is $error" \
      holds "0 < $error && $error < 1e-12"
  done
done
check "the picture" test -s derl/pendulum.png

# close X Y TOLERANCE: relative to Y
close() {
  [ -n "$1" ] && [ -n "$2" ] && holds "($1 - $2)^2 <= ($3)^2 * ($2)^2"
}

for n in 2 3; do
  succeed $n log.txt "$prm/derl.prm" "${short[@]}" --set "Output folder=$n" \
    --set "Training/Maximal number of iterations=5"
  check "loss on $n ranks" \
    close "$(loss $n/training.csv)" "$(loss derl/training.csv 5)" 1e-8
  succeed $n log.txt "$prm/derl.prm" "${short[@]}" --set "Output folder=$n" \
    --evaluate derl/model.json
  for key in relative_l2_error residual_rms field_max consistency_rms; do
    check "$key on $n ranks" close "$(figure $n/summary.json surrogate $key)" \
      "$(figure derl/summary.json surrogate $key)" 1e-6
  done
done

# of 26 times 6 are in the gap; the states after it are additional
learn sob 1 "Samples/Gap=true"
check "samples around the gap" \
  grep -q "\"n_samples\": $((30 * 20 + 30 + 30 + 500))," sob/summary.json

# mini-batches of the paper
succeed 1 log.txt "$prm/paper/damped/derl.prm" --set "Output folder=paper" \
  --set "Training/Maximal number of iterations=470"
check "all samples of the paper" \
  grep -q "\"n_samples\": $((2 * 30 * 1001))," paper/summary.json
below paper relative_l2_error 0.5

# bad input
run 1 bad.txt "$prm/derl.prm" --set "Samples/Starts=0" && fail "no starts"
check "the wrong entry is named" grep -q "Starts" bad.txt
run 2 bad.txt "$prm/hamiltonian.prm" --evaluate derl/model.json &&
  fail "a motion is taken for an energy"
check "the wrong model is named" grep -q "derl/model.json" bad.txt
finish
