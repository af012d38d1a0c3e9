# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# For scripts that test mistakes of a user, on one and on two ranks: one message
# that says what is wrong, exit status 1, and no results that look like those of
# a run. The output folder is `out`.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Open MPI waits for a second before it kills what is left of a failed job.
export OMPI_MCA_odls_base_sigkill_timeout=0

# bad PHRASE ARGUMENTS...: the program with these arguments fails, and its
# message contains the phrase. The folder `before`, if there is one, is what
# the output folder holds beforehand; `kept` matches the results that are
# rightly there when the failure comes late.
bad() {
  local phrase=$1 ranks status message left
  shift
  for ranks in 1 2; do
    rm -rf out
    [ ! -d before ] || cp -a before out
    run $ranks log "$@"
    status=$?
    message=$(grep -a -A20 '^Error: ' log)
    if [ $status -ne 1 ]; then
      fail "exit status $status on $ranks ranks: $*"
    elif [ "$(grep -a -c '^Error:' log)" != 1 ]; then
      fail "not one message on $ranks ranks: $*"
    elif ! grep -a -q -F -- "$phrase" <<<"$message"; then
      fail "no '$phrase' in the message on $ranks ranks: $*"
    else
      left=$(find out \( -name '*.json' -o -name '*.part' -o -name '.write*' \
        -o -name '*vtu' -o -name '*.png' \) -type f 2>/dev/null |
        grep -v -x "${kept:-}" | tr '\n' ' ')
      [ -z "$left" ] || fail "$left left on $ranks ranks: $*"
      continue
    fi
    tail -n 15 log
  done
}
