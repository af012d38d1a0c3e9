// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/objective/terms.h>

#include <deal.II/base/exceptions.h>

#include <cmath>
#include <limits>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The values of the terms at @p x, before weighting.
     */
    std::vector<double>
    magnitudes(SumOfSquares &objective, const Vector<double> &x)
    {
      Vector<double> r;
      objective.residuals(x, r);
      std::vector<double> result;
      for (const auto &term : objective.term_values())
        result.push_back(term.value);
      return result;
    }



    /**
     * The norms of the gradients of the terms at @p x, before weighting.
     */
    std::vector<double>
    gradient_norms(SumOfSquares &objective, const Vector<double> &x)
    {
      const unsigned int  n_terms = objective.term_values().size();
      std::vector<double> result;
      Vector<double>      gradient;
      for (unsigned int t = 0; t < n_terms; ++t)
        {
          std::vector<double> only_one(n_terms, 0.);
          only_one[t] = 1.;
          objective.set_weights(only_one);
          const double value = objective.value_and_gradient(x, gradient);
          result.push_back(std::isfinite(value)
                             ? gradient.l2_norm()
                             : std::numeric_limits<double>::infinity());
        }
      return result;
    }
  } // namespace



  void
  TermWeightParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter(
      "Weights of terms",
      mode,
      "What the weights of the terms are multiplied by: nothing (fixed), the "
      "inverse of the term's value or of the norm of its gradient at the "
      "start, "
      "or the inverse variance of its observations.",
      Patterns::Selection("fixed|initial magnitude|gradient norm|noise level"));
    prm.add_parameter("Noise levels",
                      noise_levels,
                      "For weights by noise level: the standard deviation of "
                      "each term's observations, or 0 if its samples' weights "
                      "are the inverse variances.",
                      Patterns::List(Patterns::Double(0.)));
  }



  void
  TermWeightParameters::check() const
  {
    AssertThrow((mode == "noise level") == !noise_levels.empty(),
                ExcMessage("'Noise levels' are needed if, and only if, "
                           "'Weights of terms' is 'noise level'."));
  }



  void
  choose_weights(SumOfSquares               &objective,
                 const Vector<double>       &x,
                 const TermWeightParameters &parameters)
  {
    parameters.check();
    std::vector<double> weights = objective.initial_weights();
    const auto          terms   = objective.term_values();
    if (parameters.mode == "fixed")
      {
        objective.set_weights(weights);
        return;
      }

    if (parameters.mode == "noise level")
      {
        AssertThrow(parameters.noise_levels.size() == terms.size(),
                    ExcMessage("There are " + std::to_string(terms.size()) +
                               " terms, but " +
                               std::to_string(parameters.noise_levels.size()) +
                               " noise levels. Give one for each term."));
        const std::vector<double> sample_weights =
          objective.mean_sample_weights();
        for (unsigned int t = 0; t < terms.size(); ++t)
          {
            const double sigma = parameters.noise_levels[t];
            weights[t] *= sigma > 0 ? 1. / (sigma * sigma) : sample_weights[t];
          }
        objective.set_weights(weights);
        return;
      }

    const std::vector<double> sizes = parameters.mode == "gradient norm"
                                        ? gradient_norms(objective, x)
                                        : magnitudes(objective, x);
    double                    sum = 0, sum_of_weights = 0;
    for (unsigned int t = 0; t < terms.size(); ++t)
      if (weights[t] > 0)
        {
          AssertThrow(sizes[t] > 0 && std::isfinite(1. / sizes[t]) &&
                        std::isfinite(sizes[t]),
                      ExcMessage("The term '" + terms[t].name +
                                 "' is zero or not finite at the start, so "
                                 "that no weight can balance it. Choose "
                                 "'Weights of terms' fixed, or another "
                                 "start."));
          sum += weights[t] * sizes[t];
          sum_of_weights += weights[t];
        }
    for (unsigned int t = 0; t < terms.size(); ++t)
      if (weights[t] > 0)
        weights[t] *= sum / sum_of_weights / sizes[t];
    objective.set_weights(weights);
  }
} // namespace derl
