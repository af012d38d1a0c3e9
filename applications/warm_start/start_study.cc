// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/coupling/errors.h>
#include <derl/coupling/surrogate_function.h>

#include <derl/data/sources.h>

#include <derl/program/program.h>

#include <deal.II/base/table_handler.h>

#include <cmath>
#include <functional>
#include <sstream>

#include "start_study.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    using VectorType = DiffusionSolver::VectorType;
    using Parameters = KnownSolutions::Parameters;

    /**
     * A way to start Newton's method, and what came of it over all parameters.
     */
    struct Start
    {
      std::string                                           name;
      std::function<void(const Parameters &, VectorType &)> make;

      unsigned int n_steps             = 0;
      unsigned int n_damped_steps      = 0;
      unsigned int n_linear_iterations = 0;
      double       seconds_to_start    = 0;
      double       seconds             = 0;
    };



    std::vector<Start>
    make_starts(const KnownSolutions  &known,
                const DiffusionSolver &solver,
                SurrogateFunction<2>  &surrogate)
    {
      std::vector<Start> starts(4);
      starts[0].name = "zero";
      starts[0].make = [](const Parameters &, VectorType &) {};
      starts[1].name = "nearest";
      starts[1].make = [&](const Parameters &unseen, VectorType &start) {
        known.start_from_nearest(unseen, start);
      };
      starts[2].name = "extrapolation";
      starts[2].make = [&](const Parameters &unseen, VectorType &start) {
        known.extrapolate_nearest(unseen, start);
      };
      starts[3].name = "surrogate";
      starts[3].make = [&](const Parameters &unseen, VectorType &start) {
        surrogate.set_parameters({unseen.begin(), unseen.end()});
        warm_start(solver.get_mapping(),
                   solver.get_dof_handler(),
                   solver.get_constraints(),
                   surrogate,
                   start);
      };
      return starts;
    }



    /**
     * The files starts.csv and newton.csv.
     */
    struct Tables
    {
      std::ostringstream starts, newton;
    };



    /**
     * Solve for unseen parameters from starts[i], and keep account of it.
     * Returns the number of Newton steps.
     */
    unsigned int
    solve_from(std::vector<Start> &starts,
               const unsigned int  i,
               const Parameters   &unseen,
               DiffusionSolver    &solver,
               VectorType         &solution,
               Tables             &tables)
    {
      const MPI_Comm communicator = solver.get_dof_handler().get_communicator();
      Start         &start        = starts[i];
      solution                    = solver.make_vector();
      MPI_Barrier(communicator);
      const double begin = MPI_Wtime();
      start.make(unseen, solution);
      const double started = MPI_Wtime();
      const auto   log     = solver.solve(unseen[0], unseen[1], solution);
      MPI_Barrier(communicator);
      const double end = MPI_Wtime();

      start.n_steps += log.n_steps();
      start.n_damped_steps += log.n_damped_steps();
      start.n_linear_iterations += log.n_linear_iterations();
      start.seconds_to_start += started - begin;
      start.seconds += end - begin;

      tables.starts << unseen[0] << ',' << unseen[1] << ',' << start.name << ','
                    << log.n_steps() << ',' << log.n_damped_steps() << ','
                    << log.n_linear_iterations() << ',' << started - begin
                    << ',' << end - begin << ',' << log.steps[0].residual_norm
                    << '\n';
      for (unsigned int step = 0; step <= log.n_steps(); ++step)
        tables.newton << unseen[0] << ',' << unseen[1] << ',' << i << ','
                      << step << ',' << log.steps[step].residual_norm << '\n';
      tables.newton << '\n';
      return log.n_steps();
    }



    /**
     * The means over @p n solves.
     */
    std::vector<std::pair<std::string, Figures>>
    means(const MPI_Comm           &communicator,
          const std::vector<Start> &starts,
          const double              n)
    {
      // clocks of ranks differ
      const auto mean_seconds = [&](const double seconds) {
        return Utilities::MPI::max(seconds, communicator) / n;
      };
      std::vector<std::pair<std::string, Figures>> figures;
      for (const Start &start : starts)
        figures.push_back(
          {"from_" + start.name,
           {{"newton_steps", start.n_steps / n},
            {"damped_steps", start.n_damped_steps / n},
            {"linear_iterations", start.n_linear_iterations / n},
            {"seconds_to_start", mean_seconds(start.seconds_to_start)},
            {"seconds_in_all", mean_seconds(start.seconds)}}});
      return figures;
    }
  } // namespace



  std::vector<std::pair<std::string, Figures>>
  compare_starts(const WarmStartParameters &parameters,
                 const KnownSolutions      &known,
                 SurrogateFunction<2>      &surrogate,
                 DiffusionSolver           &solver,
                 const ConditionalOStream  &progress)
  {
    const MPI_Comm communicator = solver.get_dof_handler().get_communicator();
    std::vector<Start> starts   = make_starts(known, solver, surrogate);
    Tables             tables;
    const auto         random = random_points<2>(
      {0., 0.}, {1., 1.}, parameters.n_unseen, parameters.unseen_seed);
    double       l2_error = 0, h1_error = 0, centre_error = 0;
    TableHandler table;
    tables.starts << "s,k,start,steps,damped_steps,linear_iterations,"
                     "seconds_to_start,seconds,initial_residual\n";
    tables.newton << "# s,k,start,step,residual\n";
    for (unsigned int i = 0; i < parameters.n_unseen; ++i)
      {
        const Parameters unseen =
          known.random_parameters(random[i][0], random[i][1]);
        VectorType solution = solver.make_vector();
        table.add_value("s", short_text(unseen[0]));
        table.add_value("k", short_text(unseen[1]));
        for (unsigned int j = 0; j < starts.size(); ++j)
          table.add_value(
            "steps from " + starts[j].name,
            solve_from(starts, j, unseen, solver, solution, tables));

        // the last start has set the surrogate's parameters
        const ErrorNorms distance =
          ErrorIntegrator<2>(
            solver.get_mapping(), solver.get_dof_handler(), surrogate, 1, 3)
            .measure(solution);
        l2_error = std::max(l2_error, distance.relative_l2_error);
        h1_error = std::max(h1_error, distance.relative_h1_seminorm_error);
        const double exact =
          DiffusionSolver::exact_centre(unseen[0], unseen[1]);
        centre_error =
          std::max(centre_error,
                   std::abs(surrogate.value(Point<2>(0.5, 0.5)) / exact - 1));
        table.add_value("error of the surrogate",
                        short_text(distance.relative_l2_error));
      }
    std::ostringstream text;
    write_markdown(table, text);
    progress << std::endl << text.str();
    const std::string &folder = parameters.output_folder;
    write_file(communicator, folder + "/starts.csv", tables.starts.str());
    write_file(communicator, folder + "/newton.csv", tables.newton.str());
    std::string names;
    for (const Start &start : starts)
      names += start.name + " ";
    draw_picture(
      folder,
      "newton.gp",
      {short_text(parameters.solver.newton.absolute_tolerance), names},
      progress);

    auto figures = means(communicator, starts, parameters.n_unseen);
    figures.push_back({"surrogate",
                       {{"relative_l2_error", l2_error},
                        {"relative_h1_seminorm_error", h1_error},
                        {"relative_centre_error", centre_error}}});
    return figures;
  }
} // namespace derl
