// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/errors.h>
#include <derl/coupling/surrogate_function.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/timer.h>

namespace derl
{
  using namespace dealii;

  template <int dim>
  void
  TrainingRun::compare(const Mapping<dim>                  &mapping,
                       const DoFHandler<dim>               &dof_handler,
                       const TrilinosWrappers::MPI::Vector &solution,
                       const Comparison<dim>               &comparison)
  {
    Timer                        timer;
    const SurrogateFunction<dim> function(surrogate);
    const unsigned int           n_points = dof_handler.get_fe().degree + 2;

    const ErrorIntegrator<dim> errors(mapping,
                                      dof_handler,
                                      *comparison.exact,
                                      comparison.n_subdivisions,
                                      n_points);
    Figures                    of_reference = named(errors.measure(solution));
    Figures                    of_surrogate = named(errors.measure(function));
    if (comparison.equation != nullptr)
      {
        const ResidualRms residuals =
          residual_rms(hp::MappingCollection<dim>(mapping),
                       dof_handler,
                       Snapshot(solution),
                       surrogate,
                       comparison.equation,
                       comparison.n_subdivisions,
                       n_points,
                       comparison.auxiliary);
        of_reference.insert(of_reference.end() - 1,
                            {"residual_rms", residuals.reference});
        of_surrogate.insert(of_surrogate.end() - 1,
                            {"residual_rms", residuals.surrogate});
      }
    judge(assess(mapping, dof_handler, solution, surrogate));
    summary.seconds_evaluation = timer.wall_time();
    record({{"reference", of_reference}, {"surrogate", of_surrogate}});

    write_fields(folder,
                 mapping,
                 dof_handler,
                 solution,
                 ComparisonPostprocessor<dim>(function,
                                              comparison.exact.get(),
                                              comparison.equation,
                                              comparison.auxiliary));
    if (dim == 2 && surrogate.components.size() == 1)
      // columns: x y reference surrogate exact reference_error surrogate_error
      draw_maps(folder,
                "errors",
                {{"|finite element solution - exact|", "abs($6)"},
                 {"|surrogate - exact|", "abs($7)"}},
                ColorScale::logarithmic,
                pcout);
  }



  template void
  TrainingRun::compare(const Mapping<2> &,
                       const DoFHandler<2> &,
                       const TrilinosWrappers::MPI::Vector &,
                       const Comparison<2> &);
  template void
  TrainingRun::compare(const Mapping<3> &,
                       const DoFHandler<3> &,
                       const TrilinosWrappers::MPI::Vector &,
                       const Comparison<3> &);
} // namespace derl
