#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Pages that name files must keep up with them: each file that doc/extending.md
# names exists, and doc/migration.md tells where headers are now. Its script
# changes what it says.
#
#   check_pages.sh source_folder

set -euo pipefail
cd "$1"
status=0

complain() {
  echo "$*" >&2
  status=1
}

n=0
for name in $(grep -o '`[^`]*`' doc/extending.md | tr -d '`' | sort -u |
  grep -E '^(include|source|applications|tests|doc|cmake)/[^ ]+$|^[A-Z]+\.md$' |
  grep -v -e NAME -e my_problem); do
  n=$((n + 1))
  compgen -G "$name" >/dev/null || complain "doc/extending.md: no $name"
done
[ $n -ge 40 ] || complain "doc/extending.md names only $n files"

# old new: the rows of the table of headers
rows() {
  awk -F'|' '/^\| .*\.h` .*\| `.*\.h`/ {
    n = split($2, old, /[` ,*]+/); split($3, new, "`")
    for (i = 1; i <= n; ++i) if (old[i] ~ /\.h$/) print old[i], new[2] }' \
    doc/migration.md
}
while read -r old new; do
  [ -f "include/derl/$new" ] || [ -f "include/derl/$new.in" ] ||
    complain "doc/migration.md: no $new"
  [ ! -f "include/derl/$old" ] || complain "doc/migration.md: $old is still there"
done < <(rows)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/old.cc" <<'END'
#include <derl/base/file.h>
#include <derl/base/collective.h>
#include <derl/data/resampling.h>
#include <common/summary.h>
values = {values, derl::first_derivatives}; f({values}); g(derl::values);
END
cat >"$work/new.cc" <<'END'
#include <derl/base/collective.h>
#include <derl/data/samples.h>
#include <derl/program/program.h>
values = {jet_values, derl::jet_gradients}; f({jet_values}); g(derl::jet_values);
END
perl doc/migrate.pl "$work/old.cc"
diff "$work/old.cc" "$work/new.cc" || complain "doc/migrate.pl"
exit $status
