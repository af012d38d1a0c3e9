# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Values of a stored model must be its known ones, derivatives those of
# difference quotients, the table the same on any number of ranks.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../common.sh"
model=$here/../../network/stored_model_2.json
known=$here/../../network/stored_model_2.values # x y u v p

# columns in another order, and one that is none of the model's
awk 'BEGIN { print "y,id,x" } { print $2 "," NR "," $1 }' "$known" >points.csv
for n in 1 2 3; do
  succeed $n $n.log "$model" points.csv --output $n.csv
  check "$n ranks: all points" [ "$(wc -l <$n.csv)" = "$(($(wc -l <"$known") + 1))" ]
  check "$n ranks: names" [ "$(head -n 1 $n.csv)" = "x,y,u,v,p" ]
  check "$n ranks: the same table" cmp -s $n.csv 1.csv
done
tail -n +2 1.csv | tr , ' ' | paste -d ' ' - "$known" >both
check "known values" awk '
  { for (i = 1; i <= 5; ++i)
      if (($i - $(i + 5)) ^ 2 > 1e-24 * (1 + $i ^ 2)) exit 1 }' both

# u_x and u_xy by central differences
printf 'x,y\n0.301,0.2\n0.299,0.2\n0.3,0.2\n0.301,0.201\n0.301,0.199\n0.299,0.201\n0.299,0.199\n' \
  >stencil.csv
succeed 2 stencil.log "$model" stencil.csv --entries "u u_x u_xy"
check "the default file" test -s values.csv
check "derivatives" awk -F, '
  NR > 1 { u[NR - 1] = $3; u_x[NR - 1] = $4; u_xy[NR - 1] = $5 }
  END { a = (u[1] - u[2]) / 0.002 - u_x[3]
    b = (u[4] - u[5] - u[6] + u[7]) / 4e-6 - u_xy[3]
    exit !(a < 1e-3 && a > -1e-3 && b < 1e-3 && b > -1e-3 && u_xy[3] != 0) }' \
  values.csv

# bad TEXT ARGUMENTS...: an error with this text on two ranks, and no table
bad() {
  local text=$1
  shift
  run 2 bad.log "$@" --output bad.csv && fail "no error: $*"
  check "'$text'" grep -q "$text" bad.log
  check "no table" test ! -e bad.csv
}
printf 'x,z\n1,2\n' >no_y.csv
printf 'x,y\n1,2\n1,b\n' >letter.csv
bad "has no column 'y'" "$model" no_y.csv
bad "Line 3: 'b' is not a number" "$model" letter.csv
bad "'w' is no derivative" "$model" points.csv --entries w
bad "'none.csv' does not exist" "$model" none.csv
bad "There is no option --entry" "$model" points.csv --entry u
bad "Usage: " "$model"
run 1 value.log "$model" points.csv --entries && fail "an option without value"
check "it is named" grep -q "option --entries needs a value" value.log
finish
