# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Distillation keeps what fine-tuning forgets, for each problem; a chain that
# is killed with -9 at some instant ends in the same table.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

options=(--set "Points=300" --set "Training/Maximal time=0"
  --set "Training/Checkpoint iterations=50")
for problem in allen_cahn_domain allen_cahn_strips allen_cahn_parameters; do
  n=400
  [ $problem != allen_cahn_parameters ] || n=150
  short=("${options[@]}" --set "Problem=$problem"
    --set "Training/Maximal number of iterations=$n")
  [ $problem != allen_cahn_parameters ] ||
    short+=(--set "Points=30" --set "Network/Hidden layers=10, 10")
  for mode in derl fine_tuning; do
    succeed 1 log.txt "$prm/$mode.prm" "${short[@]}" \
      --set "Output folder=${problem}_$mode"
    [ $problem$mode != allen_cahn_domainderl ] || cp log.txt domain.txt
  done
  kept=$(figure ${problem}_derl/summary.json forgetting value_forgetting)
  forgotten=$(figure ${problem}_fine_tuning/summary.json forgetting \
    value_forgetting)
  check "$problem: $kept and $forgotten" \
    holds "0 < $kept && 1.5 * $kept < $forgotten"
done
check "the table" grep -q \
  "^| x > 0 and y <= 0 *| [0-9.e-]* *| [0-9.e-]* *| [0-9.e-]*\\* *|" \
  domain.txt

# each stage has a checkpoint before it is killed: when the second one writes
# its log, the first one is complete
kill_after() { # a file that appears
  run 2 killed.txt "$prm/derl.prm" "${options[@]}" --set "Output folder=$PWD/killed" \
    --set "Training/Maximal number of iterations=400" --restart &
  while [ ! -e "killed/$1" ] && kill -0 $! 2>/dev/null; do
    sleep 0.05
  done
  pkill -9 -f "Output folder=$PWD/killed"
  wait $!
}
kill_after stage_1/checkpoint.derl
kill_after stage_2/checkpoint.derl
check "it was killed" test ! -e killed/forgetting.csv
for name in killed whole; do
  succeed 2 log.txt "$prm/derl.prm" "${options[@]}" --restart \
    --set "Output folder=$PWD/$name" --set "Training/Maximal number of iterations=400"
done
# all but the last column, which is seconds
check "the same table" cmp <(sed 's/,[^,]*$//' killed/forgetting.csv) \
  <(sed 's/,[^,]*$//' whole/forgetting.csv)
finish
