// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "make_engine.h"

namespace derl
{
  namespace internal
  {
    template <typename Number>
    const JetEngine<Number> &
    jet_engine_avx512()
    {
      static constexpr JetEngine<Number> engine = make_engine<Number>("avx512");
      return engine;
    }

    template const JetEngine<double> &
    jet_engine_avx512<double>();

    template const JetEngine<float> &
    jet_engine_avx512<float>();
  } // namespace internal
} // namespace derl
