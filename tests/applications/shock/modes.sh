# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# All modes learn the solution, on one rank as on two.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

for file in "$prm"/*.prm; do
  for ranks in 1 2; do
    succeed $ranks log.txt "$file" --set "Output folder=out" \
      --set "Reference/Global refinements=3" \
      --set "Training/Maximal number of iterations=200"
    error=$(figure out/summary.json surrogate relative_h1_seminorm_error)
    check "$file has the error $error" holds "0 < $error && $error < 0.01"
  done
done
finish
