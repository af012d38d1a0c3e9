#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   check_equation.sh program
#
# The network must satisfy the equation, and be its solution.

output=$("$1") || exit 1
echo "$output"
echo "$output" | awk '
  /^root mean square of the residual/ { ++found; good += $NF < 1e-4 }
  /^largest error/ { ++found; good += $NF < 1e-5 }
  END { if (found != 2 || good != 2) { print "FAILED"; exit 1 } }'
