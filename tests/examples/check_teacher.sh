#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   check_teacher.sh program
#
# Along trajectories that neither has seen, the teacher must be within 1 % and
# the student hardly worse.

output=$("$1") || exit 1
echo "$output"
echo "$output" | awk '
  /^relative error of the (teacher|student)/ { ++found; good += $NF < 1e-2 }
  END { if (found != 2 || good != 2) { print "FAILED"; exit 1 } }'
