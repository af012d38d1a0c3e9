#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   check_function.sh program
#
# Values follow from the gradient and a single value, second derivatives from
# both.

output=$("$1") || exit 1
echo "$output"
echo "$output" | awk '
  /^largest error of the value/ { ++found; good += $NF < 1e-5 }
  /^largest error of the Laplacian/ { ++found; good += $NF < 1e-2 }
  END { if (found != 2 || good != 2) { print "FAILED"; exit 1 } }'
