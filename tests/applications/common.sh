# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# For scripts that test the application as a whole. They are called as
#   bash test.sh program folder_of_prm_files working_folder mpiexec...
# where mpiexec takes the number of ranks as its next argument; everything is
# written into the working folder, which is emptied first.

set -u
export LC_ALL=C

program=$1
prm=$2
folder=$3
shift 3
mpiexec=("$@")
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder" || exit 1

n_failures=0

# Count a failure and go on.
fail() {
  echo "FAILED: $*"
  n_failures=$((n_failures + 1))
}

# check WHAT COMMAND...: the command must succeed
check() {
  local what=$1
  shift
  "$@" || fail "$what"
}

# run RANKS LOG ARGUMENTS...: the program with its output in a file; one rank
# without mpiexec, as a user would at first. Sanitizers need more time.
run() {
  local ranks=$1 log=$2
  local launcher=("${mpiexec[@]}" "$ranks")
  shift 2
  [ "$ranks" -gt 1 ] || launcher=()
  timeout --kill-after=5 $((${time_limit:-200} * ${DERL_TIME_FACTOR:-1})) \
    ${launcher[@]+"${launcher[@]}"} "$program" "$@" >"$log" 2>&1 </dev/null
}

# As run, and show the end of its output if it does not succeed.
succeed() {
  run "$@" && return
  local status=$?
  fail "exit status $status on $1 ranks: ${*:3}"
  tail -n 15 "$2"
}

# holds EXPRESSION: of numbers, for awk
holds() {
  awk "BEGIN { exit !($1) }"
}

# The number behind a key in an object of a summary.json.
figure() { # file object key
  awk -v object="\"$2\": {" -v key="\"$3\":" '
    index($0, object) { inside = 1 }
    inside && index($0, key) { gsub(/,/, ""); print $2; exit }' "$1"
}

# The loss (or another column) at an iteration in a training.csv; without an
# iteration at the last one.
loss() { # file [iteration [column]]
  awk -F, -v wanted="${2:-last}" -v column="${3:-loss}" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) c = i; next }
    wanted == "last" || $1 == wanted { x = $c }
    END { print x }' "$1"
}

# The verdict of the script; the last command of each.
finish() {
  if [ $n_failures -gt 0 ]; then
    echo "$n_failures checks failed in $folder"
    exit 1
  fi
  echo "All checks passed."
}
