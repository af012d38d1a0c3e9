#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# The training of arXiv 2505.01391 in two phases: Adam with mini-batches of 100
# samples, then what the parameter file says, from where that ended. To be
# called like the program, which is the first argument, as studies do it:
#
#   adam_first.sh ./allen_cahn_parameters file.prm --set "Output folder=out" ...
#
# There are 80 batches and 50 epochs in case exp, 150 and 100 in case multi.

set -euo pipefail
program=$1
file=$2
folder=$(sed -n 's/^set Output folder *= *//p' "$file")
for word in "${@:3}"; do
  case $word in "Output folder="*) folder=${word#*=} ;; esac
done
n_steps=4000
if grep -q '^set Case *= *multi' "$file"; then
  n_steps=15000
fi

"$@" --set "Training/Method=Adam" --set "Training/Batch size=100" \
  --set "Training/Maximal number of iterations=$n_steps" \
  --set "Map points per direction=0" --set "Output folder=$folder/adam"
"$@" --resume "$folder/adam/model.json"
