#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   check_composition.sh program mpiexec -np
#
# A student of two teachers of two physics solves the coupled equation, as its
# finite element solution says; one teacher alone is not enough.

output=$("$1") || exit 1
echo "$output"
echo "$output" | awk '
  { gsub(/,/, "") }
  /^finite elements: / { judge = $NF }
  /^both teachers: / { both = $3 }
  /^reaction and diffusion: / { first = $4 }
  /^transport: / { second = $2 }
  END {
    if (!(judge > 0 && judge < 1e-5 && both > 0 && both < 1e-3 &&
          first > 0.1 && second > 0.1)) {
      print "FAILED"
      exit 1 } }'
