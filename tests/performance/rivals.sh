#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Install PyTorch and JAX into a virtual environment and compare the network
# kernel with them; see rivals.py.
#
#   rivals.sh BUILD/tests/performance/kernel_benchmark [rounds [picture.png [case ...]]]
set -euo pipefail

environment=${RIVALS_ENVIRONMENT:-${TMPDIR:-/tmp}/derl-rivals}
if [ ! -x "$environment/bin/python" ]; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet torch jax numpy
fi
# Freed arrays of a batch are reused instead of being returned to the system.
export MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=4294967296 \
  MALLOC_TOP_PAD_=268435456
exec "$environment/bin/python" "$(dirname "$0")/rivals.py" "$@"
