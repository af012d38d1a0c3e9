// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "estimator_study.h"

#include <derl/coupling/errors.h>
#include <derl/coupling/surrogate_function.h>

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/patterns.h>
#include <deal.II/base/quadrature_lib.h>

#include <boost/algorithm/string/join.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace derl
{
  using namespace dealii;

  namespace
  {
    std::vector<std::string>
    estimator_names()
    {
      std::vector<std::string> result;
      for (const EstimatorDescription &each : all_estimators())
        result.push_back(each.name);
      return result;
    }



    std::string
    estimator_descriptions()
    {
      std::string result;
      for (const EstimatorDescription &each : all_estimators())
        result +=
          (result.empty() ? "" : "; ") + each.name + ": " + each.description;
      return result;
    }



    Samples
    sample_derivatives(const EstimatorStudyParameters  &parameters,
                       const PoissonSolver             &solver,
                       const std::string               &estimator,
                       const std::vector<unsigned int> &orders,
                       const bool                       use_variances)
    {
      SampleRequest<2> request(orders);
      request.estimator           = estimator_of_name(estimator);
      request.difference_step     = parameters.difference_step;
      request.difference_accuracy = parameters.difference_accuracy;
      request.use_variances       = use_variances;
      return sample(
        solver.get_mapping(),
        solver.get_dof_handler(),
        solver.get_solution(),
        superconvergent_quadrature(solver.get_dof_handler().get_fe()),
        request);
    }



    double
    exact_derivative(const Function<2> &exact,
                     const Point<2>    &x,
                     const MultiIndex  &derivative)
    {
      const unsigned int first = derivative[0] > 0 ? 0 : 1;
      if (order(derivative) == 1)
        return exact.gradient(x)[first];
      return exact.hessian(x)[first][derivative[1] > 0 ? 1 : 0];
    }
  } // namespace



  EstimatorStudyParameters::EstimatorStudyParameters()
    : RunParameters("output/derivative_estimators")
    , estimators(estimator_names())
  {
    training.optimizer.method           = "auto";
    training.stopping.max_iterations    = 3000;
    training.stopping.max_seconds       = 10;
    training.validation.fraction        = 0.1;
    training.validation.patience        = 50;
    training.validation.patience_factor = 0.;
    training.log_interval               = 1000;
  }



  void
  EstimatorStudyParameters::declare_problem(ParameterHandler &prm)
  {
    prm.add_parameter("Solution",
                      solution,
                      "Waves: sin(pi x + 0.4) sin(pi y + 0.7); peak: "
                      "exp(-10 ((x - 0.3)^2 + (y + 0.2)^2)).",
                      Patterns::Selection("waves|peak"));
    prm.add_parameter(
      "Meshes",
      meshes,
      "Square: uniform, distorted (interior vertices moved at "
      "random by a fifth of the edges), refined (once more in "
      "a disk); curved: the unit disk.",
      Patterns::List(Patterns::Selection("uniform|distorted|refined|curved")));
    prm.add_parameter("Degrees",
                      degrees,
                      "Degrees of the elements.",
                      Patterns::List(Patterns::Integer(1, 6)));
    prm.add_parameter("Refinements",
                      refinements,
                      "How often the meshes of 2x2 cells (square) or 5 cells "
                      "(disk) are refined.",
                      Patterns::List(Patterns::Integer(1, 10)));
    prm.add_parameter("Estimators",
                      estimators,
                      "How derivatives of the solution are obtained: " +
                        estimator_descriptions() + ".",
                      Patterns::List(Patterns::Selection(
                        boost::algorithm::join(estimator_names(), "|"))));
    prm.add_parameter("Difference step",
                      difference_step,
                      "Distance of the points of difference formulas, in "
                      "lengths of the cell.");
    prm.add_parameter("Difference accuracy",
                      difference_accuracy,
                      "Order of the difference formulas.",
                      Patterns::Selection("2|4"));
    prm.add_parameter("Trained refinements",
                      trained_refinements,
                      "On which refinements surrogates are trained; none if "
                      "empty.",
                      Patterns::List(Patterns::Integer(1, 10), 0));
    prm.add_parameter("Use factors",
                      use_factors,
                      "Whether the estimators' variances weight the "
                      "observations.");
  }



  void
  EstimatorStudyParameters::check() const
  {
    RunParameters::check();
    AssertThrow(!meshes.empty() && !degrees.empty() && !refinements.empty() &&
                  !estimators.empty(),
                ExcMessage("The study needs at least one mesh, degree, "
                           "refinement and estimator."));
    for (const unsigned int r : trained_refinements)
      AssertThrow(std::count(refinements.begin(), refinements.end(), r) == 1,
                  ExcMessage("'Trained refinements' must be among "
                             "'Refinements'."));
  }



  EstimatorResult
  measure_estimator(const EstimatorStudyParameters &parameters,
                    const PoissonSolver            &solver,
                    const std::string              &estimator)
  {
    const MPI_Comm communicator = solver.get_dof_handler().get_communicator();
    const Samples  samples      = sample_derivatives(
      parameters, solver, estimator, {jet_gradients, 2}, true);
    const Function<2> &exact = solver.get_exact_solution();

    // sums of squares, [order]: of the errors and of the exact derivatives
    std::vector<double> errors(3, 0.), norms(3, 0.);
    // number, x, y, xx, xy, yy for x, y the logarithms of factor and square
    std::vector<double> moments(6, 0.);
    for (unsigned int i = 0; i < samples.size(); ++i)
      {
        const Point<2> x(samples.point(i)[0], samples.point(i)[1]);
        for (unsigned int c = 0; c < samples.columns().size(); ++c)
          {
            const MultiIndex &derivative = samples.columns()[c].derivative;
            const double      expected = exact_derivative(exact, x, derivative);
            const double      error    = samples.observations(i)[c] - expected;
            const double      w = samples.weight(i) * multiplicity(derivative);
            errors[order(derivative)] += w * error * error;
            norms[order(derivative)] += w * expected * expected;
            if (samples.has_factors() && order(derivative) == 1)
              {
                const double              a = std::log(samples.factors(i)[c]);
                const double              b = -std::log(error * error + 1e-300);
                const std::vector<double> products = {
                  1., a, b, a * a, a * b, b * b};
                for (unsigned int k = 0; k < 6; ++k)
                  moments[k] += products[k];
              }
          }
      }
    Utilities::MPI::sum(errors, communicator, errors);
    Utilities::MPI::sum(norms, communicator, norms);
    Utilities::MPI::sum(moments, communicator, moments);

    EstimatorResult result;
    result.n_cells =
      solver.get_dof_handler().get_triangulation().n_global_active_cells();
    result.degree         = solver.get_dof_handler().get_fe().degree;
    result.estimator      = estimator;
    result.gradient_error = std::sqrt(errors[1] / norms[1]);
    result.hessian_error  = std::sqrt(errors[2] / norms[2]);
    if (samples.has_factors())
      {
        const double n = moments[0], a = moments[1] / n, b = moments[2] / n;
        result.factor_correlation =
          (moments[4] / n - a * b) /
          std::sqrt((moments[3] / n - a * a) * (moments[5] / n - b * b));
      }
    return result;
  }



  void
  train_on_estimator(const MPI_Comm                 &communicator,
                     const CommandLine              &command_line,
                     const EstimatorStudyParameters &parameters,
                     const PoissonSolver            &solver,
                     EstimatorResult                &result)
  {
    Surrogate surrogate = initial_surrogate(
      communicator, command_line, parameters.network, {"x", "y"}, {"u"});
    const ConditionalOStream silent(std::cout, false);
    Trainer trainer(surrogate, parameters.training, communicator, silent);

    Samples interior = sample_derivatives(parameters,
                                          solver,
                                          result.estimator,
                                          {jet_gradients},
                                          parameters.use_factors);
    Samples boundary = sample_boundary(solver.get_mapping(),
                                       solver.get_dof_handler(),
                                       solver.get_solution(),
                                       QGauss<1>(result.degree),
                                       SampleRequest<2>{jet_values});
    trainer.add_term("gradient",
                     std::make_shared<const Samples>(std::move(interior)),
                     match({"u_x", "u_y"}));
    trainer.add_term("boundary",
                     std::make_shared<const Samples>(std::move(boundary)),
                     match({"u"}));
    trainer.train();

    const ErrorIntegrator<2> errors(solver.get_mapping(),
                                    solver.get_dof_handler(),
                                    solver.get_exact_solution(),
                                    2,
                                    result.degree + 2);
    const ErrorNorms of_solution = errors.measure(solver.get_solution());
    const ErrorNorms of_surrogate =
      errors.measure(SurrogateFunction<2>(surrogate));
    result.solution_value_error     = of_solution.relative_l2_error;
    result.solution_gradient_error  = of_solution.relative_h1_seminorm_error;
    result.surrogate_value_error    = of_surrogate.relative_l2_error;
    result.surrogate_gradient_error = of_surrogate.relative_h1_seminorm_error;
  }
} // namespace derl
