#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   check_hamiltonian.sh program
#
# The energy of the pendulum must not change by more than 1e-5.

output=$("$1") || exit 1
echo "$output"
echo "$output" | awk '
  /^largest change of the energy/ { found = 1; good = $NF < 1e-5 }
  END { if (!found || !good) { print "FAILED"; exit 1 } }'
