#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Build DERL in a bare Debian of its own, and run all tests there:
#
#   tests/debian.sh release folder [argument of ctest...]
#
# The release is bookworm (Debian 12), trixie (Debian 13) or another one. The
# folder (5 GB) is made with debootstrap if it is not there. The files of
# this working tree that git knows are copied into it, and `./quickstart test`
# is run in it, as a user of that Debian would: it installs packages, builds in
# folder/derl/build, and runs ctest. A second call compiles what has changed.

set -euo pipefail

fail() {
  printf 'debian.sh: %s\n' "$*" >&2
  exit 1
}

[ $# -ge 2 ] ||
  fail "give the name of the release and its folder, an empty one at first"
release=$1
folder=$2
shift 2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ "$(id -u)" -eq 0 ] || fail "changing the root folder needs root"

# Mounts in a namespace of their own vanish with the script.
if [ -z "${DERL_MOUNTS_ARE_PRIVATE:-}" ]; then
  DERL_MOUNTS_ARE_PRIVATE=yes exec unshare --mount --propagation private \
    bash "${BASH_SOURCE[0]}" "$release" "$folder" "$@"
fi

if [ ! -e "$folder/etc/debian_version" ]; then
  command -v debootstrap >/dev/null || fail "debootstrap is not installed"
  debootstrap --variant=minbase "$release" "$folder"
fi
folder=$(cd "$folder" && pwd)
cp -L /etc/resolv.conf "$folder/etc/resolv.conf"
for type in proc sysfs; do
  mountpoint -q "$folder/${type%fs}" ||
    mount -t $type $type "$folder/${type%fs}"
done
mountpoint -q "$folder/dev" || mount --rbind /dev "$folder/dev"

# Times are kept, so that make sees what has changed; what was deleted must not
# help.
mkdir -p "$folder/derl"
find "$folder/derl" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
git -C "$root" ls-files -z --cached --others --exclude-standard |
  (cd "$root" && xargs -0 ls -d 2>/dev/null) |
  tar -C "$root" -c -T - | tar -C "$folder/derl" -x

exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM="${TERM:-dumb}" \
  chroot "$folder" /derl/quickstart test "$@"
