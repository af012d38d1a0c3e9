// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A surrogate with random parameters for each input map and output map.

#ifndef derl_tests_network_mapped_surrogates_h
#define derl_tests_network_mapped_surrogates_h

#include <derl/network/jet_plan.h>
#include <derl/network/surrogate.h>

#include <limits>

#include "network_tests.h"

namespace derl
{
  struct MappedSurrogate
  {
    std::string name;
    Surrogate   surrogate;
    /** How many orders of the network's derivatives its values take. */
    unsigned int n_orders;
  };



  /**
   * The surrogate of a random network of the shape that the maps ask for.
   */
  inline Surrogate
  random_surrogate(const Architecture              &kind,
                   const unsigned int               n_coordinates,
                   const std::vector<unsigned int> &hidden,
                   const unsigned int               n_components,
                   const InputMap                  &input_map,
                   const OutputMap                 &output_map)
  {
    const std::vector<std::string> letters = {
      "x", "y", "z", "t", "a", "b", "c", "d"};
    RandomNetwork network(kind,
                          input_map.n_features(n_coordinates),
                          hidden,
                          output_map.n_outputs(n_components),
                          true);
    Surrogate     result(network.architecture,
                     {letters.begin(), letters.begin() + n_coordinates},
                     {letters.begin(), letters.begin() + n_components},
                     input_map,
                     output_map);
    result.parameters           = network.parameters;
    result.scaling.output_shift = network.scaling.output_shift;
    result.scaling.output_scale = network.scaling.output_scale;
    for (unsigned int d = 0; d < n_coordinates; ++d)
      {
        result.scaling.input_shift[d] = 0.5 + 0.1 * d;
        result.scaling.input_scale[d] = 0.8 + 0.3 * d;
      }
    return result;
  }



  /**
   * Points in the box in which the network varies, as [point][coordinate].
   */
  inline std::vector<double>
  random_points(const Surrogate &surrogate, const unsigned int n_points)
  {
    RandomStream        random(5);
    std::vector<double> result;
    for (unsigned int p = 0; p < n_points; ++p)
      for (unsigned int d = 0; d < surrogate.n_coordinates(); ++d)
        result.push_back(surrogate.scaling.input_shift[d] +
                         surrogate.scaling.input_scale[d] *
                           (2. * random.uniform() - 1.));
    return result;
  }



  /**
   * Values on both faces of the first coordinate and the lower ones of the
   * others; the lifting is a polynomial.
   */
  inline ExactValues
  polynomial_values(const unsigned int dim, const unsigned int multiplicity)
  {
    std::vector<double> lower(dim), upper(dim);
    for (unsigned int d = 0; d < dim; ++d)
      {
        lower[d] = -0.3 + 0.1 * d;
        upper[d] = d == 0 ? 1.7 : std::numeric_limits<double>::infinity();
      }
    ExactValues result = ExactValues::on_box(lower, upper, multiplicity);
    MultiIndex  linear(dim, 0), high(dim, 1);
    linear[dim - 1]   = 1;
    high[0]           = 3;
    result.polynomial = {
      {MultiIndex(dim, 0), 0.7}, {linear, -1.2}, {high, 0.4}};
    return result;
  }



  /**
   * All kinds of maps in @p dim coordinates, 1 to 4.
   */
  inline std::vector<MappedSurrogate>
  mapped_surrogates(const Architecture              &kind,
                    const unsigned int               dim,
                    const std::vector<unsigned int> &hidden)
  {
    std::vector<MappedSurrogate> result;
    const auto                   add = [&](const std::string &name,
                         const unsigned int n_components,
                         const InputMap    &input,
                         const OutputMap   &output,
                         const unsigned int n_orders) {
      result.push_back(
        {name,
         random_surrogate(kind, dim, hidden, n_components, input, output),
         n_orders});
    };
    const InputMap  affine;
    const OutputMap identity;
    const InputMap  periodic = InputMap::periodic(dim, {{dim - 1, 2.5, 2}});
    add("periodic", 2, periodic, identity, 0);

    // a wave that is oblique, and a linear feature beside it
    std::vector<double> wave(dim);
    for (unsigned int d = 0; d < dim; ++d)
      wave[d] = 0.3 - 0.2 * d;
    add("wave", 1, InputMap({0}, {wave}), identity, 0);

    OutputMap polynomial = OutputMap::identity(2, dim);
    polynomial.impose(0, polynomial_values(dim, 1));
    add("exact values", 2, affine, polynomial, 0);

    ExactValues lifted = polynomial_values(dim, 2);
    lifted.surrogate   = std::make_shared<const Surrogate>(
      random_surrogate(kind, dim, {4, 3}, 2, periodic, identity));
    lifted.surrogate_component = 1;
    OutputMap with_lifting     = OutputMap::identity(1, dim);
    with_lifting.impose(0, lifted);
    add("exact values of a surrogate", 1, affine, with_lifting, 0);

    add("gradient", dim, affine, OutputMap::gradient(dim, dim), 1);
    if (dim == 2 || dim == 3)
      {
        OutputMap curl = OutputMap::curl(dim, dim);
        add("curl", dim, affine, curl, 1);
        curl.impose(0, polynomial_values(dim, 2));
        add("periodic curl with exact values and pressure",
            dim + 1,
            periodic,
            OutputMap::direct_sum({curl, OutputMap::identity(1, dim)}),
            1);
      }
    if (dim > 1)
      add("conservation law", dim, affine, OutputMap::conservation_law(dim), 2);
    return result;
  }



  const std::vector<JetPlan::Algorithm> algorithms = {
    JetPlan::Algorithm::automatic,
    JetPlan::Algorithm::forward};



  inline std::vector<double>
  jets_of(const Surrogate           &surrogate,
          const DerivativeSet       &set,
          const std::vector<double> &points,
          const JetPlan::Algorithm   algorithm = JetPlan::Algorithm::automatic)
  {
    return all_jets(JetPlan(surrogate, set, algorithm),
                    surrogate.parameters,
                    points,
                    surrogate.n_components());
  }



  /**
   * The gradient of the sum over points, components and derivatives of
   * coefficient times jet.
   */
  inline dealii::Vector<double>
  gradient_of(const JetPlan             &plan,
              const Surrogate           &surrogate,
              const std::vector<double> &points,
              const std::vector<double> &coefficients)
  {
    JetPlan::Workspace     workspace(plan);
    dealii::Vector<double> result(surrogate.parameters.size());
    plan.set_parameters(surrogate.parameters, workspace);
    const unsigned int n_components = surrogate.n_components();
    const unsigned int n_entries    = plan.derivative_set().size();
    plan.add_gradient(
      view(points),
      workspace,
      [&](const unsigned int first,
          const JetBlock    &jets,
          const JetBlock    &adjoints) {
        std::size_t next = std::size_t(first) * n_components * n_entries;
        for (unsigned int p = 0; p < jets.n_points(); ++p)
          for (unsigned int c = 0; c < n_components; ++c)
            for (unsigned int e = 0; e < n_entries; ++e)
              adjoints(c, e)[p] = coefficients[next++];
      },
      result);
    return result;
  }



  inline std::vector<double>
  random_numbers(const std::size_t n)
  {
    RandomStream        random(13);
    std::vector<double> result(n);
    for (double &x : result)
      x = 2. * random.uniform() - 1.;
    return result;
  }
} // namespace derl

#endif
