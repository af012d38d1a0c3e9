// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_program_results_h
#define derl_program_results_h

#include <derl/coupling/errors.h>

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/table_handler.h>

#include <cstdint>
#include <ostream>
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
    std::vector<SumOfSquares::Misfit>    misfits;

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
   * A number in a table: whole numbers as they are, others to four or five
   * digits.
   */
  std::string
  short_text(const double number);

  /**
   * Write a table in Markdown, which is also easy to read as it is.
   */
  void
  write_markdown(const dealii::TableHandler &table, std::ostream &out);

  /**
   * Show what was measured: a row for each name, a column for each of
   * @p figures, and, if "reference" and "surrogate" are among them, one for
   * their ratio.
   */
  void
  print_figures(const dealii::ConditionalOStream                   &out,
                const std::vector<std::pair<std::string, Figures>> &figures);
} // namespace derl

#endif
