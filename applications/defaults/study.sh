#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Surrogates of ten problems with default options: a Markdown table of the
# relative errors of value (L2) and gradient (H1 seminorm) and of the quantity
# of interest, for the finite element solution and the surrogate, and of their
# ratio; median and range over the seeds. What the exact errors say of each seed:
# + better, = as good (within a factor of 1.5), - worse; and beside it what the
# verdict said without them, ? for "can't tell". In the end how often it was
# right: a tie is right with all verdicts, and that of Stokes is about the worse
# one of velocity and pressure.
#
#   study.sh ./defaults prm [options...]
#
# The options, as in --set "Samples/Weighting=cell", are for all runs. Runs that
# have a summary.json in the folder of results are not repeated, so that a study
# that was killed goes on; other options need another folder.
#
# Environment: PROBLEMS (default all of the folder prm), OUTPUT (default
# output/defaults), RANKS (default 2), SEEDS (default "30 42 2025"), MPIRUN
# (default mpirun).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../common/study.sh"

[ $# -ge 2 ] || usage
program=$1
prm=$2
shift 2
output=${OUTPUT:-output/defaults}
RANKS=${RANKS:-2}
problems=${PROBLEMS:-smooth_q1_distorted smooth_q3 reentrant_corner
  reentrant_edge boundary_layer material_interface plate_with_hole stokes heat
  two_parameters}

# The names of a problem's relative errors.
errors() { # summary
  grep -o '"relative_[a-z0-9_]*"' "$1" | tr -d '"' | awk '!seen[$0]++'
}

# What the verdict said.
said() { # summary
  case $(figure "$1" verdict grade) in
    better*) echo + ;;
    as*) echo = ;;
    worse*) echo - ;;
    *) echo "?" ;;
  esac
}

# What a gain means.
mark() { # gain
  awk "BEGIN { print ($1 > 1.5 ? \"+\" : $1 < 1 / 1.5 ? \"-\" : \"=\") }"
}

n_right=0 n_unknown=0 n_wrong=0 n_praised=0
echo "| problem | error | finite elements | surrogate | gain | exact, verdict |" \
  "seconds | stopped by |"
echo "|---|---|---|---|---|---|---|---|"
for problem in $problems; do
  summaries=()
  for seed in $seeds; do
    folder=$output/$problem-$seed
    if ! [ -s "$folder/summary.json" ]; then
      run "$folder" "$seed" "$prm/$problem.prm" "$@" || continue
    fi
    summaries+=("$folder/summary.json")
  done
  if [ ${#summaries[@]} -eq 0 ]; then
    echo "| $problem | | | all runs diverged | | | | |"
    continue
  fi
  for key in $(errors "${summaries[0]}"); do
    reference=$(figure "${summaries[0]}" reference "$key")
    surrogate=()
    gains=()
    marks=
    for summary in "${summaries[@]}"; do
      error=$(figure "$summary" surrogate "$key")
      surrogate+=("$error")
      gain=$(awk "BEGIN { print $reference / $error }")
      gains+=("$gain")
      exact=$(mark "$gain")
      marks+=$exact
      [ "$key" = relative_h1_seminorm_error ] || continue
      verdict=$(said "$summary")
      marks+="$verdict "
      pressure=$(figure "$summary" surrogate relative_pressure_error)
      [ -z "$pressure" ] || exact=$(mark "$(awk "BEGIN {
        g = $(figure "$summary" reference relative_pressure_error) / $pressure
        print (g < $gain ? g : $gain) }")")
      case $exact$verdict in
        ?\?) n_unknown=$((n_unknown + 1)) ;;
        =? | ++ | --) n_right=$((n_right + 1)) ;;
        -+) n_praised=$((n_praised + 1)) n_wrong=$((n_wrong + 1)) ;;
        *) n_wrong=$((n_wrong + 1)) ;;
      esac
    done
    marks=${marks% }
    name=${key#relative_}
    row="| $problem | ${name%_error} | $(printf %.1e "$reference")"
    row+=" | $(median "${surrogate[@]}") | $(FORMAT=%.2g median "${gains[@]}")"
    row+=" | $marks |"
    if [ "$key" = relative_l2_error ]; then
      times=()
      for summary in "${summaries[@]}"; do
        times+=("$(figure "$summary" seconds training)")
      done
      row+=" $(FORMAT=%.0f median "${times[@]}")"
      row+=" | $(figure "${summaries[0]}" "" stop_reason) |"
    else
      row+=" | |"
    fi
    echo "$row"
  done
done

echo
echo "Verdicts: $n_right right, $n_wrong wrong (of which $n_praised praise what" \
  "is worse), $n_unknown can't tell."
