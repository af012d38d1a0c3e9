#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Includes go along the arrows of doc/architecture.md: a file of a room includes
# files of this room, of the rooms that its line in the table names, and of what
# these stand on. Each folder is a room in the table, and each room a folder.
#
#   check_rooms.sh architecture.md include_folder source_folder

set -euo pipefail
page=$1
include=$2
source=$3

{
  sed -n 's/^| \([a-z]*\) | \([a-z, ]*\)| .*/room \1 \2/p' "$page" | tr -d ','
  for folder in "$include"/derl "$source"; do
    find "$folder" -mindepth 1 -maxdepth 1 -type d -printf 'folder %f\n'
    (cd "$folder" && grep -r -H -o \
      -e '#include <derl/[a-z]*/' -e '#include "\.\./[a-z]*/' --include=*.cc \
      --include=*.h . || true) |
      sed -n 's#^\./\([a-z]*\)/\(.*\):.include .\(derl\|\.\.\)/\([a-z]*\)/#include \1 \4 \2#p'
  done
} | awk '
  $1 == "room" && $2 != "room" && $2 != "applications" {
    known[$2] = 1
    for (i = 3; i <= NF; ++i)
      below[$2, $i] = 1
  }
  $1 == "folder" { folder[$2] = 1 }
  $1 == "include" { from[++n] = $2; to[n] = $3; file[n] = $4 }
  END {
    # rooms stand on what the rooms below them stand on
    for (step in known)
      for (a in known)
        for (b in known)
          for (c in known)
            if ((a, b) in below && (b, c) in below)
              below[a, c] = 1
    for (room in known)
      if (!(room in folder)) { print "no folder: " room; bad = 1 }
    for (room in folder)
      if (!(room in known)) { print "not in the table: " room; bad = 1 }
    for (i = 1; i <= n; ++i)
      if (from[i] != to[i] && !((from[i], to[i]) in below)) {
        print from[i] "/" file[i] " includes " to[i]
        bad = 1
      }
    if (n < 100) { print "only " n " includes were found"; bad = 1 }
    exit bad
  }' >&2
