#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# All experiments of the paper, one after the other, and a report on them.

set -u
shopt -s nullglob
export LC_ALL=C OMP_NUM_THREADS=1

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

usage() {
  cat <<TEXT
Usage: $0 reduced|full FOLDER [OPTIONS]

Runs the experiments of arXiv 2505.01391 that have a study of this name,
applications/NAME/prm/studies/reduced.prm or full.prm, two runs at a time on one
core each. "reduced" shortens trainings and takes minutes, "full" takes hours.
The same command goes on with what was interrupted. What comes of it:

  FOLDER/report.md     tables and pictures, and which of the paper's claims hold
  FOLDER/results.json  the errors of all runs
  FOLDER/NAME          the study of an experiment, and a folder for each run

  --only NAME,...      these experiments only
  --build FOLDER       where the programs were built; default: $source/build
  --set "ENTRY=VALUE"  another entry of all studies, see doc/studies.md

There are: $(for study in "$source"/applications/*/prm/studies/reduced.prm; do
    name_of "$study"
  done | paste -s -d ' ')
TEXT
}

# The folder of an application of its study.
name_of() {
  basename "${1%/prm/studies/*}"
}

refuse() {
  echo "$*" >&2
  exit 1
}

[ $# -gt 0 ] || { usage; exit 0; }
kind=$1
folder=${2:-}
[[ $kind =~ ^(reduced|full)$ && -n $folder && $folder != -* ]] ||
  refuse "Give 'reduced' or 'full', and a folder; $0 without arguments tells more."
shift 2
only=
build=$source/build
settings=()
while [ $# -gt 0 ]; do
  [ $# -gt 1 ] || refuse "'$1' needs a value."
  case $1 in
    --only) only=$2 ;;
    --build) build=$2 ;;
    --set) settings+=(--set "$2") ;;
    *) refuse "There is no option '$1'." ;;
  esac
  shift 2
done

names=()
for study in "$source"/applications/*/prm/studies/"$kind".prm; do
  name=$(name_of "$study")
  [[ -n $only && ,$only, != *,$name,* ]] || names+=("$name")
done
for name in ${only//,/ }; do
  [[ " ${names[*]} " = *" $name "* ]] || refuse "There is no experiment '$name'."
done
mkdir -p "$folder" || exit 1

# run NAME: its study, which a signal to this script stops as well
run() {
  "$build/applications/tools/derl-study" \
    "$source/applications/$1/prm/studies/$kind.prm" \
    --set "Output folder=$folder/$1" --set "Runs at once=2" \
    ${settings[@]+"${settings[@]}"} "$build/applications/$1/$1" &
  trap 'kill -TERM $!; wait $!; exit 130' INT TERM
  wait $!
}

failed=()
complete=()
start=$SECONDS
for name in "${names[@]}"; do
  echo "== $name"
  # what an earlier run has left is no result of this one
  rm -f "$folder/$name"/study.*
  if run "$name"; then complete+=("$name"); else failed+=("$name"); fi
  n_done=$((${#complete[@]} + ${#failed[@]}))
  n_left=$((${#names[@]} - n_done))
  echo "== $n_done of ${#names[@]} experiments, about" \
    "$(((SECONDS - start) * n_left / n_done / 60 + (n_left > 0))) min to go"
done

# title NAME: of its page
title() {
  sed -n 's/^# //p;T;q' "$source/doc/$1.md" 2>/dev/null | grep . || echo "$1"
}

# text NAME: the comment that the study begins with
text() {
  sed -n '/^#/!q;s/^# \{0,1\}//p' "$source/applications/$1/prm/studies/$kind.prm"
}

# claims NAME: the rows of that table
claims() {
  awk '/^\| experiment/ { inside = 1; getline; next } inside' \
    "$folder/$1/study.md"
}

report() {
  echo "# The paper's experiments, $kind"
  echo
  echo "The experiments of arXiv 2505.01391, made by \`applications/paper/run.sh" \
    "$kind\`. A claim says that a figure is lower for one mode than for another." \
    "It is reproduced if that holds for all runs of the one and all of the other," \
    "not reproduced if the contrary does, and otherwise within the spread over the" \
    "seeds. The ratio is that of the medians."
  echo
  echo "| experiment | case | claim | figure | ratio | judgement |"
  echo "|---|---|---|---|---|---|"
  for name in "${complete[@]}"; do claims "$name"; done
  for name in "${failed[@]}"; do
    printf '\n**%s failed**: the end of its output says why.\n' "$name"
  done
  for name in "${complete[@]}"; do
    printf '\n## %s\n\n%s\n\n' "$(title "$name")" "$(text "$name")"
    cat "$folder/$name/study.md"
    printf '\n![%s](%s/study.png)\n' "$name" "$name"
  done
}

# the studies' lists, which have a run in each line
results() {
  echo '['
  for name in "${complete[@]}"; do
    sed '1d;$d' "$folder/$name/study.json"
  done | sed '$!s/,*$/,/'
  echo ']'
}

report >"$folder/report.md"
results >"$folder/results.json"
echo "The report is $folder/report.md."
[ ${#failed[@]} -eq 0 ] || refuse "Failed: ${failed[*]}"
