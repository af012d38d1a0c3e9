// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/version.h>

#include <derl/network/surrogate.h>

#include <deal.II/base/config.h>

#include <cmath>

namespace derl
{
  using namespace dealii;

  void
  NetworkParameters::declare_parameters(ParameterHandler &parameters)
  {
    parameters.add_parameter(
      "Hidden layers",
      hidden,
      "Number of units in each hidden layer.",
      Patterns::List(Patterns::Integer(1, 1000000), 1, 100));
    std::string functions;
    for (const ActivationDescription &entry : activation_table)
      functions += std::string(functions.empty() ? "" : ", ") + entry.name +
                   " is " + entry.formula;
    parameters.add_parameter(
      "Activation",
      activation,
      "Function applied to each hidden unit: " + functions + ".",
      Patterns::Selection(activation_names("|")));
    parameters.add_parameter("Softplus beta",
                             softplus_beta,
                             "Sharpness beta of softplus.",
                             Patterns::Double(1e-3, 1e3));
    parameters.add_parameter("Random seed",
                             seed,
                             "Seed of the initial parameters.",
                             Patterns::Integer(0));
  }



  Architecture
  NetworkParameters::architecture(const unsigned int n_inputs,
                                  const unsigned int n_outputs) const
  {
    Architecture result;
    result.n_inputs      = n_inputs;
    result.hidden        = hidden;
    result.n_outputs     = n_outputs;
    result.activation    = activation_from_string(activation);
    result.softplus_beta = softplus_beta;
    return result;
  }



  Surrogate::Surrogate(const Architecture             &architecture,
                       const std::vector<std::string> &coordinates,
                       const std::vector<std::string> &components)
    : architecture(architecture)
    , scaling(Scaling::identity(architecture.n_inputs, architecture.n_outputs))
    , coordinates(coordinates)
    , components(components)
  {
    architecture.check();
    parameters.reinit(architecture.n_parameters());
    provenance.derl_version    = DERL_VERSION;
    provenance.deal_ii_version = DEAL_II_PACKAGE_VERSION;
    check();
  }



  Surrogate::Surrogate(const NetworkParameters        &options,
                       const std::vector<std::string> &coordinates,
                       const std::vector<std::string> &components)
    : Surrogate(options.architecture(coordinates.size(), components.size()),
                coordinates,
                components)
  {
    parameters      = initial_parameters(architecture, options.seed);
    provenance.seed = options.seed;
  }



  JetPlan
  Surrogate::make_plan(const DerivativeSet     &derivatives,
                       const JetPlan::Precision precision) const
  {
    return JetPlan(architecture,
                   scaling,
                   derivatives,
                   JetPlan::Algorithm::automatic,
                   precision);
  }



  FieldNames
  Surrogate::names() const
  {
    return FieldNames(coordinates, components);
  }



  void
  Surrogate::check() const
  {
    architecture.check();
    scaling.check(architecture.n_inputs, architecture.n_outputs);
    AssertThrow(coordinates.size() == architecture.n_inputs,
                ExcMessage("A surrogate needs one name for each coordinate."));
    AssertThrow(components.size() == architecture.n_outputs,
                ExcMessage("A surrogate needs one name for each component."));
    AssertThrow(parameters.size() == architecture.n_parameters(),
                ExcMessage("The network has " +
                           std::to_string(architecture.n_parameters()) +
                           " parameters, but there are " +
                           std::to_string(parameters.size()) + "."));
    for (const double parameter : parameters)
      AssertThrow(
        std::isfinite(parameter),
        ExcMessage("A parameter of the network is not a finite number."));
    for (const Provenance::Term &term : provenance.terms)
      AssertThrow(std::isfinite(term.weight),
                  ExcMessage("The weight of the term '" + term.name +
                             "' is not a finite number."));
    for (const auto *corner : {&provenance.box_lower, &provenance.box_upper})
      {
        AssertThrow(
          corner->size() == coordinates.size() ||
            (provenance.box_lower.empty() && provenance.box_upper.empty()),
          ExcMessage("The training box must have one bound for each "
                     "coordinate."));
        for (const double bound : *corner)
          AssertThrow(
            std::isfinite(bound),
            ExcMessage("A bound of the training box is not a finite number."));
      }
  }
} // namespace derl
