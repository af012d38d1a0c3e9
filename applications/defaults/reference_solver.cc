// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "reference_solver.h"

#include <deal.II/base/patterns.h>

#include <deal.II/numerics/vector_tools.h>

namespace derl
{
  using namespace dealii;

  void
  ReferenceParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Finite element degree",
                      fe_degree,
                      "The polynomial degree of the elements (of the "
                      "velocity, if there is a pressure).",
                      Patterns::Integer(1, 6));
    prm.add_parameter("Global refinements",
                      n_global_refinements,
                      "How often the coarse mesh is refined everywhere.",
                      Patterns::Integer(0, 12));
    prm.add_parameter("Adaptive refinements",
                      n_adaptive_refinements,
                      "How often the cells are refined then where the "
                      "gradient jumps most.",
                      Patterns::Integer(0, 20));
    prm.add_parameter("Refinement fraction",
                      refinement_fraction,
                      "The fraction of the cells that is refined each time.",
                      Patterns::Double(0., 1.));
  }



  template <int dim>
  ReferenceSolver<dim>::ReferenceSolver(const MPI_Comm            &communicator,
                                        const Problem<dim>        &problem,
                                        const ReferenceParameters &parameters)
    : problem(problem)
    , solver(problem.make_solver(communicator, parameters.fe_degree))
  {
    problem.make_mesh(parameters.n_global_refinements, solver->get_mesh());
    problem.exact->parameters = problem.known_parameters[0];
    AssertThrow(problem.n_time_steps == 0 ||
                  parameters.n_adaptive_refinements == 0,
                ExcMessage("The mesh of a problem in time cannot be "
                           "adaptive."));
    if (parameters.n_adaptive_refinements > 0)
      solver->solve_adaptively(
        parameters.n_adaptive_refinements, parameters.refinement_fraction, 0.);
    else
      solver->setup();
  }



  template <int dim>
  void
  ReferenceSolver<dim>::solve_in_time(const Observer &observer)
  {
    const auto coordinates = [&]() {
      std::vector<double> result = {problem.exact->get_time()};
      result.insert(result.end(),
                    problem.exact->parameters.begin(),
                    problem.exact->parameters.end());
      return result;
    };

    const double length = problem.final_time / problem.n_time_steps;
    BackwardDifferences<VectorType> bdf(3);
    VectorType                      values = solver->make_owned_vector();
    for (const int i : {-2, -1, 0})
      {
        problem.exact->set_time(i * length);
        VectorTools::interpolate(
          get_mapping(), get_dof_handler(), *problem.exact, values);
        bdf.add_level(i * length, values);
      }
    observer(coordinates(), solver->with_ghosts(values), nullptr);

    auto &linear = dynamic_cast<LinearSolver<dim> &>(*solver);
    for (unsigned int step = 1; step <= problem.n_time_steps; ++step)
      {
        bdf.begin_step(step * length);
        problem.exact->set_time(bdf.time());
        linear.solve_step(bdf);
        if (step % 2 == 0)
          observer(coordinates(), linear.get_solution(), &linear.get_rate());
      }
  }



  template <int dim>
  void
  ReferenceSolver<dim>::run(const std::vector<double> &problem_parameters,
                            const Observer            &observer)
  {
    problem.exact->parameters = problem_parameters;
    if (problem.n_time_steps > 0)
      return solve_in_time(observer);
    solver->solve_on_mesh();
    observer(problem_parameters, solver->get_solution(), nullptr);
  }



  template class ReferenceSolver<2>;
  template class ReferenceSolver<3>;
} // namespace derl
