// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/jet_plan.h>
#include <derl/network/surrogate.h>

#include <deal.II/base/memory_consumption.h>

#include <algorithm>
#include <functional>

#include "jet_map.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    constexpr unsigned int no_weight = numbers::invalid_unsigned_int;

    /** Taylor coefficients of a distance, the value included. */
    constexpr unsigned int n_taylor = 5;



    double
    binomial(const unsigned int n, const unsigned int k)
    {
      double result = 1.;
      for (unsigned int i = 1; i <= k; ++i)
        result = result * (n - k + i) / i;
      return result;
    }



    /**
     * Call function(gamma, alpha - gamma, product of binomial coefficients) for
     * all gamma <= alpha.
     */
    void
    for_each_part(
      const MultiIndex &alpha,
      const std::function<
        void(const MultiIndex &, const MultiIndex &, const double)> &function)
    {
      MultiIndex part(alpha.size(), 0), rest(alpha);
      while (true)
        {
          double factor = 1.;
          for (unsigned int d = 0; d < alpha.size(); ++d)
            factor *= binomial(alpha[d], part[d]);
          function(part, rest, factor);
          unsigned int d = 0;
          for (; d < alpha.size() && part[d] == alpha[d]; ++d)
            {
              part[d] = 0;
              rest[d] = alpha[d];
            }
          if (d == alpha.size())
            return;
          ++part[d];
          --rest[d];
        }
    }



    /**
     * The position of the first entry with a property, which is appended if
     * there is none.
     */
    template <typename Entry, typename Predicate>
    unsigned int
    position_of(std::vector<Entry> &entries,
                const Entry        &entry,
                const Predicate    &is_equal)
    {
      const auto same = std::find_if(entries.begin(), entries.end(), is_equal);
      const unsigned int position = std::distance(entries.begin(), same);
      if (same == entries.end())
        entries.push_back(entry);
      return position;
    }
  } // namespace



  internal::JetMap::JetMap(const OutputMap     &map,
                           const DerivativeSet &derivatives,
                           const DerivativeSet &network_derivatives,
                           const unsigned int   block_points)
    : n_coordinates(derivatives.n_coordinates())
    , stride(block_points)
    , n_jets(map.components().size() * derivatives.size())
    , n_network_jets(map.exact_values().size() * network_derivatives.size())
  {
    for (unsigned int c = 0; c < map.components().size(); ++c)
      for (unsigned int e = 0; e < derivatives.size(); ++e)
        for (const OutputMap::Term &term : map.components()[c])
          {
            MultiIndex derivative = derivatives[e];
            for (unsigned int d = 0; d < n_coordinates; ++d)
              derivative[d] += term.derivative[d];
            add(c * derivatives.size() + e,
                map.exact_values()[term.output],
                term.output * network_derivatives.size(),
                network_derivatives,
                derivative,
                term.coefficient);
          }
    for (const auto &surrogate : surrogates)
      plans.push_back(surrogate->make_plan(network_derivatives));
  }



  void
  internal::JetMap::add(const std::size_t    jet,
                        const ExactValues   &values,
                        const std::size_t    first_network_jet,
                        const DerivativeSet &network_derivatives,
                        const MultiIndex    &derivative,
                        const double         coefficient)
  {
    for_each_part(derivative,
                  [&](const MultiIndex &of_distance,
                      const MultiIndex &of_network,
                      const double      factor) {
                    add_weighted({jet,
                                  first_network_jet +
                                    network_derivatives.index_of(of_network),
                                  coefficient * factor,
                                  no_weight},
                                 values,
                                 of_distance);
                  });
    add_lifting(jet,
                values,
                derivative,
                network_derivatives.index_of(derivative),
                coefficient);
  }



  void
  internal::JetMap::add_weighted(const Summand     &summand,
                                 const ExactValues &values,
                                 const MultiIndex  &derivative)
  {
    // a polynomial has no more derivatives than its degree
    MultiIndex degrees(n_coordinates, 0);
    for (const ExactValues::Factor &factor : values.distance)
      ++degrees[factor.coordinate];
    for (unsigned int d = 0; d < n_coordinates; ++d)
      if (derivative[d] > degrees[d])
        return;

    summands.push_back(summand);
    if (values.distance.empty())
      return;
    const unsigned int distance =
      position_of(distances, values.distance, [&](const auto &other) {
        return other == values.distance;
      });
    summands.back().weight = position_of(
      weights, Weight{distance, derivative}, [&](const Weight &other) {
        return other.distance == distance && other.derivative == derivative;
      });
  }



  void
  internal::JetMap::add_lifting(const std::size_t  jet,
                                const ExactValues &values,
                                const MultiIndex  &derivative,
                                const unsigned int entry,
                                const double       coefficient)
  {
    for (const ExactValues::Monomial &monomial : values.polynomial)
      {
        Monomial result = {
          jet, coefficient * monomial.coefficient, monomial.exponents};
        for (unsigned int d = 0; d < n_coordinates; ++d)
          for (unsigned int i = 0; i < derivative[d]; ++i)
            {
              result.coefficient *= result.exponents[d];
              if (result.exponents[d] > 0)
                --result.exponents[d];
            }
        if (result.coefficient != 0.)
          monomials.push_back(result);
      }
    if (values.surrogate != nullptr)
      lifted.push_back({jet,
                        position_of(surrogates,
                                    values.surrogate,
                                    [&](const auto &other) {
                                      return other == values.surrogate;
                                    }),
                        values.surrogate_component,
                        entry,
                        coefficient});
  }



  std::size_t
  internal::JetMap::Scratch::memory_consumption() const
  {
    std::size_t bytes = 0;
    for (const auto *numbers : {&coordinates, &taylor, &weights, &offsets})
      bytes += MemoryConsumption::memory_consumption(*numbers);
    for (const JetPlan::Workspace &lifting : liftings)
      bytes += lifting.memory_consumption();
    return bytes;
  }



  internal::JetMap::Scratch
  internal::JetMap::make_scratch() const
  {
    Scratch result;
    result.coordinates.resize(n_coordinates * stride);
    result.taylor.resize(n_coordinates * n_taylor * stride);
    result.weights.resize(weights.size() * stride);
    result.offsets.resize(n_jets * stride);
    for (unsigned int i = 0; i < plans.size(); ++i)
      {
        result.liftings.emplace_back(plans[i]);
        plans[i].set_parameters(surrogates[i]->parameters, result.liftings[i]);
      }
    return result;
  }



  void
  internal::JetMap::prepare(const double      *points,
                            const unsigned int n_points,
                            Scratch           &scratch) const
  {
    for (unsigned int d = 0; d < n_coordinates; ++d)
      for (unsigned int k = 0; k < n_points; ++k)
        scratch.coordinates[d * stride + k] = points[k * n_coordinates + d];
    compute_weights(n_points, scratch);

    if (monomials.empty() && lifted.empty())
      return;
    std::fill(scratch.offsets.begin(), scratch.offsets.end(), 0.);
    add_polynomials(n_points, scratch);
    for (unsigned int i = 0; i < plans.size(); ++i)
      {
        const auto add_jets = [&](const unsigned int first,
                                  const JetBlock    &jets) {
          for (const Lifted &l : lifted)
            if (l.lifting == i)
              {
                const double *const jet = jets(l.component, l.entry);
                double *const       out =
                  scratch.offsets.data() + l.jet * stride + first;
                for (unsigned int k = 0; k < jets.n_points(); ++k)
                  out[k] += l.coefficient * jet[k];
              }
        };
        // a reference, because a function object would allocate memory
        plans[i].evaluate(
          ArrayView<const double>(points, n_points * n_coordinates),
          scratch.liftings[i],
          std::cref(add_jets));
      }
  }



  void
  internal::JetMap::compute_weights(const unsigned int n_points,
                                    Scratch           &scratch) const
  {
    // a distance without factors is one and has no weights
    for (unsigned int i = 0; i < distances.size(); ++i)
      {
        const auto taylor = [&](const unsigned int d, const unsigned int m) {
          return scratch.taylor.data() + (d * n_taylor + m) * stride;
        };
        for (unsigned int d = 0; d < n_coordinates; ++d)
          for (unsigned int m = 0; m < n_taylor; ++m)
            std::fill_n(taylor(d, m), n_points, m == 0 ? 1. : 0.);
        for (const ExactValues::Factor &factor : distances[i])
          {
            const double *const x =
              scratch.coordinates.data() + factor.coordinate * stride;
            const double slope = 1. / factor.scale;
            for (unsigned int m = n_taylor; m-- > 0;)
              {
                double *const       out = taylor(factor.coordinate, m);
                const double *const lower =
                  m > 0 ? taylor(factor.coordinate, m - 1) : nullptr;
                for (unsigned int k = 0; k < n_points; ++k)
                  out[k] = slope * ((x[k] - factor.position) * out[k] +
                                    (m > 0 ? lower[k] : 0.));
              }
          }
        for (unsigned int w = 0; w < weights.size(); ++w)
          if (weights[w].distance == i)
            {
              double *const out      = scratch.weights.data() + w * stride;
              double        constant = 1.;
              for (const unsigned int m : weights[w].derivative)
                for (unsigned int j = 2; j <= m; ++j)
                  constant *= j;
              std::fill_n(out, n_points, constant);
              for (unsigned int d = 0; d < n_coordinates; ++d)
                {
                  const double *const t = taylor(d, weights[w].derivative[d]);
                  for (unsigned int k = 0; k < n_points; ++k)
                    out[k] *= t[k];
                }
            }
      }
  }



  void
  internal::JetMap::add_polynomials(const unsigned int n_points,
                                    Scratch           &scratch) const
  {
    for (const Monomial &monomial : monomials)
      {
        double *const out = scratch.offsets.data() + monomial.jet * stride;
        for (unsigned int k = 0; k < n_points; ++k)
          {
            double value = monomial.coefficient;
            for (unsigned int d = 0; d < n_coordinates; ++d)
              for (unsigned int i = 0; i < monomial.exponents[d]; ++i)
                value *= scratch.coordinates[d * stride + k];
            out[k] += value;
          }
      }
  }



  void
  internal::JetMap::add_product(const Summand     &summand,
                                const unsigned int n_points,
                                const Scratch     &scratch,
                                const double      *in,
                                double            *out) const
  {
    const double factor = summand.coefficient;
    if (summand.weight == no_weight)
      for (unsigned int k = 0; k < n_points; ++k)
        out[k] += factor * in[k];
    else
      {
        const double *const weight =
          scratch.weights.data() + summand.weight * stride;
        for (unsigned int k = 0; k < n_points; ++k)
          out[k] += factor * weight[k] * in[k];
      }
  }



  void
  internal::JetMap::apply(const double      *network,
                          const unsigned int n_points,
                          const bool         with_offsets,
                          const Scratch     &scratch,
                          double            *jets) const
  {
    const bool has_offsets = !monomials.empty() || !lifted.empty();
    if (has_offsets && with_offsets)
      std::copy(scratch.offsets.begin(), scratch.offsets.end(), jets);
    else
      std::fill_n(jets, n_jets * stride, 0.);
    for (const Summand &summand : summands)
      add_product(summand,
                  n_points,
                  scratch,
                  network + summand.network_jet * stride,
                  jets + summand.jet * stride);
  }



  void
  internal::JetMap::apply_transposed(const double      *adjoints,
                                     const unsigned int n_points,
                                     const Scratch     &scratch,
                                     double            *network) const
  {
    std::fill_n(network, n_network_jets * stride, 0.);
    for (const Summand &summand : summands)
      add_product(summand,
                  n_points,
                  scratch,
                  adjoints + summand.jet * stride,
                  network + summand.network_jet * stride);
  }
} // namespace derl
