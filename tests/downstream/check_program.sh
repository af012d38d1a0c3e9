#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# The program of the README gives what the README says, on one rank and on two,
# and a model.
#
#   check_program.sh mpirun -np 2

set -euo pipefail
program=$PWD/my_program
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

check() {
  rm -f model.json
  "$@" "$program" | tee log.txt
  test -s model.json
  tail -n 1 log.txt | tr -d ',' | awk '
    function near(x, y) { return x - y < 0.02 && y - x < 0.02 }
    !(near($3, 0.8474) && near($7, -0.6782) && near($8, 0.4325) &&
      near($11, -4.182)) { print "not what the README says"; exit 1 }'
}

check
check "$@"
