// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "suite.h"

#include <derl/coupling/errors.h>
#include <derl/coupling/surrogate_function.h>

#include <derl/data/sampling.h>

#include <deal.II/base/quadrature_lib.h>

#include <algorithm>
#include <cmath>

namespace derl
{
  using namespace dealii;

  namespace
  {
    template <int dim>
    Samples
    take(const std::string                                         &name,
         const SuiteSampleParameters                               &options,
         const std::vector<unsigned int>                           &orders,
         const ReferenceSolver<dim>                                &solver,
         const Snapshot<typename ReferenceSolver<dim>::VectorType> &snapshot)
    {
      SampleRequest<dim> request(orders);
      request.estimator     = estimator_of_name(options.estimator);
      request.use_variances = options.use_variances;
      if (options.weighting == "cell")
        request.weighting = SampleWeighting::cell;
      const bool         in_cells = name == "interior" || name == "initial";
      const unsigned int n        = options.n_gauss_points;
      if (!in_cells)
        request.boundary_ids = {name == "free" ? free_surface : known_values};
      const auto &mapping     = solver.get_mapping();
      const auto &dof_handler = solver.get_dof_handler();
      if (in_cells)
        return n == 0
                 ? sample(mapping, dof_handler, snapshot, request)
                 : sample(
                     mapping, dof_handler, snapshot, QGauss<dim>(n), request);
      return n == 0
               ? sample_boundary(mapping, dof_handler, snapshot, request)
               : sample_boundary(
                   mapping, dof_handler, snapshot, QGauss<dim - 1>(n), request);
    }
  } // namespace



  template <int dim>
  std::string
  add_terms(const DefaultsParameters &parameters,
            const Problem<dim>       &problem,
            const MPI_Comm           &communicator,
            const ParameterGroups    &groups,
            ReferenceSolver<dim>     &solver,
            Trainer                  &trainer)
  {
    using VectorType                      = typename Problem<dim>::VectorType;
    const FieldNames              names   = trainer.names();
    const std::vector<TermChoice> choices = parameters.term_choices();
    SampleTables                  tables;

    const auto observer = [&](const std::vector<double> &coordinates,
                              const VectorType          &solution,
                              const VectorType          *rate) {
      const bool is_initial = problem.n_time_steps > 0 && rate == nullptr;
      for (const std::string name : {"interior", "boundary", "free", "initial"})
        {
          const auto orders = orders_to_sample(choices, name, names);
          if (orders.empty() || (name == "initial") != is_initial)
            continue;
          std::vector<std::pair<MultiIndex, const VectorType *>> derivatives;
          if (rate != nullptr && orders.back() > 0)
            {
              MultiIndex in_time(coordinates.size(), 0);
              in_time[0]  = 1;
              derivatives = {{in_time, rate}};
            }
          tables.add(
            name,
            take(name,
                 parameters.samples,
                 orders,
                 solver,
                 Snapshot<VectorType>(solution, coordinates, derivatives)));
        }
    };
    groups.for_each(problem.known_parameters.size(), [&](const unsigned int i) {
      solver.run(problem.known_parameters[i], observer);
    });
    tables.join(communicator, groups);

    tables.add_terms(choices, trainer);
    return problem.description + ", elements of degree " +
           std::to_string(parameters.reference.fe_degree) + ", " +
           std::to_string(solver.get_dof_handler()
                            .get_triangulation()
                            .n_global_active_cells()) +
           " cells";
  }



  namespace
  {
    /**
     * Sums of squares (of the largest error: the largest) over solutions.
     */
    struct Sums
    {
      void
      add(const ErrorNorms &norms, const double of_quantity)
      {
        l2 += norms.relative_l2_error * norms.relative_l2_error;
        h1 +=
          norms.relative_h1_seminorm_error * norms.relative_h1_seminorm_error;
        quantity += of_quantity * of_quantity;
        max = std::max(max, norms.max_error);
        ++n;
      }



      Figures
      figures(const std::string &name_of_quantity) const
      {
        Figures result = {{"relative_l2_error", std::sqrt(l2 / n)},
                          {"relative_h1_seminorm_error", std::sqrt(h1 / n)},
                          {"max_error", max}};
        if (!name_of_quantity.empty())
          result.push_back({"relative_" + name_of_quantity + "_error",
                            std::sqrt(quantity / n)});
        return result;
      }



      double       l2 = 0, h1 = 0, quantity = 0, max = 0;
      unsigned int n = 0;
    };
  } // namespace



  template <int dim>
  std::vector<std::pair<std::string, Figures>>
  measure_errors(const Problem<dim>   &problem,
                 ReferenceSolver<dim> &solver,
                 const Surrogate      &surrogate,
                 Assessment<dim>      &assessment)
  {
    using VectorType                   = typename Problem<dim>::VectorType;
    const DoFHandler<dim> &dof_handler = solver.get_dof_handler();
    const auto            &fe          = dof_handler.get_fe();
    ComponentMask          components(fe.n_components(), true);
    if (problem.has_pressure)
      components.set(fe.n_components() - 1, false);
    const ErrorIntegrator<dim> errors(solver.get_mapping(),
                                      dof_handler,
                                      *problem.exact,
                                      2,
                                      fe.degree + 2,
                                      components);
    SurrogateFunction<dim>     function(surrogate, OutsideBox::ignore);
    Sums                       of_reference, of_surrogate;
    const auto                 observer = [&](std::vector<double> coordinates,
                              const VectorType   &solution,
                              const VectorType   *rate) {
      if (problem.n_time_steps > 0 && rate == nullptr)
        return;
      assessment.add(solver.get_mapping(),
                     dof_handler,
                     Snapshot<VectorType>(solution, coordinates));
      if (problem.n_time_steps > 0)
        {
          function.set_time(coordinates[0]);
          coordinates.erase(coordinates.begin());
        }
      function.set_parameters(coordinates);
      QuantityErrors quantity = {0., 0.};
      if (!problem.quantity.empty())
        quantity = problem.measure_quantity(
          solver.get_mapping(), dof_handler, solution, function);
      of_reference.add(errors.measure(solution), quantity.reference);
      of_surrogate.add(errors.measure(function), quantity.surrogate);
    };
    for (const std::vector<double> &unseen : problem.unseen_parameters)
      solver.run(unseen, observer);

    Figures reference = of_reference.figures(problem.quantity);
    reference.push_back(
      {"n_cells",
       double(dof_handler.get_triangulation().n_global_active_cells())});
    reference.push_back({"n_dofs", double(dof_handler.n_dofs())});
    return {{"reference", reference},
            {"surrogate", of_surrogate.figures(problem.quantity)}};
  }



  template std::string
  add_terms(const DefaultsParameters &,
            const Problem<2> &,
            const MPI_Comm &,
            const ParameterGroups &,
            ReferenceSolver<2> &,
            Trainer &);
  template std::string
  add_terms(const DefaultsParameters &,
            const Problem<3> &,
            const MPI_Comm &,
            const ParameterGroups &,
            ReferenceSolver<3> &,
            Trainer &);
  template std::vector<std::pair<std::string, Figures>>
  measure_errors(const Problem<2> &,
                 ReferenceSolver<2> &,
                 const Surrogate &,
                 Assessment<2> &);
  template std::vector<std::pair<std::string, Figures>>
  measure_errors(const Problem<3> &,
                 ReferenceSolver<3> &,
                 const Surrogate &,
                 Assessment<3> &);
} // namespace derl
