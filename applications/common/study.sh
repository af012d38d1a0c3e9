# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# What the scripts share that run an application many times and print tables in
# Markdown. A script sets $program and sources this file.
#
# Environment: RANKS (default 1), SEEDS of the initial network (default
# "30 42 2025"), MPIRUN (default mpirun).

export LC_ALL=C
seeds=${SEEDS:-30 42 2025}

# Show the comment at the top of the script, and end it.
usage() {
  sed -n '5,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit 1
}

# The number (or text) behind a key in an object of a summary; with an empty
# object, at the top.
figure() { # summary object key
  awk -v object="${2:+\"$2\":}" -v key="\"$3\":" '
    object == "" || index($0, object) { inside = 1 }
    inside && index($0, key) {
      sub(/^[^:]*: */, ""); gsub(/[",]/, ""); print; exit }' "$1"
}

# Run a parameter file with a seed; all results are in the folder. An optimizer
# without line search may diverge, and that is a result (status 1); everything
# else ends the script.
run() { # folder seed parameter_file options...
  local folder=$1 seed=$2
  shift 2
  mkdir -p "$folder"
  if ${MPIRUN:-mpirun} -np "${RANKS:-1}" "$program" "$@" \
    --set "Network/Random seed=$seed" --set "Output folder=$folder" \
    >"$folder/log.txt" 2>&1 </dev/null; then
    return 0
  elif grep -q 'Training diverged' "$folder/log.txt"; then
    return 1
  fi
  tail -n 5 "$folder/log.txt" >&2
  exit 2
}

# Median and range.
median() { # numbers
  printf '%s\n' "$@" | sort -g | awk -v format="${FORMAT:-%.1e}" '
    { x[NR] = $1 }
    END {
      m = (x[int((NR + 1) / 2)] + x[int((NR + 2) / 2)]) / 2
      printf format " (" format " to " format ")", m, x[1], x[NR] }'
}
