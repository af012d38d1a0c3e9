// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_chain_rule_h
#define derl_network_chain_rule_h

#include <derl/base/jet_entry.h>

namespace derl
{
  /**
   * One product of the multivariate chain rule: the derivative with index
   * @p target of f(z(x)) holds
   * coefficient * f^(m)(z) * prod_{j<m} z_{factors[j]}, m = factors.size(),
   * all indices being positions in a derivative set.
   */
  struct ChainProduct
  {
    unsigned int              target;
    double                    coefficient;
    std::vector<unsigned int> factors;
  };

  /**
   * All products of the chain rule for @p derivatives with two factors or
   * more. (The one with a single factor is f'(z) z_target for every entry but
   * the value.) Each stands for a way to write the multi-index as a sum of
   * non-zero parts beta_j, with the coefficient
   * alpha! / (prod_j beta_j! * prod_p multiplicity_p!), the second product
   * over distinct parts (Constantine and Savits, Trans. AMS 348 (1996) 503).
   */
  std::vector<ChainProduct>
  chain_products(const DerivativeSet &derivatives);
} // namespace derl

#endif
