// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iomanip>
#include <limits>

#include "format.h"
#include "training_log.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Width of a term's column in the table of iterations.
     */
    int
    column_width(const std::string &name)
    {
      return std::max<int>(12, name.size() + 2);
    }



    /**
     * What will end the run, in words.
     */
    std::string
    end_of_training(const StoppingCriteria &stopping)
    {
      std::string result;
      if (stopping.stagnation_iterations > 0)
        result = "when " + std::to_string(stopping.stagnation_iterations) +
                 " iterations lower the loss by less than " +
                 format("%g", 100. * stopping.stagnation_tolerance) + "%, ";
      result +=
        "after " + std::to_string(stopping.max_iterations) + " iterations";
      if (stopping.max_seconds > 0.)
        result += " or " + format("%g", stopping.max_seconds) + " s";
      return result + " at the latest.";
    }



    /**
     * What a log has with iterations before @p iteration, in complete lines
     * after @p header; nothing else if it is not such a log.
     */
    std::string
    log_before(const std::string &path,
               const std::string &header,
               const unsigned int iteration)
    {
      std::string   result = header + '\n';
      std::ifstream in(path);
      std::string   line;
      if (!std::getline(in, line) || line != header)
        return result;
      // a line without its end is the last one and may be a part
      while (std::getline(in, line) && !in.eof())
        if (std::strtoul(line.c_str(), nullptr, 10) < iteration)
          result += line + '\n';
      return result;
    }
  } // namespace



  TrainingLog::TrainingLog(const MPI_Comm           &communicator,
                           const ConditionalOStream &progress,
                           const std::string        &path,
                           const unsigned int        interval,
                           const SumOfSquares       &objective,
                           const Validation         &validation,
                           const StoppingCriteria   &stopping,
                           const CheckpointReader   *checkpoint)
    : communicator(communicator)
    , progress(progress)
    , path(path)
    , interval(interval)
    , objective(objective)
    , validation(validation)
    , stopping(stopping)
    , checkpoint(checkpoint)
  {
  }



  void
  TrainingLog::show_header(const std::string &optimizer)
  {
    progress << "Training " << objective.n_parameters() << " parameters on "
             << objective.n_samples() << " samples with " << optimizer;
    if (validation.is_active())
      progress << ", " << objective.n_held_out_samples()
               << " samples held out for validation";
    progress << std::endl
             << "It ends " << end_of_training(stopping) << std::endl
             << std::setw(10) << "iteration" << std::setw(19) << "loss";
    for (const auto &term : objective.term_values())
      progress << std::setw(column_width(term.name)) << term.name;
    if (validation.is_active())
      progress << std::setw(12) << "validation";
    progress << std::setw(12) << "|gradient|" << std::setw(9) << "seconds"
             << std::setw(17) << "to go at most" << std::endl;
  }



  void
  TrainingLog::open(const unsigned int iteration)
  {
    if (path.empty())
      return;
    run_collectively(communicator, [&]() {
      if (Utilities::MPI::this_mpi_process(communicator) != 0)
        return;
      std::string header = "iteration,evaluations,loss";
      for (const auto &term : objective.term_values())
        header += ',' + term.name;
      if (validation.is_active())
        header += ",validation";
      header += ",gradient_norm,seconds";
      if (iteration > 0)
        {
          write_file_atomically(path, log_before(path, header, iteration));
          file.open(path, std::ios::app);
        }
      else
        {
          file.open(path);
          file << header << std::endl;
        }
      AssertThrow(file, ExcMessage("Cannot write the log '" + path + "'."));
    });
  }



  void
  TrainingLog::write(const IterationState &state)
  {
    last_iteration   = state.iteration;
    const auto terms = objective.term_values();
    progress << std::setw(10) << state.iteration << std::setw(19)
             << format("%.11e", state.value);
    for (const auto &term : terms)
      progress << std::setw(column_width(term.name))
               << format("%.3e", term.value);
    if (validation.is_active())
      progress << std::setw(12) << format("%.3e", validation.last_value());
    progress << std::setw(12) << format("%.3e", state.gradient_norm)
             << std::setw(9) << format("%.2f", state.seconds);
    const double to_go = seconds_to_go(state);
    if (std::isfinite(to_go))
      progress << std::setw(15) << format("%.0f", to_go) << " s";
    progress << std::endl;

    if (file.is_open())
      {
        file << state.iteration << ',' << state.evaluations << ','
             << format("%.17g", state.value);
        for (const auto &term : terms)
          file << ',' << format("%.17g", term.value);
        if (validation.is_active())
          file << ',' << format("%.17g", validation.last_value());
        file << ',' << format("%.17g", state.gradient_norm) << ','
             << format("%.3f", state.seconds) << std::endl;
      }
  }



  double
  TrainingLog::seconds_to_go(const IterationState &state) const
  {
    double result = std::numeric_limits<double>::infinity();
    if (stopping.max_seconds > 0.)
      result = std::max(0., stopping.max_seconds - state.seconds);
    if (state.iteration > first_iteration)
      result = std::min(result,
                        (state.seconds - first_seconds) /
                          (state.iteration - first_iteration) *
                          (stopping.max_iterations -
                           std::min(state.iteration, stopping.max_iterations)));
    return result;
  }



  std::optional<StopReason>
  TrainingLog::observe(const IterationState &state)
  {
    if (!has_begun)
      {
        has_begun       = true;
        first_iteration = state.iteration;
        first_seconds   = state.seconds;
        if (checkpoint != nullptr)
          progress << "Going on from iteration " << state.iteration << " of '"
                   << checkpoint->path() << "'" << std::endl;
        open(state.iteration);
      }
    if (state.iteration <= 10 || state.iteration % interval == 0)
      write(state);
    return {};
  }



  void
  TrainingLog::finish(const IterationState &state)
  {
    if (state.iteration > last_iteration)
      write(state);
    run_collectively(communicator, [&]() {
      const bool good = file.good();
      if (file.is_open())
        {
          file.close();
          AssertThrow(good && file.good(),
                      ExcMessage("Could not write all of the log '" + path +
                                 "'. Is the disk full?"));
        }
    });
  }



  void
  TrainingLog::show_end(const OptimizationResult &result,
                        const CommunicationCount &sent)
  {
    progress << "Stopped after " << result.iterations << " iterations, "
             << result.evaluations << " evaluations, "
             << format("%.2f", result.seconds)
             << " s: " << to_string(result.reason) << std::endl;
    if (sent.collectives > 0)
      {
        const double n = std::max(1u, result.iterations - first_iteration);
        progress << "Communication: " << format("%.1f", sent.collectives / n)
                 << " collectives and " << format("%.4g", sent.bytes / n)
                 << " bytes per iteration and rank" << std::endl;
      }
  }



  void
  TrainingLog::show_misfits(const std::vector<SumOfSquares::Misfit> &misfits)
  {
    if (std::none_of(misfits.begin(), misfits.end(), [](const auto &misfit) {
          return std::isfinite(misfit.estimated_error);
        }))
      return;
    progress << "Misfit of the samples, and their own error as estimated (root "
                "mean squares)"
             << std::endl;
    for (const auto &misfit : misfits)
      {
        progress << "  " << misfit.term << ' ' << misfit.entry << ": "
                 << format("%.2e", misfit.rms);
        if (std::isfinite(misfit.estimated_error))
          progress << ", " << format("%.2e", misfit.estimated_error);
        progress << std::endl;
      }
  }
} // namespace derl
