# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A run that is killed again and again, at any instant, and restarted each time
# comes to the error of the run that was left alone; signals end a run in good
# order; and a full disk costs a checkpoint only. For a longer trial set the
# number of iterations and of kills on each number of ranks, and see the table:
#   ITERATIONS=4000 KILLS="1:20 2:20 3:20" bash kill_restart.sh ...

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

iterations=${ITERATIONS:-1000}
job=("$prm/allen_cahn.prm"
  --set "Reference/Global refinements=2"
  --set "Network/Hidden layers=10, 10"
  --set "Training/Maximal number of iterations=$iterations"
  --set "Training/Maximal time=0" --set "Training/Stagnation iterations=0"
  --set "Training/Checkpoint iterations=50"
  --set "Training/Log interval=10")

# Without its last column, the seconds.
without_seconds() {
  sed 's/,[^,]*$//' "$1"
}

# A fixed sequence of numbers below the argument, in milliseconds.
seed=30
random() {
  seed=$(((seed * 1103515245 + 12345) % 2147483648))
  milliseconds=$((seed / 65536 % $1))
}

now() {
  date +%s%3N
}

# Start the job in the background, in the folder $1 on $2 ranks; sets $pid.
start() {
  local name=$1 launcher=("${mpiexec[@]}" "$2")
  [ "$2" -gt 1 ] || launcher=()
  shift 2
  ${launcher[@]+"${launcher[@]}"} "$program" "${job[@]}" "$@" \
    --set "Output folder=$name" >>"$name.log" 2>&1 </dev/null &
  pid=$!
}

# The processes of the job that were started from here.
ranks_of_job() {
  if [ "$(ps -o comm= -p "$pid")" = "$(basename "$program")" ]; then
    echo "$pid"
  else
    pgrep -P "$pid" -x "$(basename "$program" | cut -c 1-15)"
  fi
}

# Wait until the job has made a checkpoint, or for a minute.
wait_for_checkpoint() {
  local i
  for ((i = 0; i < 600; i++)); do
    [ -e "$1/checkpoint.derl" ] && return
    sleep 0.1
  done
  fail "no checkpoint in $1"
}

printf '%5s %6s %9s %8s %14s %14s %9s\n' ranks kills restarts previous \
  "error alone" "error killed" seconds
for plan in ${KILLS:-1:2 2:1}; do
  ranks=${plan%:*} kills=${plan#*:}
  alone=alone.$ranks killed=killed.$ranks

  begin=$(now)
  start $alone "$ranks"
  wait_for_checkpoint $alone
  start_up=$(($(now) - begin))
  wait "$pid" || fail "exit status on $ranks ranks"
  training=$(($(now) - begin - start_up))

  # Some are killed before they train, the others at all stages of training.
  begin=$(now)
  for ((i = 0; i < kills; i++)); do
    start $killed "$ranks" --restart
    random $((start_up / 2 + 3 * training / 2 / kills))
    milliseconds=$((milliseconds + start_up / 2))
    sleep "$(printf '%d.%03d' $((milliseconds / 1000)) \
      $((milliseconds % 1000)))"
    # the ranks themselves: mpirun would give them time to end
    kill -KILL $(ranks_of_job) "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done
  start $killed "$ranks" --restart
  wait "$pid" || fail "exit status of the last restart on $ranks ranks"

  error_alone=$(figure $alone/summary.json surrogate relative_l2_error)
  error_killed=$(figure $killed/summary.json surrogate relative_l2_error)
  printf '%5d %6d %9d %8d %14.6e %14.6e %9d\n' "$ranks" "$kills" \
    "$(grep -c '^Going on from' $killed.log)" \
    "$(grep -c 'previous version' $killed.log)" \
    "$error_alone" "$error_killed" $((($(now) - begin) / 1000))
  check "error on $ranks ranks: $error_killed, not $error_alone" \
    test "$error_killed" = "$error_alone"
  check "the log on $ranks ranks is that of one run" \
    test "$(without_seconds $alone/training.csv)" = \
    "$(without_seconds $killed/training.csv)"
  check "$iterations iterations on $ranks ranks" \
    grep -q "\"iterations\": $iterations," $killed/summary.json
done
if [ -n "${KILLS:-}" ]; then
  finish
  exit
fi

# Signals to the launcher and to a single rank; going on on other numbers of
# ranks, with more iterations
for target in launcher rank; do
  start $target 2
  wait_for_checkpoint $target
  if [ $target = launcher ]; then
    kill -USR1 "$pid"
  else
    kill -TERM "$(ranks_of_job | tail -n 1)"
  fi
  wait "$pid" || fail "exit status after a signal to the $target"
  check "$target: stop reason" grep -q '"stop_reason": "signal"' \
    $target/summary.json
  check "$target: how to go on" test \
    "$(grep -c 'run the same command with --restart' $target.log)" = 1
done
succeed 2 same.log "${job[@]}" --restart --set "Output folder=launcher"
check "error after a signal" test \
  "$(figure launcher/summary.json surrogate relative_l2_error)" = \
  "$(figure alone.2/summary.json surrogate relative_l2_error)"
succeed 1 other.log "${job[@]}" --restart --set "Output folder=rank" \
  --set "Training/Maximal number of iterations=$((iterations + 10))"
check "ten more iterations" grep -q "\"iterations\": $((iterations + 10))," \
  rank/summary.json

# A limit on the size of files is a disk that is full for the checkpoint and
# not for the rest.
(
  trap '' XFSZ
  ulimit -f 10000
  succeed 1 full.log "${job[@]}" --set "Output folder=full" \
    --set "Network/Hidden layers=30, 30, 30" \
    --set "Training/Checkpoint iterations=1" \
    --set "Training/Maximal number of iterations=3"
  [ $n_failures = 0 ]
) || fail "a run without a place for checkpoints"
check "warnings" test "$(grep -c \
  '^Warning: no checkpoint at iteration .*: File too large' full.log)" -ge 2
check "no part of a checkpoint" test -z "$(find full -name '*.part')"
succeed 1 small.log "${job[@]}" --restart --set "Output folder=full" \
  --set "Network/Hidden layers=30, 30, 30" \
  --set "Training/Maximal number of iterations=2"
check "the last checkpoint that had a place is used" \
  grep -q '^Going on from iteration 1 ' small.log

finish
