# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A study that is killed and started again ends in the same table as one that
# was not; what is complete is not run again; mistakes are told.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
application=$(dirname "$program")/../allen_cahn/allen_cahn
limit=$((200 * ${DERL_TIME_FACTOR:-1}))

mkdir prm
for mode in gradient value; do
  cat >prm/$mode.prm <<PRM
subsection Reference
  set Global refinements = 3
end
subsection Network
  set Hidden layers = 10
end
subsection Training
  set Terms                        = interior: $mode: 1; boundary: value: 1
  set Method                       = self-scaled Broyden
  set Maximal number of iterations = 100
  set Checkpoint interval          = 0.1
end
PRM
done
cat >prm/study.prm <<'PRM'
set Output folder   = undisturbed
set Parameter files = *adient.prm, value.prm
set Seeds           = 1, 2
set Settings        = Reference/Lambda + Reference/Reaction = 0.01 + 1 | 1 + 0
set Columns         = lowest: lowest training.csv/loss \
                    | error: surrogate/relative_l2_error \
                    | gain: reference/relative_l2_error over surrogate/relative_l2_error \
                    | iterations: training.csv/iteration \
                    | loss at 50: training.csv/loss at iteration 50 \
                    | stops: stop_reason
set Claims          = gradient < value: lowest, iterations | value < gradient: lowest
PRM

# study LOG OPTIONS... COMMAND...
study() {
  local log=$1
  shift
  timeout --kill-after=5 $limit "$program" prm/study.prm "$@" \
    >"$log" 2>&1 </dev/null
}

study undisturbed.log "$application" || { fail "a study"; cat undisturbed.log; }
cat undisturbed/study.md
check "a row for each file and setting, and for each claim" \
  test "$(wc -l <undisturbed/study.md)" = 15
check "the settings" grep -q "^| value *| 1 + 0 *| [0-9.e-]* ± [0-9.e-]* *|" \
  undisturbed/study.md
check "words are counted" grep -q "| iteration limit (2) *|" \
  undisturbed/study.md
check "a line for each run" test "$(wc -l <undisturbed/study.csv)" = 9
check "progress" grep -q "^\[3/8\] gradient-1___0-1: .* to go$" undisturbed.log
runs=$(tail -n +2 undisturbed/study.json | head -n 8)
check "a list of all runs" test "$(head -c 1 undisturbed/study.json)\
$(grep -c '^{.*},$' <<<"$runs")$(tail -n 1 undisturbed/study.json)" = "[7]"
number='[0-9.e-]*'
check "with their names and figures" grep -q "^{\"experiment\":\"allen_cahn\",\
\"case\":\"Lambda + Reaction = 1 + 0\",\"mode\":\"value\",\"seed\":2,\
\"relative_l2_error\":\\($number\\),\"residual_rms\":$number,\
\"diverged\":false,\"lowest\":$number,\"error\":\\1,\"gain\":$number,\"iterations\":100.0,.*,\
\"stops\":\"iteration limit\"}$" <<<"$runs"

# The judgement, from the figures of study.csv: run,seed,lowest,...
judgement() { # LOWER HIGHER VALUES
  awk -F, -v lower="/$1-$3-" -v higher="/$2-$3-" '
    index($1, lower) {
      if (!n++ || $3 > l_max) l_max = $3
      if (n == 1 || $3 < l_min) l_min = $3
    }
    index($1, higher) {
      if (!m++ || $3 > h_max) h_max = $3
      if (m == 1 || $3 < h_min) h_min = $3
    }
    END {
      if (l_max < h_min) print "reproduced"
      else if (l_min > h_max) print "not reproduced"
      else print "within the spread"
    }' undisturbed/study.csv
}
for values in "0.01 + 1" "1 + 0"; do
  for pair in "gradient value" "value gradient"; do
    read -r lower higher <<<"$pair"
    expected=$(judgement $lower $higher "${values//[ +]/_}")
    check "$lower < $higher, $values: $expected" grep -q "^| allen_cahn *| \
Lambda + Reaction = $values *| $lower < $higher *| lowest *| $number *| \
$expected *|$" undisturbed/study.md
  done
done
check "equal figures" test \
  "$(grep -c "| iterations *| 1  *| within the spread *|" \
    undisturbed/study.md)" = 2
if command -v gnuplot >/dev/null; then
  check "a picture" test -s undisturbed/study.png
fi

# Killed when the third run has begun, with all that belongs to it.
"$program" prm/study.prm --set "Output folder=killed" "$application" \
  >killed.log 2>&1 </dev/null &
process=$!
for ((i = 0; i < 10 * limit; ++i)); do
  [ "$(find killed -name run.txt 2>/dev/null | wc -l)" -lt 3 ] || break
  sleep 0.1
done
kill -9 $process
wait $process 2>/dev/null
check "it was in the middle" test ! -e killed/study.md
n_complete=$(find killed -name summary.json | wc -l)
check "some runs are complete, not all: $n_complete" \
  holds "$n_complete >= 2 && $n_complete < 8"
