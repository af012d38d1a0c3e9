// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included by the translation units of the jet engine; everything has internal
// linkage, see jet_engine.h.

#ifndef derl_network_kernels_make_engine_h
#define derl_network_kernels_make_engine_h

#include "jacobian_factors.h"
#include "jet_engine.h"
#include "propagation.h"

namespace derl
{
  namespace internal
  {
    namespace
    {
      /**
       * The functions of the instruction set that the including file is
       * compiled for.
       */
      template <typename Number>
      constexpr JetEngine<Number>
      make_engine(const char *const instruction_set)
      {
        return {instruction_set,
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
      }
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
