# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Distillation keeps what fine-tuning forgets, for each problem; a chain that
# is killed with -9 at some instant ends in the same table, on another number of
# ranks, too.

source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

options=(--set "Points=300" --set "Training/Maximal time=0"
  --set "Training/Checkpoint iterations=50")
for problem in allen_cahn_domain allen_cahn_strips allen_cahn_parameters; do
  # how much worse fine-tuning must be, which parameters forgive
  n=400 factor=1.5
  [ $problem != allen_cahn_parameters ] || n=800 factor=1.3
  short=("${options[@]}" --set "Problem=$problem"
    --set "Training/Maximal number of iterations=$n")
  [ $problem != allen_cahn_parameters ] ||
    short+=(--set "Network/Hidden layers=20, 20")
  for mode in derl fine_tuning; do
    succeed 1 log.txt "$prm/$mode.prm" "${short[@]}" \
      --set "Output folder=${problem}_$mode"
    [ $problem$mode != allen_cahn_domainderl ] || cp log.txt domain.txt
  done
  kept=$(figure ${problem}_derl/summary.json forgetting value_forgetting)
  forgotten=$(figure ${problem}_fine_tuning/summary.json forgetting \
    value_forgetting)
  check "$problem: $kept and $forgotten" \
    holds "0 < $kept && $factor * $kept < $forgotten"
done
check "the table" grep -q \
  "^| x > 0 and y <= 0 *| [0-9.e-]* *| [0-9.e-]* *| [0-9.e-]*\\* *|" \
  domain.txt

order_of_stages() { # an order
  succeed 1 log.txt "$prm/derl.prm" --set "Points=60" --set "Order=$1" \
    --set "Training/Maximal number of iterations=1" --set "Output folder=order"
  grep "^Stage" log.txt | sed 's/^Stage \(.*\);.*;.*;.*$/\1/' | tr '\n' ';'
}
check "backward" test "$(order_of_stages backward)" = \
  "1 of 3: y > 0;2 of 3: x > 0 and y <= 0;3 of 3: x <= 0 and y <= 0;"
check "there and back" test "$(order_of_stages "there and back" | cut -d';' -f3-)" = \
  "3 of 5: y > 0;4 of 5: x > 0 and y <= 0;5 of 5: x <= 0 and y <= 0;"

# All processes below one, by their numbers.
descendants() {
  local child
  for child in $(pgrep -P "$1"); do
    descendants "$child"
    echo "$child"
  done
}

chain() { # ranks log folder
  run "$1" "$2" "$prm/derl.prm" "${options[@]}" --restart \
    --set "Output folder=$PWD/$3" "${length[@]}"
}

# Each stage has a checkpoint before it is killed: when the second one writes
# its checkpoint, the first one is complete.
kill_after() { # ranks folder file-that-appears
  chain "$1" killed.txt "$2" &
  while [ ! -e "$2/$3" ] && kill -0 $! 2>/dev/null; do
    sleep 0.02
  done
  # shellcheck disable=SC2046 # each number is an argument
  kill -9 $(descendants $!)
  wait $!
  check "$2 was killed after $3" test -e "$2/$3" -a ! -e "$2/forgetting.csv"
}

length=(--set "Training/Maximal number of iterations=400")
kill_after 2 killed stage_1/checkpoint.derl
kill_after 2 killed stage_2/checkpoint.derl
for name in killed whole; do
  chain 2 log.txt $name || fail "$name: exit status $?"
done
# all but the last column, which is seconds
check "the same table" cmp <(sed 's/,[^,]*$//' killed/forgetting.csv) \
  <(sed 's/,[^,]*$//' whole/forgetting.csv)

# On another number of ranks sums are rounded otherwise. Quasi-Newton methods
# amplify that without limit, see doc/checkpoint.md; that of Levenberg and
# Marquardt hardly does, so a chain that goes on wrongly would show.
largest_change() { # of an entry of one table relative to that of the other
  paste -d, "$1/forgetting.csv" "$2/forgetting.csv" | awk -F, '
    NR > 1 {
      n = NF / 2
      for (i = 1; i < n; ++i) {
        change = $i == $(n + i) ? 0 : $(n + i) / $i - 1
        if (change < 0) change = -change
        if (change > worst) worst = change
      }
      ++rows
    }
    END { print rows == 4 ? worst + 0 : "inf" }'
}
length=(--set "Training/Maximal number of iterations=30"
  --set "Training/Checkpoint iterations=3"
  --set "Training/Method=Levenberg-Marquardt")
chain 1 log.txt whole_one || fail "exit status $?"
for ranks in 1 3; do
  others=$((4 - ranks))
  name=killed_on_${ranks}_and_$others
  kill_after $ranks $name stage_1/checkpoint.derl
  check "in the first stage" test ! -e $name/stage_1/stage.json
  kill_after $others $name stage_2/checkpoint.derl
  check "in the second stage" test ! -e $name/stage_2/stage.json
  chain $ranks log.txt $name || fail "exit status $?"
  check "it went on" grep -q "Stage 1 is complete" log.txt
  change=$(largest_change whole_one $name)
  check "$name: $change" holds "$change < 0.01"
done
finish