touch -d 2000-01-01 killed/*/summary.json
study resumed.log --set "Output folder=killed" "$application" ||
  { fail "it goes on"; cat resumed.log; }
check "it says so" grep -q "^$n_complete of 8 runs were complete" resumed.log
check "the same table" cmp undisturbed/study.md killed/study.md
check "complete runs are kept" test \
  "$(find killed -name summary.json -not -newermt 2001-01-01 | wc -l)" = \
  "$n_complete"

# Two at once, and other settings in the same folder: those runs are new.
study more.log --set "Output folder=killed" --set "Runs at once=2" \
  --set "Spread=range" --set "Settings=Training/Maximal number of iterations \
= 20 | 100" --set "Picture=training.csv: iteration: loss" "$application" ||
  { fail "two at once"; cat more.log; }
check "the values" grep -q "^| gradient *| 20 *| .* (.* to .*) *|" \
  killed/study.md

# Variables in values, and pictures over two settings
picture() { # KIND
  study $1.log --set "Output folder=settings" --set "Picture=$1" \
    --set "Claims=" --set "Parameter files=gradient.prm" --set "Columns=error: \
surrogate/relative_l2_error | iterations: iterations" --set "Settings=\$a = \
0.1 | 10 & \$n = 5 | 10 & Training/Terms = interior: gradient: \$a; boundary: \
value: 1 & Training/Maximal number of iterations = \$n" "$application" ||
    { fail "a picture of $1"; cat $1.log; }
  if command -v gnuplot >/dev/null; then
    check "a picture of $1" test -s settings/study.png
  fi
  rm -f settings/study.png
}
picture map
check "values of variables" grep -q "^| gradient *| 10 *| 5 *| .* | 5 *|$" \
  settings/study.md
check "a variable's value is used" grep -q \
  "interior gradient: .*weight 10\|interior: gradient: 10; boundary" \
  settings/gradient-10-5-1/run.txt
median() { # A N
  awk -F, -v run="settings/gradient-$1-$2-" 'index($1, run) { sum += $3 / 2 }
    END { printf "%.6e", sum }' settings/study.csv
}
in_picture() { # COLUMN A X
  awk -F, -v c="$1" -v a="$2" -v x="$3" '$1 == 1 && $2 == c && $3 == a && \
    $4 == x { printf "%.6e", $5 }' settings/picture.csv
}
check "a cell of the map" test "$(in_picture 1 2 1)" = "$(median 10 5)"
check "one column" test "$(grep -c , settings/picture.csv)" = 4
picture lines
check "a point of a line" test "$(in_picture 1 1 10)" = "$(median 0.1 10)"
check "all columns" test "$(in_picture 2 2 5)$(grep -c , settings/picture.csv)" = \
  5.000000e+008

# A run that diverges has an infinite error and is not repeated.
diverge() {
  study diverged.log --set "Output folder=diverged" \
    --set "Columns=error: surrogate/relative_l2_error" \
    --set "Claims=value < gradient: error" --set "Settings=Training/Method = \
Adam & Training/Scaling = none & Training/Adam/Learning rate = 1e300" \
    "$application" || { fail "runs that diverge"; cat diverged.log; }
}
diverge
check "how many" grep -q "^| value *| diverged: 2 *|$" diverged/study.md
check "its figures" test "$(grep -c '"relative_l2_error":null,.*"diverged":true,' \
  diverged/study.json)" = 4
check "no judgement" grep -q "| - *| within the spread *|" diverged/study.md
diverge
check "it is not repeated" grep -q "^4 of 4 runs were complete" diverged.log

# Mistakes
run 1 help.log || fail "without arguments"
check "all entries" grep -q "^set Seeds" help.log
bad() { # WHAT PHRASE OPTIONS...
  local what=$1 phrase=$2
  shift 2
  study bad.log --set "Output folder=bad" "$@" && fail "$what is accepted"
  check "$what is told" grep -q "$phrase" bad.log
}
study column.log --set "Columns=error: surrogate/eror" --set "Claims=" \
  "$application" &&
  fail "a figure that does not exist"
check "it is named" grep -q "no run has 'surrogate/eror'" column.log
bad "no program" "command to be run is missing"
bad "a program that is none" "Cannot start the program './none'" ./none
bad "no file" "There is no parameter file '.*none.prm'" \
  --set "Parameter files=none.prm" "$application"
bad "two runs in a folder" "Two runs of the study would use the folder" \
  --set "Seeds=1, 1" "$application"
bad "values that do not belong together" "2 entries with + between them" \
  --set "Settings=Dimension + Reference/Lambda = 2 | 3 + 1" "$application"
bad "a claim about no file" "Claims' are about 'valeu'" \
  --set "Claims=gradient < valeu: error" "$application"
bad "a claim about no column" "Claims' are about 'eror'" \
  --set "Claims=gradient < value: eror" "$application"
bad "a claim without a heading" "needs 'file < file: heading'" \
  --set "Claims=gradient < value" "$application"
bad "a heading that is taken" "would be called 'seed' in study.json" \
  --set "Columns=seed: iterations" --set "Claims=" "$application"
bad "a setting without a value" "needs 'section/entry = values'" \
  --set "Settings=Dimension" "$application"
bad "a variable that is not used" "No value in 'Settings' has the variable '\$a'" \
  --set "Settings=\$a = 1 | 2" "$application"
study map.log --set "Output folder=killed" --set "Picture=map" \
  --set "Settings=Training/Maximal number of iterations = 20 | 100" \
  "$application" && fail "a map of one setting"
check "it is told" grep -q "needs two settings with several values" map.log
bad "a run that fails" "There is no entry 'Dimensoin'" \
  --set "Settings=Dimensoin = 2" "$application"
finish
