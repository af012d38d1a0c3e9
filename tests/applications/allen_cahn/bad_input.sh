# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Mistakes of a user: each is told within seconds.

source "$(dirname "${BASH_SOURCE[0]}")/../bad_input_common.sh"
time_limit=20

cat >tiny.prm <<'PRM'
set Output folder = out
subsection Reference
  set Global refinements = 1
end
subsection Network
  set Hidden layers = 4, 4
end
subsection Training
  set Maximal number of iterations = 1
end
PRM

# set_bad PHRASE PATH=VALUE...: the same for entries
set_bad() {
  local phrase=$1 setting settings=()
  shift
  for setting in "$@"; do
    settings+=(--set "$setting")
  done
  bad "$phrase" tiny.prm "${settings[@]}"
}

# what is below must fail because of the mistake alone
PETSC_OPTIONS=-options_left \
  succeed 1 good.log tiny.prm --set "Output folder=good"
check "PETSc does not take our arguments for its own" \
  sh -c '! grep "options you set that were not used" good.log'
check "the network of these tests has 37 parameters" \
  grep -q '"n_parameters": 37,' good/summary.json

# the command line and the parameter file: bad_options.cc has all their mistakes
bad "There is no option --refine" tiny.prm --refine
bad "'none.prm' does not exist" none.prm
set_bad "There is no entry 'Random seed' outside of the sections.\
 Did you mean 'Samples/Random seed' or 'Network/Random seed'?" "Random seed=42"
set_bad "does not match the given pattern" "Network/Activation=relu"

# entries that do not fit the problem
set_bad "neither derivatives" "Training/Terms=interior: gradent"
set_bad "Mini-batches need the optimizer Adam" \
  "Training/Batch size=10" "Training/Method=L-BFGS"
set_bad "has no samples on any rank" "Samples/Source=exact" \
  "Samples/Number of random points=0"
set_bad "would be held out" "Training/Validation fraction=1e-6"
set_bad "raise 'Maximal Newton steps'" "Reference/Maximal Newton steps=1"
# the best parameters before are kept
kept=out/model.json
set_bad "Training diverged" "Training/Method=Adam" \
  "Training/Adam/Learning rate=1e300"
kept=

# more than the memory holds
set_bad "GB are available" "Network/Hidden layers=60000, 60000"
bad "GB are available" tiny.prm --set "Network/Hidden layers=60000" \
  --set "Training/Method=self-scaled Broyden"
set_bad "GB are available" "Network/Hidden layers=30000, 30000" \
  "Training/Method=L-BFGS"
set_bad "than can be counted" \
  "Network/Hidden layers=1000000, 1000000, 1000000"

# models
succeed 1 space.log tiny.prm --set "Output folder=space" --set Dimension=3 \
  --set "Reference/Global refinements=2"
head -c 500 good/model.json >truncated.json
sed 's/"seed": 30/"seed": 31/' good/model.json >altered.json
check "a model was altered" test "$(cmp -l good/model.json altered.json | wc -l)" = 1
for option in --evaluate --resume; do
  bad "The model file 'none.json' does not exist" tiny.prm $option none.json
  bad "'truncated.json' cannot be used: it is not valid JSON" \
    tiny.prm $option truncated.json
  bad "'altered.json' cannot be used: its checksum" \
    tiny.prm $option altered.json
  bad "'tiny.prm' cannot be used: it is not valid JSON" \
    tiny.prm $option tiny.prm
done
bad "3 coordinates" tiny.prm --evaluate space/model.json
bad "'space/model.json' is of another network" \
  tiny.prm --resume space/model.json
bad "'good/model.json' is of another network" \
  tiny.prm --resume good/model.json --set "Network/Hidden layers=4, 5"

# where results cannot be written
set_bad "Cannot create the output folder 'tiny.prm/out'" \
  "Output folder=tiny.prm/out"
set_bad "Cannot create the output folder 'tiny.prm'" "Output folder=tiny.prm"
set_bad "Cannot create the output folder '/proc/out'" "Output folder=/proc/out"
set_bad "The name of the output folder is empty" "Output folder="
mkdir -p before/training.csv
bad "Cannot write the log 'out/training.csv'" tiny.prm
rmdir before/training.csv
# /dev/full is a full disk
ln -s /dev/full before/training.csv
bad "Cannot write the log 'out/training.csv'" tiny.prm
rm before/training.csv
ln -s /dev/full before/model.json.part
kept=out/loss.png
bad "Cannot write 'out/model.json': No space left on device" tiny.prm
rm before/model.json.part
ln -s /dev/full before/summary.json.part
kept='out/\(model.json\|fields_0.*vtu\|.*png\)'
bad "Cannot write 'out/summary.json': No space left on device" tiny.prm

finish
