// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "jacobian_factors.h"
#include "jet_engine.h"
#include "propagation.h"

namespace derl
{
  namespace internal
  {
    template <typename Number>
    const JetEngine<Number> &
    jet_engine_avx2()
    {
      static constexpr JetEngine<Number> engine = {
        "avx2",
        panel_size<Number>,
        &set_parameters<Number>,
        &set_direction<Number>,
        &propagate<ValueAccess<Number>>,
        &propagate<DualAccess<Number>>,
        &n_sums<Number>,
        &backward<Number>,
        &add_sums<Number>,
        &factorize<Number>,
        &expand_rows<Number>,
        &inner_products<Number>};
      return engine;
    }

    template const JetEngine<double> &
    jet_engine_avx2<double>();

    template const JetEngine<float> &
    jet_engine_avx2<float>();
  } // namespace internal
} // namespace derl
