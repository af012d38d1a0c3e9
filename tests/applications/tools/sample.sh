# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A solution that two ranks have left on disk must be found again, by any number
# of ranks, in the cells and at a part of the boundary; what does not fit is an
# error.

source "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/../common.sh"
"${mpiexec[@]}" 2 "$folder/../save_solution" solution ||
  fail "the solution is not saved"
mesh="hyper_rectangle: -1, 0: 1, 1: false"
element="FESystem<2>[FE_Q<2>(2)^2]"

# 112 cells with 4 + 1 + 2 points
for n in 1 2 3; do
  succeed $n $n.log "$mesh" solution --element "$element" --output $n.csv
  check "$n ranks: all samples" grep -q "^784 samples of 112 cells" $n.log
  sort -g -t, $n.csv >sorted.$n
  check "$n ranks: names" \
    [ "$(head -n 1 $n.csv)" = "x,y,u0_x,u0_y,u1_x,u1_y,check,weight" ]
done
for n in 2 3; do
  paste -d, sorted.1 sorted.$n >both
  check "$n ranks: the same samples" awk -F, '
    $1 + 0 == $1 { for (i = 1; i <= 8; ++i)
      if (($i - $(i + 8)) ^ 2 > 1e-24) exit 1 }' both
done
check "exact derivatives" awk -F, '
  function differs(a, b) { return (a - b) ^ 2 > 1e-20 }
  $1 + 0 == $1 && (differs($3, 2 * $1 + 3 * $2) || differs($4, 3 * $1) ||
    differs($5, -1) || differs($6, 1)) { exit 1 }' 1.csv

# values of a component at x = 1, which has the id 1 if faces are colored
succeed 2 boundary.log "hyper_rectangle: -1, 0: 1, 1: true" solution \
  --element "$element" --orders 0 --components 1 --boundary-ids 1 \
  --output boundary.csv
check "a part of the boundary" awk -F, '
  NR > 1 { ++n; if ($1 != 1 || ($3 - $2 + 1) ^ 2 > 1e-24) exit 1 }
  END { exit n != 32 }' boundary.csv

# the form for programs
succeed 2 binary.log "$mesh" solution --element "$element"
check "a file of samples" test -s samples.derl

# bad TEXT ARGUMENTS...: an error with this text on two ranks, and no file
bad() {
  local text=$1
  shift
  run 2 bad.log "$@" --output bad.csv && fail "no error: $*"
  check "'$text'" grep -q "$text" bad.log
  check "no file" test ! -e bad.csv
}
bad "There is no solution 'none'" "$mesh" none --element "$element"
bad "There is no mesh file 'none.msh'" none.msh solution --element "$element"
bad "none with the number 2" "$mesh" solution --element "$element" \
  --components 2
bad "needs numbers, not 'x'" "$mesh" solution --element "$element" --orders x
bad "There is no option --estimator" "$mesh" solution --estimator raw

finish
