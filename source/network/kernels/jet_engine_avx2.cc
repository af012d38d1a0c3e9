// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "jet_engine_implementation.h"

namespace derl
{
  namespace internal
  {
    const JetEngine &
    jet_engine_avx2()
    {
      static constexpr JetEngine engine = {"avx2",
                                           n_lanes,
                                           panel_size,
                                           &set_parameters,
                                           &forward,
                                           &backward,
                                           &collect_gradient};
      return engine;
    }
  } // namespace internal
} // namespace derl
