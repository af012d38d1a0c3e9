#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Where the time of the tests goes:
#
#   tests/times.sh build_folder [regular expression]
#
# compiles and links the tests' executables once more, runs all tests (or those
# whose names match) one by one, and prints the seconds of processor time and of
# the clock of each, largest first, then the sums. Processor time is that of all
# compilers and ranks; unlike the clock it does not see what else the machine
# does.

set -euo pipefail
build=${1:?build folder}
expression=${2:-.}
cd "$build"
TIMEFORMAT='%U %S %R'

# measure KIND NAME COMMAND...: print a line of the table
measure() {
  local kind=$1 name=$2 seconds status=ok
  shift 2
  { seconds=$({ time "$@" >times.log 2>&1; } 2>&1); } || status=FAILED
  awk -v kind="$kind" -v name="$name" -v status=$status '
    { printf "%8.1f %8.1f  %-7s %s%s\n", $1 + $2, $3, kind, name,
        status == "ok" ? "" : " " status }' <<<"$seconds"
}

all() {
  local target test
  cmake --build . >times.log 2>&1
  for target in $(cmake --build . --target help | grep -o 'tests_[a-z0-9_]*$'); do
    grep -q -E "$expression" <<<"${target#tests_}/" || continue
    find tests -path "*/$target.dir/*.o" -delete
    measure build "$target" cmake --build . --target "$target"
  done
  for test in $(ctest -N -R "$expression" | sed -n 's/^ *Test *#[0-9]*: //p'); do
    # not the fixtures, which build
    case $test in
      build | */build) continue ;;
    esac
    measure test "$test" ctest -R "^$test\$" -FA '.*'
  done
}

table=$(all)
sort -n -r <<<"$table" | awk '
  BEGIN { print "     CPU    clock" }
  { print; cpu[$3] += $1; clock[$3] += $2 }
  END {
    for (kind in cpu)
      printf "%8.1f %8.1f  all of kind %s\n", cpu[kind], clock[kind], kind
  }'
