#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# What users copy from the README must be what is tested: its program and its
# CMake text are the files of this folder, word for word after their first
# lines, the licence.
#
#   check_readme.sh README.md

set -euo pipefail
readme=$1
folder=$(dirname "${BASH_SOURCE[0]}")
status=0

# block LANGUAGE: the fenced blocks of this language in the section on one's own
# program
block() {
  awk -v fence='```'"$1" '
    /^## / { inside = ($0 == "## In your own program") }
    inside && $0 == "```" { shown = 0 }
    shown { print }
    inside && $0 == fence { shown = 1 }' "$readme"
}

# compare LANGUAGE FILE
compare() {
  if ! head -n 1 "$folder/$2" | grep -q SPDX-License-Identifier; then
    echo "$2 does not begin with its licence" >&2
    status=1
  fi
  if ! diff -u --label README.md --label "$2" \
    <(block "$1") <(sed '1,/^$/d' "$folder/$2"); then
    echo "README.md shows another text than tests/downstream/$2" >&2
    status=1
  fi
}

compare cpp main.cc
compare cmake CMakeLists.txt
exit $status
