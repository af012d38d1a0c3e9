// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/maps.h>
#include <derl/network/surrogate.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The derivative once with respect to each of the given coordinates.
     */
    MultiIndex
    derivative(const unsigned int                         n_coordinates,
               const std::initializer_list<unsigned int> &coordinates)
    {
      MultiIndex result(n_coordinates, 0);
      for (const unsigned int d : coordinates)
        ++result[d];
      return result;
    }
  } // namespace



  ExactValues
  ExactValues::on_box(const std::vector<double> &lower,
                      const std::vector<double> &upper,
                      const unsigned int         multiplicity)
  {
    AssertThrow(lower.size() == upper.size(),
                ExcMessage("A box must have as many lower bounds as upper "
                           "ones."));
    ExactValues result;
    for (unsigned int d = 0; d < lower.size(); ++d)
      {
        const bool has_lower = std::isfinite(lower[d]);
        const bool has_upper = std::isfinite(upper[d]);
        AssertThrow(lower[d] < upper[d],
                    ExcMessage("A lower bound of a box must be less than the "
                               "upper one."));
        const double scale =
          has_lower && has_upper ? (upper[d] - lower[d]) / 2. : 1.;
        for (unsigned int i = 0; i < multiplicity; ++i)
          {
            if (has_lower)
              result.distance.push_back({d, lower[d], scale});
            if (has_upper)
              result.distance.push_back({d, upper[d], -scale});
          }
      }
    return result;
  }



  bool
  ExactValues::is_trivial() const
  {
    return distance.empty() && polynomial.empty() && surrogate == nullptr;
  }



  void
  ExactValues::check(const unsigned int n_coordinates) const
  {
    for (const Factor &factor : distance)
      {
        AssertThrow(factor.coordinate < n_coordinates,
                    ExcMessage("Exact values are given on a face of coordinate "
                               "number " +
                               std::to_string(factor.coordinate) +
                               ", but there are only " +
                               std::to_string(n_coordinates) + "."));
        AssertThrow(std::isfinite(factor.position) &&
                      std::isfinite(factor.scale) && factor.scale != 0.,
                    ExcMessage("A face on which exact values are given must "
                               "have a finite position, and a finite scale "
                               "that is not zero."));
      }
    for (const Monomial &monomial : polynomial)
      {
        AssertThrow(monomial.exponents.size() == n_coordinates &&
                      std::isfinite(monomial.coefficient),
                    ExcMessage("A polynomial of exact values must have finite "
                               "coefficients, and one exponent for each "
                               "coordinate."));
        for (const unsigned int exponent : monomial.exponents)
          AssertThrow(exponent <= 64,
                      ExcMessage("A polynomial of exact values has the "
                                 "exponent " +
                                 std::to_string(exponent) + ", above 64."));
      }
    if (surrogate == nullptr)
      return;
    surrogate->check();
    AssertThrow(surrogate->n_coordinates() == n_coordinates,
                ExcMessage("The surrogate of exact values has " +
                           std::to_string(surrogate->n_coordinates()) +
                           " coordinates instead of " +
                           std::to_string(n_coordinates) + "."));
    AssertThrow(surrogate_component < surrogate->n_components(),
                ExcMessage("The surrogate of exact values has too few "
                           "components."));
  }



  bool
  ExactValues::Factor::operator==(const Factor &other) const
  {
    return coordinate == other.coordinate && position == other.position &&
           scale == other.scale;
  }



  bool
  ExactValues::Monomial::operator==(const Monomial &other) const
  {
    return exponents == other.exponents && coefficient == other.coefficient;
  }



  bool
  ExactValues::operator==(const ExactValues &other) const
  {
    return distance == other.distance && polynomial == other.polynomial &&
           surrogate == other.surrogate &&
           surrogate_component == other.surrogate_component;
  }



  bool
  OutputMap::Term::operator==(const Term &other) const
  {
    return output == other.output && derivative == other.derivative &&
           coefficient == other.coefficient;
  }



  OutputMap::OutputMap(const unsigned int                    n_outputs,
                       const std::vector<std::vector<Term>> &components)
    : imposed(n_outputs)
    , terms(components)
  {
  }



  OutputMap
  OutputMap::identity(const unsigned int n_outputs,
                      const unsigned int n_coordinates)
  {
    std::vector<std::vector<Term>> components;
    for (unsigned int o = 0; o < n_outputs; ++o)
      components.push_back({{o, derivative(n_coordinates, {}), 1.}});
    return OutputMap(n_outputs, components);
  }



  OutputMap
  OutputMap::gradient(const unsigned int dim, const unsigned int n_coordinates)
  {
    AssertThrow(dim <= n_coordinates,
                ExcMessage("There are fewer coordinates than the gradient has "
                           "components."));
    std::vector<std::vector<Term>> components;
    for (unsigned int d = 0; d < dim; ++d)
      components.push_back({{0, derivative(n_coordinates, {d}), 1.}});
    return OutputMap(1, components);
  }



  OutputMap
  OutputMap::curl(const unsigned int dim, const unsigned int n_coordinates)
  {
    AssertThrow((dim == 2 || dim == 3) && dim <= n_coordinates,
                ExcMessage("A curl needs two or three coordinates in space."));
    const auto d = [&](const unsigned int coordinate) {
      return derivative(n_coordinates, {coordinate});
    };
    if (dim == 2)
      return OutputMap(1, {{{0, d(1), 1.}}, {{0, d(0), -1.}}});
    return OutputMap(3,
                     {{{2, d(1), 1.}, {1, d(2), -1.}},
                      {{0, d(2), 1.}, {2, d(0), -1.}},
                      {{1, d(0), 1.}, {0, d(1), -1.}}});
  }



  OutputMap
  OutputMap::conservation_law(const unsigned int n_coordinates)
  {
    AssertThrow(n_coordinates > 1,
                ExcMessage("A conservation law needs two coordinates or "
                           "more."));
    std::vector<std::vector<Term>> components(n_coordinates);
    for (unsigned int i = 0; i < n_coordinates; ++i)
      for (unsigned int j = 0; j < n_coordinates; ++j)
        if (j != i)
          {
            components[i].push_back({i, derivative(n_coordinates, {j, j}), 1.});
            components[i].push_back(
              {j, derivative(n_coordinates, {i, j}), -1.});
          }
    return OutputMap(n_coordinates, components);
  }



  OutputMap
  OutputMap::direct_sum(const std::vector<OutputMap> &maps)
  {
    OutputMap result;
    for (const OutputMap &map : maps)
      {
        AssertThrow(!map.terms.empty(),
                    ExcMessage("A part of a direct sum must say how many "
                               "outputs it has: use OutputMap::identity()."));
        const unsigned int first_output = result.imposed.size();
        for (std::vector<Term> component : map.terms)
          {
            for (Term &term : component)
              term.output += first_output;
            result.terms.push_back(component);
          }
        result.imposed.insert(
          result.imposed.end(), map.imposed.begin(), map.imposed.end());
      }
    return result;
  }



  OutputMap &
  OutputMap::impose(const unsigned int output, const ExactValues &values)
  {
    AssertThrow(output < imposed.size(),
                ExcMessage("Exact values are imposed on output " +
                           std::to_string(output) + ", but the map has " +
                           std::to_string(imposed.size()) + " outputs."));
    imposed[output] = values;
    return *this;
  }



  bool
  OutputMap::is_identity() const
  {
    if (terms.size() != imposed.size())
      return false;
    for (unsigned int c = 0; c < terms.size(); ++c)
      if (terms[c].size() != 1 || terms[c][0].output != c ||
          order(terms[c][0].derivative) > 0 || terms[c][0].coefficient != 1. ||
          !imposed[c].is_trivial())
        return false;
    return true;
  }



  unsigned int
  OutputMap::n_outputs(const unsigned int n_components) const
  {
    return terms.empty() ? n_components : imposed.size();
  }



  const std::vector<std::vector<OutputMap::Term>> &
  OutputMap::components() const
  {
    return terms;
  }



  const std::vector<ExactValues> &
  OutputMap::exact_values() const
  {
    return imposed;
  }



  DerivativeSet
  OutputMap::needed_derivatives(const DerivativeSet &derivatives) const
  {
    if (is_identity())
      return derivatives;
    std::vector<MultiIndex> needed;
    for (const auto &component : terms)
      for (const Term &term : component)
        for (MultiIndex index : derivatives)
          {
            std::transform(index.begin(),
                           index.end(),
                           term.derivative.begin(),
                           index.begin(),
                           std::plus<unsigned int>());
            if (std::find(needed.begin(), needed.end(), index) == needed.end())
              needed.push_back(index);
          }
    return DerivativeSet(derivatives.n_coordinates(), needed);
  }



  void
  OutputMap::check(const unsigned int n_coordinates,
                   const unsigned int n_components) const
  {
    if (terms.empty() && imposed.empty())
      return;
    AssertThrow(terms.size() == n_components,
                ExcMessage("The output map makes " +
                           std::to_string(terms.size()) +
                           " components, but the surrogate has " +
                           std::to_string(n_components) + "."));
    AssertThrow(!imposed.empty(), ExcMessage("The output map has no outputs."));
    for (const auto &component : terms)
      for (const Term &term : component)
        {
          AssertThrow(term.output < imposed.size(),
                      ExcMessage("The output map uses output " +
                                 std::to_string(term.output) +
                                 " of the network, but has only " +
                                 std::to_string(imposed.size()) + "."));
          AssertThrow(term.derivative.size() == n_coordinates,
                      ExcMessage("The output map is made for " +
                                 std::to_string(term.derivative.size()) +
                                 " coordinates, but the surrogate has " +
                                 std::to_string(n_coordinates) + "."));
          AssertThrow(std::isfinite(term.coefficient),
                      ExcMessage("A coefficient of the output map is not a "
                                 "finite number."));
          // the sum alone may be more than can be counted
          const auto &entries = term.derivative;
          AssertThrow(*std::max_element(entries.begin(), entries.end()) <= 4 &&
                        order(entries) <= 4,
                      ExcMessage("The output map uses derivatives of more than "
                                 "total order four."));
        }
    for (const ExactValues &values : imposed)
      values.check(n_coordinates);
  }



  bool
  OutputMap::operator==(const OutputMap &other) const
  {
    return imposed == other.imposed && terms == other.terms;
  }
} // namespace derl
