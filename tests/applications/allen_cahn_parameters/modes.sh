# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# All modes learn, in both cases; results do not depend on ranks and groups of
# them; derivatives with respect to the parameters replace solutions.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

coarse=(--set "Reference/Global refinements=1"
  --set "Network/Hidden layers=15, 15"
  --set "Map points per direction=3")
l2=relative_l2_error

# error FOLDER [KEY]: that of the surrogate
error() {
  figure $1/summary.json surrogate ${2:-$l2}
}

for file in "$prm"/*.prm; do
  mode=$(basename "$file" .prm)
  for case in exp multi; do
    # second derivatives of two parameters need longer than there is time for
    limit=0.4
    case $case$mode in multi*hesl) continue ;; esac
    succeed 1 log.txt "$file" "${coarse[@]}" --set "Output folder=$mode" \
      --set "Case=$case" --set "Training/Maximal number of iterations=200"
    check "$mode in case $case has the error $(error $mode)" \
      holds "0 < $(error $mode) + 0 && $(error $mode) + 0 < $limit"
    check "all numbers of $mode in case $case are finite" test -z \
      "$(sed -n '/"reference": {/,/}/p; /"surrogate": {/,/}/p' \
        $mode/summary.json | grep -i ': *-*\(null\|nan\|inf\)')"
  done
done
for file in map training test validation; do
  check "$file.dat is there" test -s derl/$file.dat
done
check "there are 9 values in the map" test "$(wc -l <derl/map.dat)" = 9
if command -v gnuplot >/dev/null; then
  check "there is a picture" test -s derl/parameter_errors.png
fi

# the start of training is the same on any ranks and groups
for ranks in 1 2 3; do
  for groups in $(seq 1 $ranks); do
    succeed $ranks log.txt "$prm/derl_parameters.prm" "${coarse[@]}" \
      --set "Output folder=$ranks-$groups" --set "Map points per direction=0" \
      --set "Reference/Groups of ranks=$groups" \
      --set "Training/Maximal number of iterations=1"
    first=$(loss 1-1/training.csv 0)
    loss=$(loss $ranks-$groups/training.csv 0)
    check "the loss on $ranks ranks in $groups groups is $loss, not $first" \
      holds "$first > 0 && (${loss:-0} / $first - 1)^2 < 1e-20"
  done
done

# three solutions are enough if their derivatives are known
for mode in derl derl_parameters; do
  succeed 1 log.txt "$prm/$mode.prm" --set "Output folder=three_$mode" \
    --set "Reference/Number of training parameters=3" \
    --set "Reference/Global refinements=1" \
    --set "Network/Hidden layers=20, 20, 20" \
    --set "Map points per direction=0" \
    --set "Training/Maximal number of iterations=600"
done
few=$(error three_derl inside_$l2)
more=$(error three_derl_parameters inside_$l2)
check "between three parameters the error falls from $few to $more" \
  holds "0 < $more + 0 && 5 * $more < $few + 0"

succeed 2 log.txt "$prm/derl.prm" --set "Output folder=evaluated" \
  --set "Reference/Global refinements=1" --set "Map points per direction=0" \
  --set "Reference/Number of training parameters=3" \
  --evaluate three_derl/model.json
check "the model is the same" holds \
  "($(error evaluated inside_$l2) / $few - 1)^2 < 1e-12"
finish
