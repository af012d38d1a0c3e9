#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A user's application, which knows the installed library only, explains itself,
# learns on two ranks, and is studied; pictures are drawn by installed scripts.
#
#   check_application.sh derl-study mpirun -np 2

set -euo pipefail
study=$1
shift
program=$PWD/bump
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"$program"
grep -q "set Number of points" bump.prm
printf 'set Parameter files = bump.prm\nset Seeds = 1, 2
set Settings = Number of points = 50 | 200 & Training/Maximal number of iterations = 50
set Columns = error: surrogate/error | stops: stop_reason\n' >study.prm
"$study" study.prm "$@" "$program"
grep -q "^| bump *| 200 *| .* ± .* | .* (2) *|" output/study/study.md
grep -q '"n_ranks": 2' output/study/bump-200-1/summary.json
grep -q "^| error *|" output/study/bump-200-1/log.txt
if command -v gnuplot >/dev/null; then
  test -s output/study/study.png
  test -s output/study/bump-200-1/loss.png
fi
