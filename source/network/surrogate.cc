// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/version.h>

#include <derl/network/jet_plan.h>
#include <derl/network/surrogate.h>

#include <deal.II/base/config.h>

#include <algorithm>
#include <cmath>
#include <set>

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
                       const std::vector<std::string> &components,
                       const InputMap                 &input_map,
                       const OutputMap                &output_map)
    : architecture(architecture)
    , scaling(Scaling::identity(coordinates.size(), architecture.n_outputs))
    , input_map(input_map)
    , output_map(output_map)
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
                       const std::vector<std::string> &components,
                       const InputMap                 &input_map,
                       const OutputMap                &output_map)
    : Surrogate(options.architecture(input_map.n_features(coordinates.size()),
                                     output_map.n_outputs(components.size())),
                coordinates,
                components,
                input_map,
                output_map)
  {
    parameters      = initial_parameters(architecture, options.seed);
    provenance.seed = options.seed;
  }



  unsigned int
  Surrogate::n_coordinates() const
  {
    return coordinates.size();
  }



  unsigned int
  Surrogate::n_components() const
  {
    return components.size();
  }



  JetPlan
  Surrogate::make_plan(const DerivativeSet     &derivatives,
                       const Precision precision) const
  {
    return JetPlan(
      *this, derivatives, JetPlan::Algorithm::automatic, precision);
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
    if (input_map.is_affine())
      AssertThrow(n_coordinates() == architecture.n_inputs,
                  ExcMessage("A surrogate needs one name for each "
                             "coordinate."));
    input_map.check(n_coordinates());
    AssertThrow(
      input_map.n_features(n_coordinates()) == architecture.n_inputs,
      ExcMessage("The network has " + std::to_string(architecture.n_inputs) +
                 " inputs, but the input map makes " +
                 std::to_string(input_map.n_features(n_coordinates())) +
                 " features."));
    AssertThrow(
      output_map.n_outputs(n_components()) == architecture.n_outputs,
      output_map.components().empty()
        ? ExcMessage("A surrogate needs one name for each component.")
        : ExcMessage(
            "The network has " + std::to_string(architecture.n_outputs) +
            " outputs, but the output map takes " +
            std::to_string(output_map.n_outputs(n_components())) + "."));
    output_map.check(n_coordinates(), n_components());
    scaling.check(n_coordinates(), architecture.n_outputs);
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
    AssertThrow((domain_lower.size() == n_coordinates() &&
                 domain_upper.size() == n_coordinates()) ||
                  (domain_lower.empty() && domain_upper.empty()),
                ExcMessage("The domain must have one bound for each "
                           "coordinate."));
    for (unsigned int d = 0; d < domain_lower.size(); ++d)
      AssertThrow(
        domain_lower[d] < domain_upper[d],
        ExcMessage("A lower bound of the domain must be less than the "
                   "upper one."));
    std::set<std::string> names_of_coefficients;
    for (const auto &coefficient : coefficients)
      {
        AssertThrow(std::isfinite(coefficient.second),
                    ExcMessage("The coefficient '" + coefficient.first +
                               "' is not a finite number."));
        AssertThrow(names_of_coefficients.insert(coefficient.first).second,
                    ExcMessage("There are two coefficients of the name '" +
                               coefficient.first + "'."));
      }
  }



  bool
  Surrogate::has_equal_plans(const Surrogate &other) const
  {
    return architecture == other.architecture && scaling == other.scaling &&
           input_map == other.input_map && output_map == other.output_map &&
           fixed_layers == other.fixed_layers;
  }



  Surrogate
  widen(const Surrogate                 &surrogate,
        const std::vector<unsigned int> &hidden,
        const std::uint32_t              seed)
  {
    surrogate.check();
    const Architecture &old = surrogate.architecture;
    AssertThrow(hidden.size() == old.hidden.size(),
                ExcMessage("A wider network must have as many hidden layers, " +
                           std::to_string(old.hidden.size()) + "."));
    for (unsigned int l = 0; l < hidden.size(); ++l)
      AssertThrow(hidden[l] >= old.hidden[l],
                  ExcMessage("A hidden layer of " +
                             std::to_string(old.hidden[l]) +
                             " units cannot be widened to " +
                             std::to_string(hidden[l]) + "."));

    Surrogate result           = surrogate;
    result.architecture.hidden = hidden;
    result.parameters          = initial_parameters(result.architecture, seed);
    const double *from         = surrogate.parameters.begin();
    double       *to           = result.parameters.begin();
    for (unsigned int l = 1; l <= old.n_layers(); ++l)
      {
        const unsigned int n_rows      = result.architecture.width(l);
        const unsigned int n_columns   = result.architecture.width(l - 1);
        const unsigned int old_rows    = old.width(l);
        const unsigned int old_columns = old.width(l - 1);
        for (unsigned int i = 0; i < old_rows; ++i)
          {
            std::copy_n(
              from + i * old_columns, old_columns, to + i * n_columns);
            // nothing of the new units reaches the old ones
            std::fill(
              to + i * n_columns + old_columns, to + (i + 1) * n_columns, 0.);
          }
        from += std::size_t(old_rows) * old_columns;
        to += std::size_t(n_rows) * n_columns;
        std::copy_n(from, old_rows, to);
        from += old_rows;
        to += n_rows;
      }
    return result;
  }
} // namespace derl
