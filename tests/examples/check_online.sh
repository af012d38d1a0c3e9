#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   check_online.sh program
#
# Over all past times, learning online must never be worse than 1.5 times what
# training at the end comes to; with the newest steps only, which is warned of,
# the old ones are forgotten.

output=$("$1") || exit 1
echo "$output"
echo "$output" | awk '
  /^Warning: the new samples of .domain. leave out/ { ++warnings }
  $1 ~ /^[01]\.[0-9]+$/ && NF == 3 {
    ++n; window = $3; if ($2 > worst) worst = $2 }
  /^trained when all was over/ { end = $NF }
  END {
    if (n != 8 || !(end > 0) || worst > 1.5 * end || window < 3 * worst ||
        warnings != 7) { print "FAILED"; exit 1 } }'
