# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A short training on a coarse mesh: files and figures are there, the same on
# all numbers of ranks at first, the surrogate is near its reference, and a
# saved model is what was trained.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

job=("$prm/cylinder_flow.prm"
  --set "Reference/Velocity degree=3"
  --set "Reference/Global refinements=0"
  --set "Reference/Adaptive refinements=0"
  --set "Samples/Gauss points per direction=3"
  --set "Network/Hidden layers=16, 16"
  --set "Training/Maximal number of iterations=300"
  --set "Evaluation/Figures interval=0.5")

# close X Y TOLERANCE: relative to Y
close() {
  [ -n "$1" ] && [ -n "$2" ] &&
    holds "($1 - $2)^2 <= ($3)^2 * ($2)^2"
}

for n in 1 2 3; do
  iterations=()
  [ $n = 2 ] ||
    iterations=(--set "Training/Maximal number of iterations=5")
  succeed $n $n.log "${job[@]}" --set "Output folder=$n" \
    ${iterations[@]+"${iterations[@]}"}
  for file in summary.json training.csv figures.csv model.json fields_0.pvtu; do
    check "$n/$file is there" test -s $n/$file
  done
  check "all numbers of $n/summary.json are finite" test -z \
    "$(grep -i ': *-*\(null\|nan\|inf\)' $n/summary.json)"
  check "the table on $n ranks" grep -q '^| drag  *| 5.5795  *|' $n.log
done
if command -v gnuplot >/dev/null; then
  for picture in loss.png flow.png differences.png; do
    check "$picture" test -s 2/$picture
  done
fi

# the same on all numbers of ranks
for n in 1 3; do
  for column in loss "velocity points u_x u_y v_x v_y" \
    "pressure points p_x p_y" "boundary u v" "boundary p" \
    "cylinder u_x u_y v_x v_y" gradient_norm; do
    for iteration in 0 5; do
      check "$column at iteration $iteration on 2 and $n ranks" close \
        "$(loss $n/training.csv $iteration "$column")" \
        "$(loss 2/training.csv $iteration "$column")" 1e-6
    done
  done
  for key in residual_drag residual_lift drag lift continuity momentum; do
    check "$key of the reference on 2 and $n ranks" close \
      "$(figure $n/summary.json reference $key)" \
      "$(figure 2/summary.json reference $key)" 1e-6
  done
done

# what was learned
summary=2/summary.json
for key in drag pressure_difference; do
  value=$(figure $summary surrogate $key)
  reference=$(figure $summary reference $key)
  echo "$key: reference $reference, surrogate $value"
  check "$key of the surrogate" close "$value" "$reference" 0.2
done
check "the published drag is shown" test \
  "$(figure $summary published drag)" = 5.57953523384
for bound in "velocity 0.3" "velocity_gradient 0.5" "pressure 0.3" \
  "pressure_gradient 0.6"; do
  value=$(figure $summary difference "${bound% *}")
  echo "distance in ${bound% *}: $value"
  check "${bound% *} is learned" holds "${value:-1} < ${bound#* }"
done

# a saved model is what was trained
succeed 1 evaluate.log "${job[@]}" --set "Output folder=evaluate" \
  --evaluate 2/model.json
for key in drag lift pressure_difference continuity momentum; do
  check "$key of the saved model" close \
    "$(figure evaluate/summary.json surrogate $key)" \
    "$(figure $summary surrogate $key)" 1e-8
done

# a velocity that is the curl of a stream function has no divergence, also when
# it comes from a file
succeed 2 stream.log "${job[@]}" --set "Output folder=stream" \
  --set "Network/Stream function=true" \
  --set "Training/Maximal number of iterations=50"
succeed 1 stream_evaluate.log "${job[@]}" --set "Output folder=stream_evaluate" \
  --evaluate stream/model.json
for folder in stream stream_evaluate; do
  value=$(figure $folder/summary.json surrogate continuity)
  echo "continuity of $folder: $value"
  check "no divergence of $folder" holds "${value:-1} < 1e-12"
done
check "drag of the saved stream function" close \
  "$(figure stream_evaluate/summary.json surrogate drag)" \
  "$(figure stream/summary.json surrogate drag)" 1e-8

# the other weighting and terms, hanging nodes
succeed 2 volume.log "${job[@]}" --set "Output folder=volume" \
  --set "Reference/Adaptive refinements=1" \
  --set "Samples/Weighting=volume" \
  --set "Training/Terms=velocity points: u_x u_y v_x v_y; boundary: p: 2; \
    velocity points: momentum: 0.1; velocity points: continuity" \
  --set "Training/Maximal number of iterations=5"
check "a term that was left out" test -z \
  "$(grep '"name": "boundary u v"' volume/summary.json)"
check "a residual is a term" grep -q '"name": "velocity points momentum"' \
  volume/summary.json
check "weights matter" holds \
  "$(loss volume/training.csv 0 'velocity points u_x u_y v_x v_y') < \
    0.9 * $(loss 2/training.csv 0 'velocity points u_x u_y v_x v_y')"

finish
