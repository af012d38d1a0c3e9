// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "suite_samples.h"

#include <derl/data/sampling.h>

#include <derl/objective/terms.h>

#include <deal.II/base/quadrature_lib.h>

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
            ReferenceSolver<dim>     &solver,
            Trainer                  &trainer)
  {
    using VectorType                      = typename Problem<dim>::VectorType;
    const FieldNames              names   = trainer.names();
    const std::vector<TermChoice> choices = parameters.term_choices();
    std::map<std::string, std::shared_ptr<Samples>> tables;

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
          Samples samples =
            take(name,
                 parameters.samples,
                 orders,
                 solver,
                 Snapshot<VectorType>(solution, coordinates, derivatives));
          if (tables.count(name) == 0)
            tables[name] = std::make_shared<Samples>(std::move(samples));
          else
            tables[name]->append(samples);
        }
    };
    for (const std::vector<double> &known : problem.known_parameters)
      solver.run(known, observer);

    for (const TermChoice &choice : choices)
      {
        const auto table = tables.find(choice.samples);
        AssertThrow(
          table != tables.end(),
          ExcMessage("This problem has no samples '" + choice.samples + "'."));
        trainer.add_term(
          choice.name(), table->second, choice.residual(names), choice.weight);
      }
    return problem.description + ", elements of degree " +
           std::to_string(parameters.reference.fe_degree) + ", " +
           std::to_string(solver.get_dof_handler()
                            .get_triangulation()
                            .n_global_active_cells()) +
           " cells";
  }



  template std::string
  add_terms(const DefaultsParameters &,
            const Problem<2> &,
            ReferenceSolver<2> &,
            Trainer &);
  template std::string
  add_terms(const DefaultsParameters &,
            const Problem<3> &,
            ReferenceSolver<3> &,
            Trainer &);
} // namespace derl
