// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "chain_rule.h"

#include <algorithm>

namespace derl
{
  namespace
  {
    double
    factorial(const unsigned int n)
    {
      return n < 2 ? 1. : n * factorial(n - 1);
    }



    double
    factorial(const MultiIndex &index)
    {
      double result = 1;
      for (const unsigned int entry : index)
        result *= factorial(entry);
      return result;
    }



    /**
     * Extend @p parts, whose sum with @p rest is the target, by all
     * non-increasing (by position in the set) continuations.
     */
    void
    partition(const DerivativeSet             &derivatives,
              const MultiIndex                &rest,
              const std::vector<unsigned int> &parts,
              const unsigned int               target,
              std::vector<ChainProduct>       &products)
    {
      if (order(rest) == 0)
        {
          if (parts.size() < 2)
            return;
          double coefficient = factorial(derivatives[target]);
          for (const unsigned int part : parts)
            coefficient /= factorial(derivatives[part]);
          for (auto same = parts.begin(); same != parts.end();)
            {
              const auto next = std::upper_bound(
                same, parts.end(), *same, std::greater<unsigned int>());
              coefficient /= factorial(static_cast<unsigned int>(next - same));
              same = next;
            }
          products.push_back({target, coefficient, parts});
          return;
        }

      const unsigned int largest =
        parts.empty() ? derivatives.size() - 1 : parts.back();
      for (unsigned int candidate = largest; candidate > 0; --candidate)
        {
          const MultiIndex &part    = derivatives[candidate];
          MultiIndex        smaller = rest;
          bool              fits    = true;
          for (unsigned int i = 0; i < rest.size(); ++i)
            if (part[i] <= rest[i])
              smaller[i] -= part[i];
            else
              fits = false;
          if (fits)
            {
              std::vector<unsigned int> extended = parts;
              extended.push_back(candidate);
              partition(derivatives, smaller, extended, target, products);
            }
        }
    }
  } // namespace



  std::vector<ChainProduct>
  chain_products(const DerivativeSet &derivatives)
  {
    std::vector<ChainProduct> products;
    for (unsigned int target = 1; target < derivatives.size(); ++target)
      partition(derivatives, derivatives[target], {}, target, products);
    return products;
  }
} // namespace derl
