# The reader in doc/ must find what the library finds: the values stored beside
# two model files, one of version 1 and one of version 2 with all maps.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
#   read_model_test.py READER FOLDER

import importlib.util
import json
import sys

try:
    import numpy as np
except ImportError:
    sys.exit(77)  # the test is skipped

spec = importlib.util.spec_from_file_location("read_model", sys.argv[1])
reader = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reader)

for version in 1, 2:
    path = f"{sys.argv[2]}/stored_model_{version}"
    with open(path + ".json") as file:
        model = json.load(file)
    values = np.loadtxt(path + ".values", ndmin=2)
    n = len(model["coordinates"])
    found = reader.components(model, values[:, :n]).real
    expected = values[:, n:]
    error = np.abs(found - expected).max() / np.abs(expected).max()
    print(f"version {version}: relative error {error:.1e}")
    if found.shape != expected.shape or not error < 1e-12:
        sys.exit("The reader does not find the values of the library.")
