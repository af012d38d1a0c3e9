# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A small study on 1, 2 and 3 ranks: all files are there, the reference is
# right, the surrogate saves half of Newton's steps for parameters it was not
# trained for, and a saved model does the same.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

job=("$prm/warm_start.prm"
  --set "Solver/Global refinements=4"
  --set "Solver/Boundary refinements=1"
  --set "Samples/Logarithms of the source=2, 2.5"
  --set "Samples/Exponents=2, 3"
  --set "Network/Hidden layers=20, 20"
  --set "Training/Maximal number of iterations=400"
  --set "Comparison/Number of unseen parameters=3")

# compare FOLDER: from the surrogate half as many steps as from zero
compare() {
  local zero surrogate
  zero=$(figure $1/summary.json from_zero newton_steps)
  surrogate=$(figure $1/summary.json from_surrogate newton_steps)
  echo "$1: Newton steps from zero $zero, from the surrogate $surrogate"
  check "$1 saves half of the steps" \
    holds "${zero:-0} >= 6 && 2 * ${surrogate:-99} <= ${zero:-0}"
}

maps=$prm/../../../source/program/gnuplot/maps.gp
for n in 1 2 3; do
  succeed $n $n.log "${job[@]}" --set "Output folder=$n"
  for file in summary.json training.csv model.json fields_0.pvtu starts.csv \
    newton.csv; do
    check "$n/$file is there" test -s $n/$file
  done
  if command -v gnuplot >/dev/null; then
    for picture in newton surrogate loss; do
      check "$n/$picture.png is there" test -s $n/$picture.png
    done
    # it is above the ends of both axes
    shown=$(cd $n && gnuplot -e "call '$maps' 'again' 'linear' 'surrogate' \
'\$4'; print largest[1]" 2>&1)
    largest=$(awk '!/#/ && $4 > m { m = $4 } END { print m }' $n/fields.dat)
    check "the largest value in $n/surrogate.png is $shown, not $largest" \
      holds "${largest:-0} > 1 && (${shown:-0} - $largest)^2 < 1e-8"
  fi
  check "3 parameters with 4 starts each in $n/starts.csv" \
    test "$(grep -c '^2' $n/starts.csv)" = 12
  error=$(figure $n/summary.json reference relative_centre_error)
  check "the exact temperature in the centre" holds "${error:-1} < 1e-3"
  check "all numbers of $n/summary.json are finite" test -z \
    "$(grep -i ': *-*\(null\|nan\|inf\)' $n/summary.json)"
  check "no extrapolation" test -z "$(grep Warning $n.log)"
  compare $n
done

succeed 2 evaluate.log "${job[@]}" --set "Output folder=evaluate" \
  --evaluate 1/model.json
check "--evaluate does not train" test ! -e evaluate/training.csv
compare evaluate
check "the model is the same" test \
  "$(figure evaluate/summary.json from_surrogate newton_steps)" = \
  "$(figure 1/summary.json from_surrogate newton_steps)"

finish
