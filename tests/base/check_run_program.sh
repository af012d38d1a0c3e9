#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   check_run_program.sh n_ranks program command...
#
# Run "command... n_ranks program mode" for each way to fail, and look at the
# exit status, at the messages and at the time.

n_ranks=$1
program=$2
shift 2
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
status=0

# check mode expected_status expected_message_of_rank command...
check()
{
  mode=$1 expected_status=$2 rank=$3
  shift 3
  timeout -k 5 $((20 * ${DERL_TIME_FACTOR:-1})) "$@" "$n_ranks" "$program" "$mode" \
    >"$folder/stdout" 2>"$folder/stderr"
  found_status=$?
  problem=
  n_errors=$(grep -c '^Error:' "$folder/stderr")
  if [ "$expected_status" = 0 ]; then
    [ "$found_status" = 0 ] || problem="exit status $found_status"
    [ "$n_errors" = 0 ] || problem="$problem, unexpected error message"
    grep -q '^Finished\.$' "$folder/stdout" || problem="$problem, not finished"
  else
    # 124 and 137: timeout had to end it
    case $found_status in
      0|124|137) problem="exit status $found_status" ;;
    esac
    if [ "$mode" != one_fails ] && [ "$found_status" != 1 ]; then
      problem="$problem, exit status $found_status instead of 1"
    fi
    [ "$n_errors" = 1 ] || problem="$problem, $n_errors error messages"
    grep -q "^Error: This is the message of rank $rank\.$" "$folder/stderr" ||
      problem="$problem, no or wrong message"
    grep -q 'Finished' "$folder/stdout" && problem="$problem, went on"
  fi
  if [ -n "$problem" ]; then
    echo "$mode on $n_ranks ranks: FAILED: $problem"
    cat "$folder/stdout" "$folder/stderr"
    status=1
  else
    echo "$mode on $n_ranks ranks: ok"
  fi
}

last=$((n_ranks - 1))
check succeeds 0 - "$@"
check all_fail 1 0 "$@"
if [ "$n_ranks" -gt 1 ]; then
  check agreed 1 $last "$@"
  check one_fails 1 $last "$@"
fi
exit $status
