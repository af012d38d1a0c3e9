#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   run_test.sh numdiff folder reference command...
#
# Run a test in a folder of its own, which is emptied first, and compare the
# file "output" that it writes there with the reference, number by number.

numdiff=$1 folder=$2 reference=$3
shift 3
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder" || exit 1

"$@" >screen 2>&1 </dev/null
status=$?
if [ $status -ne 0 ]; then
  echo "Exit status $status of: $*"
  for file in output screen; do
    [ ! -s $file ] || { echo "The end of $folder/$file:"; tail -n 40 $file; }
  done
  exit 1
fi

# the tolerances and separators of deal.II's test suite
"$numdiff" -a 1e-6 -r 1e-8 -s ' \t\r\n=,:;<>[](){}^' \
  "$reference" output >difference && exit
echo "$folder/output is not $reference:"
head -n 40 difference
exit 1
