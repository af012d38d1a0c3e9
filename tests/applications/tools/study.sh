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
set Columns         = error: surrogate/relative_l2_error \
                    | gain: reference/relative_l2_error over surrogate/relative_l2_error \
                    | iterations: training.csv/iteration \
                    | loss at 50: training.csv/loss at iteration 50 \
                    | lowest: lowest training.csv/loss \
                    | stops: stop_reason
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
check "a row for each file and setting" \
  test "$(wc -l <undisturbed/study.md)" = 6
check "the settings" grep -q "^| value *| 1 + 0 *| [0-9.e-]* ± [0-9.e-]* *|" \
  undisturbed/study.md
check "words are counted" grep -q "| iteration limit (2) *|" \
  undisturbed/study.md
check "a line for each run" test "$(wc -l <undisturbed/study.csv)" = 9
check "progress" grep -q "^\[3/8\] gradient-1___0-1: .* to go$" undisturbed.log
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

# Mistakes
run 1 help.log || fail "without arguments"
check "all entries" grep -q "^set Seeds" help.log
bad() { # WHAT PHRASE OPTIONS...
  local what=$1 phrase=$2
  shift 2
  study bad.log --set "Output folder=bad" "$@" && fail "$what is accepted"
  check "$what is told" grep -q "$phrase" bad.log
}
study column.log --set "Columns=error: surrogate/eror" "$application" &&
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
bad "a setting without a value" "needs 'section/entry = values'" \
  --set "Settings=Dimension" "$application"
bad "a run that fails" "There is no entry 'Dimensoin'" \
  --set "Settings=Dimensoin = 2" "$application"
finish
