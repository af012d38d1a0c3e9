# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# applications/paper/run.sh: all studies of a tree go into one report; one that
# fails does not lose the others; what is complete is not run again. Then one of
# those that are shipped, shortened.

source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
build=$(cd "$(dirname "$program")/../.." && pwd)
limit=$((200 * ${DERL_TIME_FACTOR:-1}))

# A tree with three experiments, one of which has no program
for name in one three two; do
  mkdir -p tree/applications/$name/prm/studies build/applications/$name
  for mode in derl outl; do
    [ $mode = derl ] && term=gradient || term=value
    cat >tree/applications/$name/prm/$mode.prm <<PRM
subsection Reference
  set Global refinements = 2
end
subsection Network
  set Hidden layers = 4
end
subsection Training
  set Terms                        = interior: $term; boundary: value
  set Maximal number of iterations = 5
end
PRM
  done
  cat >tree/applications/$name/prm/studies/reduced.prm <<PRM
# What experiment $name
# is about.

# Not this.
set Parameter files = ../derl.prm, ../outl.prm
set Seeds           = 30, 42
set Columns         = error: surrogate/relative_l2_error
set Claims          = derl < outl: error
PRM
done
mkdir -p tree/applications/paper tree/doc build/applications/tools
echo "# The first experiment" >tree/doc/one.md
cp "$source_folder/applications/paper/run.sh" tree/applications/paper/
ln -s "$program" build/applications/tools/derl-study
for name in one two; do
  ln -s "$build/applications/allen_cahn/allen_cahn" build/applications/$name/$name
done

# paper STATUS LOG ARGUMENTS...
paper() {
  local expected=$1 log=$2
  shift 2
  timeout --kill-after=5 $limit bash tree/applications/paper/run.sh "$@" \
    >"$log" 2>&1 </dev/null
  local status=$?
  [ $status = "$expected" ] || { fail "exit status $status: $*"; cat "$log"; }
}

paper 0 help.log
check "it explains itself" grep -q "There are: one three two$" help.log
paper 1 bad.log quick out
paper 1 bad.log reduced
paper 1 bad.log reduced out --only one,four
check "an unknown experiment is told" grep -q "no experiment 'four'" bad.log
paper 1 first.log reduced out --build build
check "the failure is told" grep -q "^Failed: three$" first.log
check "time to go" grep -q "1 of 3 experiments, about [0-9]* min to go" first.log
report=out/report.md
check "what failed is in the report" grep -q "three failed" $report
check "titles" test "$(grep '^## ' $report | paste -s -d ,)" = \
  "## The first experiment,## two"
check "texts" test "$(grep -A1 -c '^What experiment' $report)" = 2
check "no more text" test "$(grep -c 'Not this' $report)" = 0
check "claims at the top" test \
  "$(sed '/^## /q' $report | grep -c '^| \(one\|two\) .*| derl < outl ')" = 2
check "tables" test "$(grep -c '^| derl *| [0-9]' $report)" = 2
check "pictures" test "$(grep -c '^!.*(\(one\|two\)/study.png)$' $report)" = 2
# the list: brackets, commas between objects
check "results" test \
  "$(sed 's/"experiment":"\([a-z]*\)".*"mode":"\([a-z]*\)","seed":\([0-9]*\).*}/\1 \2 \3/' \
    out/results.json | paste -s -d ' ')" = "[ {one derl 30, {one derl 42, \
{one outl 30, {one outl 42, {two derl 30, {two derl 42, {two outl 30, \
{two outl 42 ]"

# It goes on.
rm out/two/outl-42/summary.json
touch -d 2000-01-01 out/*/*/summary.json
cp $report report.before
paper 0 second.log reduced out --build build --only two
check "what is complete is kept" grep -q "^3 of 4 runs were complete" second.log
check "the same results" test \
  "$(grep '^| two' report.before)" = "$(grep '^| two' $report)"

# As it is shipped, shortened
timeout --kill-after=5 $limit bash "$source_folder/applications/paper/run.sh" \
  reduced shipped --build "$build" --only allen_cahn --set "Seeds=30, 42" \
  --set "Settings=Training/Maximal number of iterations = 3 & \
Reference/Global refinements = 2" >shipped.log 2>&1 </dev/null ||
  { fail "the shipped one"; cat shipped.log; }
check "all runs" test "$(grep -c '^{"experiment":"allen_cahn"' \
  shipped/results.json)" = 26
check "claims of both folders" test \
  "$(sed '/^## /q' shipped/report.md | grep -c '^| allen_cahn ')" = 8
finish
