// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/derl.h>

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/base/timer.h>

#include "measure.h"

namespace derl
{
  using namespace dealii;

  void
  measure(const std::shared_ptr<const Residual> &equation,
          const unsigned int                     n_times,
          ContinuitySolver                      &solver,
          TrainingRun                           &run)
  {
    const QGauss<1>      gauss(solver.get_dof_handler().get_fe().degree + 1);
    SampleTables         tables;
    SurrogateFunction<2> function(run.surrogate, OutsideBox::ignore);
    std::string          frames, titles;
    for (unsigned int n = 0; n <= n_times; ++n)
      {
        solver.go_to(n * (solver.n_times() - 1) / n_times);
        // in the parts of cells no point is special to the elements
        tables.add(
          "inside",
          solver.sample(QIterated<1>(gauss, 2), {jet_values, jet_gradients}));
        tables.add("edge", solver.sample_boundary(gauss, {jet_values}));
        if (2 * n % n_times == 0)
          {
            function.set_time(solver.exact().get_time());
            const std::string frame =
              "frame_" + std::to_string(2 * n / n_times);
            make_output_folder(run.communicator, run.folder + "/" + frame);
            write_fields(run.folder + "/" + frame,
                         solver.get_mapping(),
                         solver.get_dof_handler(),
                         solver.get_solution(),
                         ComparisonPostprocessor<2>(function, &solver.exact()));
            frames += frame + " ";
            titles += "t=" + short_text(function.get_time()) + " ";
          }
      }
    draw_picture(
      run.folder, "frames.gp", {"density", frames, titles}, run.pcout);

    Timer          timer;
    const Samples &inside = *tables.get("inside");
    SampleErrors   errors(run.communicator, run.surrogate, equation);
    const Samples  learned = errors.add(solver.exact().sample(inside), inside);
    run.record(errors.figures());
    errors.write_times(run.folder, run.pcout);
    run.summary.seconds_evaluation = timer.wall_time();

    const Samples      &edge = *tables.get("edge");
    std::vector<double> weights;
    for (unsigned int i = 0; i < edge.size(); ++i)
      weights.push_back(edge.weight(i));
    const Samples learned_edge =
      sample_teachers(run.communicator,
                      {{std::make_shared<const Surrogate>(run.surrogate),
                        [](const auto &) { return true; }}},
                      edge.points(),
                      {"u"},
                      weights);
    std::vector<std::pair<std::string, Figures>> further = {
      {"reference", solver.exact().measure(run.communicator, inside, edge)},
      {"surrogate",
       solver.exact().measure(run.communicator, learned, learned_edge)}};
    print_figures(run.pcout, further);
    for (auto &[name, figures] : run.summary.figures)
      for (const auto &[other, more] : further)
        if (name == other)
          figures.insert(figures.end(), more.begin(), more.end());
  }
} // namespace derl
