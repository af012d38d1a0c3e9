#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# A user finds each public name in doc/headers.md: it lists all headers that are
# installed and names that they declare, and its first table is what derl/derl.h
# includes. (That derl.h compiles alone is seen from main.cc, which begins with
# it.)
#
#   check_headers.sh headers.md include_folder...

set -euo pipefail
page=$1
shift
status=0

# Complain about the lines on stdin, if any.
none() {
  local lines
  lines=$(cat)
  if [ -n "$lines" ]; then
    printf '%s:\n%s\n' "$1" "$lines" >&2
    status=1
  fi
}

# rows SECTION: the headers of a table
rows() {
  awk -F '`' -v section="$1" '
    /^## / { inside = index($0, section) }
    inside && /^\| `/ { print $2 }' "$page" | sort
}

together=$(rows "Part of derl/derl.h")
apart=$(rows "To be included separately")
all=$(for folder in "$@"; do
  (cd "$folder" && find derl -mindepth 2 -name '*.h')
done | sort)

none "doc/headers.md and the folders differ (< only there, > only here)" < <(
  diff <(sort <<<"$together"$'\n'"$apart") <(echo "$all") | grep '^[<>]')
none "the first table and derl/derl.h differ (< only there, > only here)" < <(
  diff <(echo "$together") \
    <(sed -n 's/^#include <\(derl.*\)>$/\1/p' "$1/derl/derl.h" | sort) |
    grep '^[<>]')

# Each name must be in its header.
none "names that are not in the header beside them" < <(
  while IFS='|' read -r _ header names _; do
    header=${header//[\` ]/}
    for folder in "$@"; do
      [ ! -f "$folder/$header" ] || break
    done
    for name in ${names//[\`,]/}; do
      grep -q -s -w -- "$name" "$folder/$header" || echo "$header: $name"
    done
  done < <(grep '^| `' "$page"))
exit $status
