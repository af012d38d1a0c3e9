# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# The main job, shortened, on 1, 2 and 3 ranks: all files are there and whole,
# the figures are those that were promised, and all ranks see the same. Then
# the saved model is measured and trained further.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

# of iterations that are the same everywhere; the last point is the best
job=("$prm/allen_cahn.prm"
  --set "Reference/Global refinements=4"
  --set "Training/Validation interval=1000000"
  --set "Training/Stagnation iterations=0" --set "Training/Maximal time=0")
errors="relative_l2_error relative_h1_seminorm_error residual_rms max_error"

# close X Y TOLERANCE: relative to Y
close() {
  [ -n "$1" ] && [ -n "$2" ] &&
    holds "($1 - $2)^2 <= ($3)^2 * ($2)^2"
}

is_picture() {
  [ "$(head -c 8 "$1" | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ]
}

# what is trained to the end on one rank is compared on the others at first
iterations="Training/Maximal number of iterations"
for n in 1 2 3; do
  [ $n = 1 ] && n_iterations=1000 || n_iterations=20
  succeed $n $n.log "${job[@]}" --set "Output folder=$n" \
    --set "$iterations=$n_iterations"

  # files
  for file in summary.json training.csv model.json fields_0.pvtu; do
    check "$n/$file is there" test -s $n/$file
  done
  for ((rank = 0; rank < n; rank++)); do
    check "$n/fields_0.$rank.vtu is there" test -s $n/fields_0.$rank.vtu
    check "$n/fields_0.$rank.vtu is named" \
      grep -q "fields_0.$rank.vtu" $n/fields_0.pvtu
  done
  check "no temporary files in $n" test -z "$(find $n -name '*.part')"
  if command -v gnuplot >/dev/null; then
    for picture in loss.png errors.png; do
      check "$n/$picture is a picture" is_picture $n/$picture
    done
  else
    check "the missing gnuplot is named" grep -q 'No picture: .*gnuplot' $n.log
  fi

  # figures
  summary=$n/summary.json
  keys=$(grep -o '"[a-z0-9_]*":' $summary | tr -d '":' | tr '\n' ' ')
  check "the keys of $summary" test "$keys" = "problem n_ranks n_samples \
n_parameters seed terms name weight final_value name weight final_value \
misfits term entry rms estimated_error_of_samples term entry rms \
estimated_error_of_samples term entry rms \
optimizer stop_reason iterations evaluations kept_iteration seconds reference sampling \
training evaluation reference $errors surrogate $errors samples \
relative_h1_seminorm_error verdict grade text \
advice figures exact_errors_say "
  check "all numbers of $summary are finite" test -z \
    "$(grep -i ': *-*\(null\|nan\|inf\)' $summary)"
  for fact in '"problem": "Allen-Cahn, 2d"' "\"n_ranks\": $n" \
    '"n_samples": 1408' '"n_parameters": 921' '"seed": 30' \
    '"name": "interior gradient"' '"name": "boundary value"' \
    '"optimizer": "self-scaled Broyden"' \
    '"stop_reason": "iteration limit"' "\"iterations\": $n_iterations"; do
    check "$summary says $fact" grep -q "$fact" $summary
  done
  for key in $errors; do
    value=$(figure $summary surrogate $key)
    check "$key is positive" holds "${value:-0} > 0"
  done
done

# the documentation names the same keys
table=$(sed -n '/^| key/,$p' "$prm/../../../doc/summary.md" | grep '^| `' |
  grep -o '`[a-z0-9_]*`' | tr -d '`' | grep -v '^null$' | sort -u)
check "the keys in doc/summary.md" test "$table" = \
  "$(grep -o '"[a-z0-9_]*":' 1/summary.json | tr -d '":' | sort -u)"

reference=$(figure 1/summary.json reference relative_l2_error)
surrogate=$(figure 1/summary.json surrogate relative_l2_error)
echo "relative L2 error: reference $reference, surrogate $surrogate"
check "the surrogate is 8 times as accurate as its reference" \
  holds "${reference:-0} > 8 * ${surrogate:-1}"

# the same on all numbers of ranks
for n in 2 3; do
  for iteration in 0 1 2 3 4 5 6 7 8 9 10; do
    for column in loss "interior gradient" "boundary value" gradient_norm; do
      check "$column at iteration $iteration on 1 and $n ranks" close \
        "$(loss $n/training.csv $iteration "$column")" \
        "$(loss 1/training.csv $iteration "$column")" 1e-10
    done
  done
done

# a saved model is what was trained
for n in 1 2 3; do
  succeed $n evaluate.$n.log "${job[@]}" --set "Output folder=evaluate.$n" \
    --evaluate 1/model.json
  for key in $errors; do
    check "$key of the saved model on $n ranks" close \
      "$(figure evaluate.$n/summary.json surrogate $key)" \
      "$(figure 1/summary.json surrogate $key)" 1e-9
  done
  check "--evaluate does not train" \
    grep -q '"iterations": 0' evaluate.$n/summary.json
  for file in training.csv model.json; do
    check "--evaluate writes no $file" test ! -e evaluate.$n/$file
  done
done

# training goes on from a saved model, on another number of ranks
succeed 2 resume.log "${job[@]}" --set "Output folder=resume" \
  --set "$iterations=5" --resume 1/model.json
check "--resume starts at the loss of the model" close \
  "$(loss resume/training.csv 0)" "$(loss 1/training.csv)" 1e-9
check "--resume improves the model" \
  holds "$(loss resume/training.csv) < $(loss resume/training.csv 0)"

# one cell of the mesh and three ranks
succeed 3 one_cell.log "${job[@]}" --set "Output folder=one_cell" \
  --set "Reference/Global refinements=0" \
  --set "$iterations=5"
check "one cell has 13 samples" grep -q '"n_samples": 13' one_cell/summary.json
check "fields of one cell" test -s one_cell/fields_0.pvtu

finish
