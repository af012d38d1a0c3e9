// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/coupling/errors.h>
#include <derl/coupling/surrogate_function.h>

#include <derl/program/pictures.h>

#include <cmath>
#include <cstdio>
#include <functional>

#include "../../source/base/random.h"
#include "start_study.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    using VectorType = DiffusionSolver::VectorType;
    using Parameters = KnownSolutions::Parameters;

    std::string
    format(const char *pattern, const double x)
    {
      char text[64];
      std::snprintf(text, sizeof(text), pattern, x);
      return text;
    }



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



    /**
     * Residuals over Newton's steps, one line for each unseen parameter and
     * start, one colour for each start.
     */
    void
    draw_newton(const MPI_Comm           &communicator,
                const std::string        &folder,
                const std::vector<Start> &starts,
                const double              tolerance,
                const ConditionalOStream &progress)
    {
      std::string script =
        "# newton.csv: s,k,start,step,residual; blocks of one solve\n"
        "set terminal pngcairo size 900,600 font ',13'\n"
        "set output 'newton.png'\n"
        "set datafile separator ','\n"
        "set logscale y\n"
        "set format y '10^{%T}'\n"
        "set grid\n"
        "set key outside right center\n"
        "set xlabel 'Newton step'\n"
        "set ylabel 'norm of the residual'\n"
        "set title 'Newton steps for unseen parameters'\n"
        "plot " +
        format("%.3e", tolerance) +
        " with lines dashtype 2 lc 'black' title 'tolerance'";
      const char *const colors[] = {"#999999", "#0072b2", "#e69f00", "#d55e00"};
      for (unsigned int i = 0; i < starts.size(); ++i)
        script += ", 'newton.csv' using ($3==" + std::to_string(i) +
                  "?$4:NaN):5 with linespoints pointtype 7 pointsize 0.6 "
                  "lc rgb '" +
                  colors[i] + "' title 'from " + starts[i].name + "'";
      draw_picture(
        communicator, folder, "newton.gnuplot", script + "\n", progress);
    }



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
      std::string starts =
        "s,k,start,steps,damped_steps,linear_iterations,seconds_to_start,"
        "seconds,initial_residual\n";
      std::string newton = "# s,k,start,step,residual\n";
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

      const std::string name =
        format("%.6f", unseen[0]) + format(",%.6f", unseen[1]);
      tables.starts +=
        name + "," + start.name + "," + std::to_string(log.n_steps()) + "," +
        std::to_string(log.n_damped_steps()) + "," +
        std::to_string(log.n_linear_iterations()) +
        format(",%.6f", started - begin) + format(",%.6f", end - begin) +
        format(",%.6e", log.steps[0].residual_norm) + "\n";
      for (unsigned int step = 0; step <= log.n_steps(); ++step)
        tables.newton += name + "," + std::to_string(i) + "," +
                         std::to_string(step) +
                         format(",%.6e", log.steps[step].residual_norm) + "\n";
      tables.newton += "\n";
      return log.n_steps();
    }



    /**
     * Show the means over @p n solves, and return them for the summary.
     */
    std::vector<std::pair<std::string, Figures>>
    show_means(const MPI_Comm           &communicator,
               const std::vector<Start> &starts,
               const double              n,
               const ConditionalOStream &progress)
    {
      // clocks of ranks differ
      const auto mean_seconds = [&](const double seconds) {
        return Utilities::MPI::max(seconds, communicator) / n;
      };
      progress << std::endl
               << "mean of a solve      steps   damped   linear its      start "
                  "s   in all s    saved"
               << std::endl;
      const double from_zero = mean_seconds(starts[0].seconds);
      std::vector<std::pair<std::string, Figures>> figures;
      for (const Start &start : starts)
        {
          const double seconds  = mean_seconds(start.seconds);
          const double to_start = mean_seconds(start.seconds_to_start);
          char         line[128];
          std::snprintf(line,
                        sizeof(line),
                        "from %-13s %8.2f %8.2f %12.1f %12.4f %10.4f %7.0f%%",
                        start.name.c_str(),
                        start.n_steps / n,
                        start.n_damped_steps / n,
                        start.n_linear_iterations / n,
                        to_start,
                        seconds,
                        100 * (1 - seconds / from_zero));
          progress << line << std::endl;
          figures.push_back(
            {"from_" + start.name,
             {{"newton_steps", start.n_steps / n},
              {"damped_steps", start.n_damped_steps / n},
              {"linear_iterations", start.n_linear_iterations / n},
              {"seconds_to_start", to_start},
              {"seconds_in_all", seconds}}});
        }
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
    RandomStream       random(parameters.unseen_seed);
    double             l2_error = 0, h1_error = 0, centre_error = 0;
    progress << std::endl
             << "Newton steps for unseen parameters from:" << std::endl
             << "     s      k      zero   nearest   extrapol.  surrogate   "
                "error of the surrogate"
             << std::endl;
    for (unsigned int i = 0; i < parameters.n_unseen; ++i)
      {
        const double     u = random.uniform(), v = random.uniform();
        const Parameters unseen   = known.random_parameters(u, v);
        VectorType       solution = solver.make_vector();
        std::string      line =
          format("%6.3f", unseen[0]) + format(" %6.3f", unseen[1]);
        for (unsigned int j = 0; j < starts.size(); ++j)
          line += format(
            "%10.0f", solve_from(starts, j, unseen, solver, solution, tables));

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
        progress << line << "     "
                 << format("%.1e", distance.relative_l2_error) << std::endl;
      }
    const std::string &folder = parameters.output_folder;
    write_file(communicator, folder + "/starts.csv", tables.starts);
    write_file(communicator, folder + "/newton.csv", tables.newton);
    draw_newton(communicator,
                folder,
                starts,
                parameters.solver.newton.absolute_tolerance,
                progress);

    auto figures =
      show_means(communicator, starts, parameters.n_unseen, progress);
    figures.push_back({"surrogate",
                       {{"relative_l2_error", l2_error},
                        {"relative_h1_seminorm_error", h1_error},
                        {"relative_centre_error", centre_error}}});
    return figures;
  }
} // namespace derl
