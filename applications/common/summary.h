// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_summary_h
#define derl_applications_summary_h

#include <derl/coupling/error_integration.h>
#include <derl/coupling/verdict.h>

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/mpi.h>

#include <string>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * Names and values, in the order in which they are to be shown.
   */
  using Figures = std::vector<std::pair<std::string, double>>;

  /**
   * The figures of a run: what summary.json holds. See doc/summary.md for the
   * meaning of its keys.
   */
  struct Summary
  {
    std::string   problem;
    unsigned int  n_ranks      = 0;
    std::uint64_t n_samples    = 0;
    unsigned int  n_parameters = 0;
    unsigned int  seed         = 0;

    std::vector<SumOfSquares::TermValue> terms;

    std::string  optimizer;
    std::string  stop_reason;
    unsigned int iterations  = 0;
    unsigned int evaluations = 0;
    /** The iteration whose parameters are those of the model. */
    unsigned int kept_iteration = 0;

    double seconds_reference  = 0;
    double seconds_sampling   = 0;
    double seconds_training   = 0;
    double seconds_evaluation = 0;

    /**
     * What was measured of "reference", "surrogate", and what else the problem
     * compares.
     */
    std::vector<std::pair<std::string, Figures>> figures;

    /** What can be said without an exact solution; nothing without a text. */
    Verdict verdict;
  };

  /**
   * Write summary.json into @p folder. Collective.
   */
  void
  write_summary(const MPI_Comm    &communicator,
                const std::string &folder,
                const Summary     &summary);

  /**
   * The entries of @p norms with their keys in summary.json.
   */
  Figures
  named(const ErrorNorms &norms);

  /**
   * Show the errors of reference and surrogate, which have the same names, side
   * by side.
   */
  void
  print_errors(const dealii::ConditionalOStream &out,
               const Figures                    &reference,
               const Figures                    &surrogate);
} // namespace derl

#endif
