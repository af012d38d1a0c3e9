#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   check_subdomains.sh program mpiexec -np
#
# The network that those of three subdomains teach is as good as they are, and
# better than the solution that these learned from; it has no jumps.

program=$1
shift
output=$("$@" 3 "$program") || exit 1
echo "$output"
echo "$output" | awk '
  { gsub(/,/, "") }
  /^finite elements: / { solution = $6 }
  /^a network per subdomain: / { parts = $8; jumps = $NF }
  /^one network: / { whole = $6; none = $NF }
  END {
    if (!(whole > 0 && whole < 1.5 * parts && 3 * whole < solution &&
          jumps > 0 && none == 0)) {
      print "FAILED"
      exit 1 } }'
