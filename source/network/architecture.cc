// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/surrogate.h>

#include <deal.II/base/exceptions.h>

#include <cmath>
#include <limits>

#include "../base/random.h"

namespace derl
{
  using namespace dealii;

  std::string
  to_string(const Activation activation)
  {
    for (const ActivationDescription &entry : activation_table)
      if (entry.activation == activation)
        return entry.name;
    AssertThrow(false, ExcInternalError());
    return "";
  }



  Activation
  activation_from_string(const std::string &name)
  {
    for (const ActivationDescription &entry : activation_table)
      if (entry.name == name)
        return entry.activation;
    AssertThrow(false,
                ExcMessage("There is no activation '" + name +
                           "'. Choose one of " + activation_names(", ") + "."));
    return Activation::tanh;
  }



  std::string
  activation_names(const std::string &separator)
  {
    std::string names;
    for (const ActivationDescription &entry : activation_table)
      names += (names.empty() ? "" : separator) + entry.name;
    return names;
  }



  unsigned int
  Architecture::n_layers() const
  {
    return hidden.size() + 1;
  }



  unsigned int
  Architecture::width(const unsigned int layer) const
  {
    AssertIndexRange(layer, n_layers() + 1);
    return layer == 0            ? n_inputs
           : layer == n_layers() ? n_outputs
                                 : hidden[layer - 1];
  }



  double
  Architecture::n_parameters_as_double() const
  {
    double n = 0;
    for (unsigned int layer = 1; layer <= n_layers(); ++layer)
      n += (1. + width(layer - 1)) * width(layer);
    return n;
  }



  unsigned int
  Architecture::n_parameters() const
  {
    return static_cast<unsigned int>(n_parameters_as_double());
  }



  void
  Architecture::check() const
  {
    AssertThrow(
      n_inputs > 0 && n_outputs > 0,
      ExcMessage("A network needs at least one input and one output."));
    AssertThrow(!hidden.empty(),
                ExcMessage("A network needs at least one hidden layer."));
    for (const unsigned int units : hidden)
      AssertThrow(units > 0,
                  ExcMessage("A hidden layer needs at least one unit."));
    AssertThrow(
      n_parameters_as_double() < std::numeric_limits<unsigned int>::max(),
      ExcMessage("The network has more parameters than can be counted. Use "
                 "narrower or fewer hidden layers."));
    AssertThrow(std::isfinite(softplus_beta) && softplus_beta > 0,
                ExcMessage("The beta of softplus must be positive."));
  }



  bool
  Architecture::operator==(const Architecture &other) const
  {
    return n_inputs == other.n_inputs && hidden == other.hidden &&
           n_outputs == other.n_outputs && activation == other.activation &&
           (activation != Activation::softplus ||
            softplus_beta == other.softplus_beta);
  }



  Vector<double>
  initial_parameters(const Architecture &architecture, const std::uint32_t seed)
  {
    architecture.check();
    Vector<double> parameters(architecture.n_parameters());
    RandomStream   random(seed);
    unsigned int   next = 0;
    for (unsigned int layer = 1; layer <= architecture.n_layers(); ++layer)
      {
        const unsigned int fan_in = architecture.width(layer - 1);
        const double       bound  = 1. / std::sqrt(1. * fan_in);
        for (unsigned int i = 0; i < (1 + fan_in) * architecture.width(layer);
             ++i)
          parameters(next++) = bound * (2. * random.uniform() - 1.);
      }
    return parameters;
  }
} // namespace derl
