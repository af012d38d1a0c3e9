#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   check_vector_valued.sh program
#
# The surrogate's velocity gradient is several times more accurate than that of
# the solution it learned from, and nearly without divergence.

output=$("$1") || exit 1
echo "$output"
echo "$output" | awk '
  /^relative error of the velocity.s gradient, finite elements/ { solution = $NF }
  /^relative error of the velocity.s gradient, surrogate/ { surrogate = $NF }
  /^divergence/ { found = 1; good = $NF < 1e-2 && $NF > -1e-2 }
  END {
    if (!(found && good && surrogate > 0 && 5 * surrogate < solution)) {
      print "FAILED"
      exit 1 } }'
