#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Strong scaling of training from one rank to two, and what the counted
# communication makes of it on more: prints the tables of doc/scaling.md.
#
#   scaling.sh ./allen_cahn exact_derl.prm [rounds]
#
# Environment: SAMPLES (20000), HIDDEN ("30, 30, 30"), ITERATIONS (300), MPIRUN
# (mpirun), LATENCY (2e-6 s for a message between two machines), BANDWIDTH
# (1e10 bytes/s), MEMORY_BANDWIDTH (1e10 bytes/s per rank).
set -euo pipefail
export LC_ALL=C

if [ $# -lt 2 ]; then
  sed -n '5,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit 1
fi
program=$1
parameters=$2
rounds=${3:-3}
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
one_rank=$output/1/summary.json
two_ranks=$output/2/summary.json

# The number behind a key in an object of a summary; with an empty object, at the
# top.
figure() { # summary object key
  awk -v object="${2:+\"$2\":}" -v key="\"$3\":" '
    object == "" || index($0, object) { inside = 1 }
    inside && index($0, key) {
      sub(/^[^:]*: */, ""); gsub(/[",]/, ""); print; exit }' "$1"
}

train_on() { # ranks; leaves log.txt and summary.json in $output/$1
  mkdir -p "$output/$1"
  ${MPIRUN:-mpirun} -np "$1" "$program" "$parameters" \
    --set "Output folder=$output/$1" --set "Network/Random seed=30" \
    --set "Network/Hidden layers=${HIDDEN:-30, 30, 30}" \
    --set "Samples/Number of random points=${SAMPLES:-20000}" \
    --set "Training/Maximal number of iterations=${ITERATIONS:-300}" \
    --set "Training/Maximal time=0" >"$output/$1/log.txt" 2>&1 </dev/null
}

echo "| round | 1 rank, s | 2 ranks, s | faster by |"
echo "|---|---|---|---|"
times=()
for ((round = 1; round <= rounds; ++round)); do
  train_on 1
  train_on 2
  one=$(figure "$one_rank" seconds training)
  two=$(figure "$two_ranks" seconds training)
  times+=("$one $two")
  awk -v r="$round" -v a="$one" -v b="$two" \
    'BEGIN { printf "| %d | %.2f | %.2f | %.2f |\n", r, a, b, a / b }'
done

fastest=$(printf '%s\n' "${times[@]}" | sort -g | head -n 1 | cut -d ' ' -f 1)
# "Communication: 2.6 collectives and 4.1e+04 bytes per iteration and rank"
read -r collectives bytes < <(
  awk '/^Communication:/ { print $2, $5 }' "$output/2/log.txt")
echo
iterations=$(figure "$one_rank" "" iterations)
n_samples=$(figure "$one_rank" "" n_samples)
n_parameters=$(figure "$one_rank" "" n_parameters)
echo "Fastest: 1 rank $fastest s for $iterations iterations and" \
  "$(figure "$one_rank" "" evaluations) evaluations of $n_samples samples," \
  "$n_parameters parameters. On more than one rank $collectives" \
  "collectives with $bytes bytes per iteration."
echo
echo "| ranks | samples per rank | work, ms | communication, ms | iteration, ms | speed-up | efficiency |"
echo "|---|---|---|---|---|---|---|"
awk -v time="$fastest" -v iterations="$iterations" \
  -v samples="$n_samples" -v n="$n_parameters" \
  -v collectives="$collectives" -v bytes="$bytes" \
  -v latency="${LATENCY:-2e-6}" -v bandwidth="${BANDWIDTH:-1e10}" '
  BEGIN {
    # the vectors of n numbers that every rank works on alike: some 40 reads
    # and writes per iteration
    replicated = 40 * 8 * n / '"${MEMORY_BANDWIDTH:-1e10}"'
    for (ranks = 1; ranks <= 1024; ranks *= 2) {
      work = (time / iterations - replicated) / ranks + replicated
      # an allreduce: the tree up and down, and each byte sent about twice
      steps = 2 * log(ranks) / log(2)
      talk = ranks == 1 ? 0 : collectives * steps * latency + 2 * bytes / bandwidth
      total = work + talk
      if (ranks == 1) first = total
      printf "| %d | %d | %.3f | %.3f | %.3f | %.1f | %.0f %% |\n", ranks,
        samples / ranks, 1e3 * work, 1e3 * talk, 1e3 * total, first / total,
        100 * first / total / ranks
    }
  }'
