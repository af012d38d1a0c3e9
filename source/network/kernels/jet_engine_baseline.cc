// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "make_engine.h"

namespace derl
{
  namespace internal
  {
    template <typename Number>
    const JetEngine<Number> &
    jet_engine_baseline()
    {
      static constexpr JetEngine<Number> engine =
        make_engine<Number>("baseline");
      return engine;
    }

    template const JetEngine<double> &
    jet_engine_baseline<double>();

    template const JetEngine<float> &
    jet_engine_baseline<float>();
  } // namespace internal
} // namespace derl
