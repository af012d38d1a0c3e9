# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# The study of estimators, shortened: errors fall as theory says, the recovered
# derivatives are the most accurate ones, any number of ranks finds the same,
# surrogates are better than what they learn from.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

# An entry of results.csv, by its column's name
entry() { # file mesh degree refinements estimator column
  awk -F, -v mesh="$2" -v p="$3" -v r="$4" -v estimator="$5" -v column="$6" '
    NR == 1 { for (i = 1; i <= NF; ++i) if ($i == column) c = i }
    $1 == mesh && $2 == p && $3 == r && $5 == estimator { print $c }' "$1"
}

file=$prm/derivative_estimators.prm
small=(--set "Degrees=1, 2" --set "Refinements=2, 3"
  --set "Trained refinements=")
for ranks in 1 2 3; do
  succeed $ranks study.$ranks.log "$file" "${small[@]}" \
    --set "Output folder=study.$ranks"
done
csv=study.1/results.csv
check "a line per mesh, degree, refinement, estimator" \
  test "$(wc -l <$csv)" = $((1 + 4 * 2 * 2 * 5))
for column in gradient_error hessian_error factor_correlation; do
  for mesh in uniform distorted refined curved; do
    for estimator in raw recovered projected averaged difference; do
      one=$(entry $csv $mesh 2 3 $estimator $column)
      for ranks in 2 3; do
        other=$(entry study.$ranks/results.csv $mesh 2 3 $estimator $column)
        check "$mesh, $estimator, $column on $ranks ranks: $one, $other" \
          holds "(${one:-1} - ${other:-1})^2 <= (1e-5 * ${one:-1})^2"
      done
    done
  done
done
for mesh in uniform distorted refined curved; do
  for p in 1 2; do
    coarse=$(entry $csv $mesh $p 2 recovered gradient_error)
    fine=$(entry $csv $mesh $p 3 recovered gradient_error)
    check "$mesh, Q$p: recovered gradients converge, $coarse, $fine" \
      holds "0 < $fine && $fine < 0.6 * $coarse"
    raw=$(entry $csv $mesh $p 3 raw gradient_error)
    check "$mesh, Q$p: better than raw ones, $fine, $raw" \
      holds "$fine < $raw"
    raw=$(entry $csv $mesh $p 3 raw hessian_error)
    fine=$(entry $csv $mesh $p 3 recovered hessian_error)
    check "$mesh, Q$p: better Hessians than raw ones, $fine, $raw" \
      holds "$fine < 0.5 * $raw"
  done
  for estimator in raw recovered projected averaged difference; do
    correlation=$(entry $csv $mesh 2 3 $estimator factor_correlation)
    check "$mesh, $estimator: factors know the errors, $correlation" \
      holds "$correlation > 0.1"
  done
done
for p in 1 2; do
  coarse=$(entry $csv uniform $p 2 difference gradient_error)
  fine=$(entry $csv uniform $p 3 difference gradient_error)
  check "uniform, Q$p: differences converge, $coarse, $fine" \
    holds "0 < $fine && $fine < 0.5^$((p + 1)) * 1.4 * $coarse"
done
check "tables" grep -q "curved, Q2, relative error of the Hessian" \
  study.1/tables.txt
if command -v gnuplot >/dev/null; then
  check "a picture" test -s study.1/errors.png
fi

# conclusions on another solution
succeed 2 peak.log "$file" --set "Solution=peak" --set "Degrees=2" \
  --set "Refinements=3" --set "Trained refinements=" \
  --set "Output folder=peak"
for mesh in uniform distorted refined curved; do
  fine=$(entry peak/results.csv $mesh 2 3 recovered hessian_error)
  raw=$(entry peak/results.csv $mesh 2 3 raw hessian_error)
  check "$mesh, peak: recovered Hessians better than raw ones, $fine, $raw" \
    holds "0 < $fine && $fine < 0.2 * $raw"
done

succeed 2 trained.log "$file" --set "Meshes=uniform" --set "Degrees=2" \
  --set "Refinements=3" --set "Estimators=recovered" \
  --set "Output folder=trained" --set "Training/Maximal time=5"
solution=$(entry trained/results.csv uniform 2 3 recovered solution_gradient_error)
surrogate=$(entry trained/results.csv uniform 2 3 recovered surrogate_gradient_error)
check "the surrogate is better than the solution, $surrogate, $solution" \
  holds "0 < $surrogate && $surrogate < 0.5 * $solution"

run 1 bad.log "$file" --set "Trained refinements=7"
check "an error" test $? = 1
check "its message" grep -q "must be among" bad.log

finish
