# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Every parameter file that is shipped runs, for two iterations on a coarse
# mesh; and the one that the program writes by itself.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

coarse=(--set "Reference/Global refinements=2")
short=("${coarse[@]}" --set "Training/Maximal number of iterations=2")

# all shipped files
files=$(find "$prm" -name '*.prm' -not -path '*/studies/*' | sort)
n_files=0
for file in $files; do
  n_files=$((n_files + 1))
  name=$(basename "$(dirname "$file")")_$(basename "$file" .prm)
  succeed 1 "$name.log" "$file" "${short[@]}" --set "Output folder=$name"
  check "$file has run two iterations" \
    grep -q '"iterations": 2,' "$name/summary.json"
  # an entry that is left out by mistake falls back to its default
  for term in "interior value" "interior gradient" "interior Hessian" \
    "interior equation" "boundary value"; do
    wanted=$(grep -c "set Terms.* ${term/ /: }:" "$file")
    check "$file: the term $term" \
      test "$(grep -c "\"name\": \"$term\"" "$name/summary.json")" = "$wanted"
  done
done
echo "$n_files parameter files"
check "there are parameter files" test $n_files -ge 20

# two files must not overwrite each other's results
check "output folders are distinct" test -z \
  "$(grep -h 'set Output folder' $files | sed 's/.*= *//' | sort | uniq -d)"

# without arguments
for ranks in 1 2; do
  mkdir help.$ranks
  cd help.$ranks || exit 1
  run $ranks log
  check "no arguments, exit status on $ranks ranks" test $? = 0
  check "no arguments, the usage is shown once on $ranks ranks" \
    test "$(grep -c '^Usage: ' log)" = 1
  check "no arguments, the file is named" grep -q '^Wrote allen_cahn.prm' log
  check "no arguments, one file is written" \
    test "$(ls -A | tr '\n' ' ')" = "allen_cahn.prm log "
  cd ..
done
check "the written file does not depend on the ranks" \
  cmp help.1/allen_cahn.prm help.2/allen_cahn.prm

# every entry that a shipped file sets is in the written one, with a comment
grep -h '^ *set ' $files | sed 's/^ *set *//; s/ *=.*//' | sort -u |
  while IFS= read -r entry; do
    grep -B1 "^ *set $entry *=" help.1/allen_cahn.prm | head -n 1 |
      grep -q '^ *# .*[.]$' || echo "$entry"
  done >unexplained
check "all entries are explained, but: $(tr '\n' ',' <unexplained)" \
  test ! -s unexplained

# it is an input file, and its values are the defaults
: >empty.prm
tiny=(--set "Reference/Global refinements=1"
  --set "Training/Maximal number of iterations=12")
succeed 1 written.log help.1/allen_cahn.prm "${tiny[@]}" \
  --set "Output folder=written"
succeed 1 empty.log empty.prm "${tiny[@]}" --set "Output folder=empty"
for iteration in 0 12; do
  check "an empty file gives the written defaults" test \
    "$(loss written/training.csv $iteration)" = \
    "$(loss empty/training.csv $iteration)"
done

# an own file of that name is left alone
mkdir own
cd own || exit 1
echo "# mine" >allen_cahn.prm
run 1 log
check "an existing file, exit status" test $? = 0
check "an existing file is kept" test "$(cat allen_cahn.prm)" = "# mine"
check "an existing file is named" \
  grep -q 'allen_cahn.prm exists and was left as it is' log
cd ..

finish
