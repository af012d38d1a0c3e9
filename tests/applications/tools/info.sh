# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# What a model file holds must be shown, and mistakes told.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../common.sh"
model=$here/../../network/stored_model_2.json

for n in 1 2; do
  succeed $n $n.log "$model"
  for phrase in "coordinates  *x, y" "components  *u, v, p" \
    "network  *5-6-5-2, tanh, 83 parameters" "written with  *DERL 0.1.0"; do
    check "$n ranks: '$phrase'" grep -q "^$phrase" $n.log
    check "$n ranks: once" [ "$(grep -c "^$phrase" $n.log)" = 1 ]
  done
done
check "the maps are shown" grep -q "^maps" 1.log

succeed 1 help.log --help
check "help" grep -q "^Usage: derl-info MODEL" help.log
run 1 nothing.log && fail "nothing is no model"
check "usage is shown" grep -q "^Usage: derl-info MODEL" nothing.log
run 2 none.log none.json && fail "a file that does not exist"
check "the file is named" grep -q "'none.json' does not exist" none.log
finish
