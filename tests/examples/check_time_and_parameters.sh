#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   check_time_and_parameters.sh program
#
# Between the diffusivities that were solved for, the error is small, too.

output=$("$1") || exit 1
echo "$output"
echo "$output" | awk '
  /^largest error for an unseen diffusivity/ { found = 1; good = $NF < 2e-4 }
  END { if (!found || !good) { print "FAILED"; exit 1 } }'
