#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   check_adaptive.sh program
#
# Where a layer forms, points that follow the residual must pay after 2000
# iterations.

output=$("$1" 2000) || exit 1
echo "$output"
echo "$output" | awk '
  /^fixed points, +2000 / { fixed = $NF }
  /^adaptive points, +2000 / { adaptive = $NF }
  END {
    if (!(adaptive > 0 && 2 * adaptive < fixed)) { print "FAILED"; exit 1 } }'
