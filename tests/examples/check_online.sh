#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   check_online.sh program
#
# Learning online must come to what training at the end does, and never become
# worse over the past; with the newest steps only, which is warned of, the old
# ones are forgotten.

output=$("$1") || exit 1
echo "$output"
echo "$output" | awk '
  /^Warning: the new samples of .domain. leave out/ { ++warnings }
  $1 ~ /^[01]\.[0-9]+$/ && NF == 3 {
    ++n; window = $3
    if (n > 1 && $2 > 1.5 * online) worse = 1
    online = $2 }
  /^trained when all was over/ { end = $NF }
  END {
    if (n != 8 || worse || !(end > 0) || online > 1.5 * end ||
        window < 5 * online || warnings != 7) { print "FAILED"; exit 1 } }'
