// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "solver.h"

#include <derl/coupling/errors.h>

#include <derl/data/sources.h>

#include <deal.II/base/patterns.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/base/timer.h>

#include <deal.II/fe/fe_q.h>

#include <solvers/allen_cahn_equation.h>
#include <solvers/meshes.h>

namespace derl
{
  using namespace dealii;

  void
  ReferenceParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Number of training parameters",
                      n_training,
                      "So many of the 8 (exp) or 15 (multi) are used, the "
                      "first ones; 0 for all.",
                      Patterns::Integer(0));
    prm.add_parameter("Source",
                      source,
                      "What is sampled: finite element solutions in their "
                      "cells (reference), or the exact solutions at random "
                      "points and on a grid at the boundary (exact).",
                      Patterns::Selection("reference|exact"));
    prm.add_parameter("Parameter derivatives",
                      with_derivatives,
                      "Whether derivatives with respect to the parameters are "
                      "observed, too, for which each finite element solution "
                      "needs a linear solve more for each parameter.");
    prm.add_parameter("Finite element degree",
                      degree,
                      "The polynomial degree of the continuous elements.",
                      Patterns::Integer(1, 10));
    prm.add_parameter("Global refinements",
                      n_refinements,
                      "There are 2^n cells per direction.",
                      Patterns::Integer(0, 10));
    prm.add_parameter("Groups of ranks",
                      n_groups,
                      "The ranks are split into as many groups, each of which "
                      "solves for its share of the parameters.",
                      Patterns::Integer(1));
    prm.add_parameter("Number of random points",
                      n_random_points,
                      "Number of exact samples for each parameter.",
                      Patterns::Integer(1));
    prm.add_parameter("Boundary grid points per direction",
                      n_boundary_points,
                      "Number of exact samples on each side of the square, "
                      "ends included.",
                      Patterns::Integer(2));
  }



  ParametricSolver::ParametricSolver(const MPI_Comm            &communicator,
                                     const ParametricProblem   &problem,
                                     const ReferenceParameters &parameters)
    : FiniteElementSolver<2>(communicator,
                             FE_Q<2>(parameters.degree),
                             1,
                             parameters.degree + 2)
    , problem(problem)
    , parameters(parameters)
  {
    linear.method = LinearMethod::direct;
    static const Functions::ZeroFunction<2> zero;
    boundary_values = {{0, &zero}};
    make_cube(parameters.n_refinements, mesh);
    setup();
  }



  void
  ParametricSolver::solve_on_mesh()
  {
    Timer         timer;
    NewtonOptions newton;
    newton.relative_tolerance = 1e-11;
    solution                  = make_vector();
    solve_nonlinear(
      AllenCahnEquation<2>(problem.diffusion(), 1., *problem.forcing),
      newton,
      linear,
      "parameters " + Patterns::Tools::to_string(problem.get_parameters()),
      "Refine the mesh");
    seconds += timer.wall_time();
  }



  std::vector<ParametricSolver::VectorType>
  ParametricSolver::differentiate()
  {
    Timer                      timer;
    const AllenCahnEquation<2> equation(
      problem.diffusion(), 1., *problem.forcing);
    const NonlinearTerms linearized = equation;
    assemble(homogeneous, at(linearized, solution), &matrix, nullptr);

    std::vector<VectorType>   result;
    VectorType                right_hand_side = make_owned_vector();
    VectorType                derivative      = make_owned_vector();
    std::vector<Tensor<1, 2>> gradients(quadrature.size());
    for (unsigned int k = 0; k < problem.get_parameters().size(); ++k)
      {
        assemble(
          homogeneous,
          [&](const FEValues<2> &fe_values, auto &, Vector<double> &vector) {
            fe_values.get_function_gradients(solution, gradients);
            for (const unsigned int q : fe_values.quadrature_point_indices())
              {
                const double f =
                  problem.forcing_derivative(k, fe_values.quadrature_point(q));
                for (const unsigned int i : fe_values.dof_indices())
                  vector(i) -= (problem.diffusion_derivative(k) *
                                  (gradients[q] * fe_values.shape_grad(i, q)) +
                                f * fe_values.shape_value(i, q)) *
                               fe_values.JxW(q);
              }
          },
          nullptr,
          &right_hand_side);
        solve_for_update(right_hand_side, derivative, linear);
        result.push_back(with_ghosts(derivative));
      }
    seconds += timer.wall_time();
    seconds_to_differentiate += timer.wall_time();
    return result;
  }



  void
  ParametricSolver::sample(const std::vector<unsigned int> &orders,
                           SampleTables                    &tables)
  {
    if (parameters.source == "exact")
      {
        const Point<2> lower(-1., -1.), upper(1., 1.);
        tables.add(
          "interior",
          problem.sample(
            communicator,
            random_points(lower, upper, parameters.n_random_points, 30),
            orders,
            parameters.with_derivatives));
        tables.add("boundary",
                   problem.sample(communicator,
                                  boundary_grid_points(
                                    lower, upper, parameters.n_boundary_points),
                                  {jet_values},
                                  false));
        return;
      }

    solve_on_mesh();
    std::vector<VectorType>                                vectors;
    std::vector<std::pair<MultiIndex, const VectorType *>> derivatives;
    if (parameters.with_derivatives)
      vectors = differentiate();
    for (unsigned int k = 0; k < vectors.size(); ++k)
      {
        derivatives.push_back({MultiIndex(vectors.size(), 0), &vectors[k]});
        derivatives.back().first[k] = 1;
      }
    const auto      &at = problem.get_parameters();
    SampleRequest<2> request(orders);
    request.auxiliary = {{{"f"}, problem.forcing}};
    // elements of high degree on few cells are more accurate than recovered
    // derivatives, so that training is not to be judged by those
    tables.add("interior",
               derl::sample(mapping,
                            dof_handler,
                            Snapshot(solution, at, derivatives),
                            superconvergent_quadrature(*fe),
                            request));
    tables.add("boundary",
               sample_boundary(
                 mapping, dof_handler, Snapshot(solution, at), {jet_values}));
  }



  std::array<Figures, 2>
  ParametricSolver::measure(const Surrogate   &surrogate,
                            const unsigned int n_subdivisions) const
  {
    const auto          &at       = problem.get_parameters();
    const unsigned int   n_points = fe->degree + 2;
    SurrogateFunction<2> function(surrogate, OutsideBox::ignore);
    function.set_parameters(at);
    const ErrorIntegrator<2> errors(
      mapping, dof_handler, *problem.exact, n_subdivisions, n_points);
    const ResidualRms residuals =
      residual_rms(hp::MappingCollection<2>(mapping),
                   dof_handler,
                   Snapshot(solution, at),
                   surrogate,
                   problem.equation(),
                   n_subdivisions,
                   n_points,
                   {{{"f"}, problem.forcing}});
    const double rms_of_forcing = problem.rms_of_forcing();
    const auto   figures        = [&](const ErrorNorms &norms,
                             const double      residual) -> Figures {
      return {{"relative_l2_error", norms.relative_l2_error},
              {"relative_forcing_error", residual / rms_of_forcing},
              {"relative_h1_seminorm_error", norms.relative_h1_seminorm_error},
              {"residual_rms", residual}};
    };
    return {{figures(errors.measure(solution), residuals.reference),
             figures(errors.measure(function), residuals.surrogate)}};
  }
} // namespace derl
