#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Copy the application skeleton with its tests under another name, in small
# letters, and enter it where applications and tests are listed.
#
#   new.sh NAME [TREE]
#
# The tree is that of this script by default.

set -euo pipefail
name=$1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tree=${2:-$root}
if ! [[ $name =~ ^[a-z][a-z0-9_]*$ ]] || [ "$name" = solver ] ||
  [ -e "$tree/applications/$name" ]; then
  echo "'$name' is no name for a new application." >&2
  exit 1
fi
type_name=$(sed 's/\(^\|_\)\(.\)/\u\2/g' <<<"$name")

for folder in applications tests/applications; do
  mkdir -p "$tree/$folder"
  cp -r "$root/$folder/skeleton" "$tree/$folder/$name"
  grep -rlZi skeleton "$tree/$folder/$name" |
    xargs -0 sed -i "s/skeleton/$name/g; s/Skeleton/$type_name/g"
done
mv "$tree/applications/$name/skeleton.cc" "$tree/applications/$name/$name.cc"
for list in applications/CMakeLists.txt tests/CMakeLists.txt; do
  if [ -f "$tree/$list" ]; then
    sed -i "/^add_subdirectory(.*skeleton)/{p;s/skeleton/$name/}" "$tree/$list"
  fi
done
