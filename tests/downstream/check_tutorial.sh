#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# The tutorial must keep its promises: lines are added to the plain solver and
# none is changed; the surrogate is better than the solution it learned from; and
# a solver that starts from it needs fewer iterations.
#
#   check_tutorial.sh source_folder mpirun -np 2

set -euo pipefail
source=$1
shift
folder=$(cd ../tutorial && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if diff "$source/plain.cc" "$source/with_surrogate.cc" | grep '^<'; then
  echo "with_surrogate.cc changes these lines of plain.cc" >&2
  exit 1
fi

cd "$work"
"$@" "$folder/plain" >plain.txt
"$@" "$folder/with_surrogate" | tee log.txt
test -s temperature.json
test -s temperature_0.pvtu
# all but the last lines of the solver itself
head -n "$(wc -l <plain.txt)" log.txt | cmp - plain.txt

awk '
  /finite elements:/ { fe_l2 = $5; fe_flux = $NF }
  /surrogate: L2/ { l2 = $4; flux = $NF }
  /from zero/ { from_zero = $7; from_surrogate = $11 }
  END {
    sub(/,/, "", fe_l2); sub(/,/, "", l2)
    printf "gain %.1f in L2, %.1f in the flux; %d of %d iterations\n",
      fe_l2 / l2, fe_flux / flux, from_surrogate, from_zero
    exit !(l2 > 0 && fe_l2 / l2 > 2 && fe_flux / flux > 5 &&
           from_surrogate > 0 && from_surrogate < 0.75 * from_zero)
  }' log.txt
