// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What the tests of the network room share: random networks, their jets as one
// plain array, and the verdict on a measured error.

#ifndef derl_tests_network_network_tests_h
#define derl_tests_network_network_tests_h

#include <derl/network/jet_plan.h>

#include <algorithm>
#include <cmath>

#include "../../source/base/random.h"
#include "../tests.h"

namespace derl
{
  /**
   * The number stays out of the output unless it is wrong: it depends on the
   * processor. Not a number is wrong.
   */
  inline void
  check_error(const std::string &what,
              const double       error,
              const double       tolerance)
  {
    dealii::deallog << what << ": ";
    if (error <= tolerance)
      dealii::deallog << "ok" << std::endl;
    else
      dealii::deallog << "FAILED, " << error << " is above " << tolerance
                      << std::endl;
  }



  inline void
  check_true(const std::string &what, const bool is_true)
  {
    dealii::deallog << what << ": " << (is_true ? "ok" : "FAILED") << std::endl;
  }



  inline std::string
  activation_name(const Architecture &architecture)
  {
    std::string name = to_string(architecture.activation);
    if (architecture.activation == Activation::softplus)
      name += " " + std::to_string(std::lround(architecture.softplus_beta));
    return name;
  }



  /**
   * An otherwise default network with the given activation.
   */
  inline Architecture
  with_activation(const Activation activation, const double softplus_beta = 1.)
  {
    Architecture result;
    result.activation    = activation;
    result.softplus_beta = softplus_beta;
    return result;
  }



  /**
   * The activations to be tested.
   */
  inline std::vector<Architecture>
  all_activations()
  {
    std::vector<Architecture> result;
    for (const ActivationDescription &entry : activation_table)
      result.push_back(with_activation(entry.activation));
    result.push_back(with_activation(Activation::softplus, 25.));
    return result;
  }



  /**
   * A network with parameters of moderate size and points where it varies.
   */
  struct RandomNetwork
  {
    RandomNetwork(const Architecture              &kind,
                  const unsigned int               n_inputs,
                  const std::vector<unsigned int> &hidden,
                  const unsigned int               n_outputs,
                  const bool                       with_scaling)
      : architecture(kind)
      , scaling(Scaling::identity(n_inputs, n_outputs))
      , random(7)
    {
      architecture.n_inputs  = n_inputs;
      architecture.hidden    = hidden;
      architecture.n_outputs = n_outputs;
      parameters             = initial_parameters(architecture, 30);
      parameters *= 1.5;
      // units that bend near the origin, also where beta is large
      unsigned int next = 0;
      for (unsigned int l = 1; l <= architecture.n_layers(); ++l)
        {
          next += architecture.width(l) * architecture.width(l - 1);
          for (unsigned int i = 0; i < architecture.width(l); ++i)
            parameters(next++) *= 0.1;
        }
      if (with_scaling)
        for (auto *numbers : {&scaling.input_shift,
                              &scaling.input_scale,
                              &scaling.output_shift,
                              &scaling.output_scale})
          for (double &number : *numbers)
            number = 0.5 + 1.5 * random.uniform();
    }

    std::vector<double>
    points(const unsigned int n_points)
    {
      std::vector<double> result;
      for (unsigned int p = 0; p < n_points; ++p)
        for (unsigned int d = 0; d < architecture.n_inputs; ++d)
          result.push_back(scaling.input_shift[d] +
                           scaling.input_scale[d] *
                             (2. * random.uniform() - 1.));
      return result;
    }

    Architecture           architecture;
    Scaling                scaling;
    dealii::Vector<double> parameters;
    RandomStream           random;
  };



  inline dealii::ArrayView<const double>
  view(const std::vector<double> &numbers)
  {
    return dealii::ArrayView<const double>(numbers.data(), numbers.size());
  }



  /**
   * Jets as [point][component][derivative].
   */
  inline std::vector<double>
  all_jets(const JetPlan                &plan,
           const dealii::Vector<double> &parameters,
           const std::vector<double>    &points,
           const unsigned int            n_outputs)
  {
    JetPlan::Workspace workspace(plan);
    plan.set_parameters(parameters, workspace);
    std::vector<double> result;
    plan.evaluate(
      view(points), workspace, [&](const unsigned int, const JetBlock &jets) {
        for (unsigned int p = 0; p < jets.n_points(); ++p)
          for (unsigned int o = 0; o < n_outputs; ++o)
            for (unsigned int e = 0; e < plan.derivative_set().size(); ++e)
              result.push_back(jets(o, e)[p]);
      });
    return result;
  }



  /**
   * Largest difference over the points for one column, relative to the
   * largest number in this column; the largest of these over all columns.
   */
  inline double
  relative_error(const std::vector<double> &computed,
                 const std::vector<double> &expected,
                 const unsigned int         n_columns)
  {
    if (computed.size() != expected.size())
      return std::nan("");
    double worst = 0.;
    for (unsigned int column = 0; column < n_columns; ++column)
      {
        double difference = 0., size = 1e-300;
        for (std::size_t i = column; i < expected.size(); i += n_columns)
          {
            const double d = std::abs(computed[i] - expected[i]);
            if (!(d <= difference))
              difference = d;
            size = std::max(size, std::abs(expected[i]));
          }
        if (!(difference / size <= worst))
          worst = difference / size;
      }
    return worst;
  }
} // namespace derl

#endif
