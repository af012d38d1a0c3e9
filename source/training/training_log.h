// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_source_training_training_log_h
#define derl_source_training_training_log_h

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/mpi.h>

#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "../base/checkpoint.h"
#include "../base/communication.h"
#include "training_observers.h"
#include "validation.h"

namespace derl
{
  /**
   * The table of iterations that a user sees, and the same as a file.
   */
  class TrainingLog : public TrainingObserver
  {
  public:
    /**
     * All arguments must outlive the object.
     *
     * @param path the file, empty for none.
     * @param interval the first ten iterations and multiples of this are shown.
     * @param stopping when the run ends.
     * @param checkpoint which the run goes on from, or null.
     */
    TrainingLog(const MPI_Comm                   &communicator,
                const dealii::ConditionalOStream &progress,
                const std::string                &path,
                const unsigned int                interval,
                const SumOfSquares               &objective,
                const Validation                 &validation,
                const StoppingCriteria           &stopping,
                const CheckpointReader           *checkpoint);

    /**
     * Say what is trained, with the optimizer of the given name.
     */
    void
    show_header(const std::string &optimizer);

    std::optional<StopReason>
    observe(const IterationState &state) override;

    /**
     * Close the file. Throws AgreedError if it is not complete.
     */
    void
    finish(const IterationState &state) override;

    /**
     * Say how the run ended, and what its optimizer @p sent.
     */
    void
    show_end(const OptimizationResult &result, const CommunicationCount &sent);

    /**
     * How well samples are fitted, if the error of any of them is known.
     */
    void
    show_misfits(const std::vector<SumOfSquares::Misfit> &misfits);

  private:
    /**
     * Begin the file, or go on with one whose lines before @p iteration are
     * kept.
     */
    void
    open(const unsigned int iteration);

    void
    write(const IterationState &state);

    /**
     * Seconds until a limit of time or iterations ends the run at the latest;
     * infinite if that cannot be told.
     */
    double
    seconds_to_go(const IterationState &state) const;

    const MPI_Comm             communicator;
    dealii::ConditionalOStream progress;
    const std::string          path;
    const unsigned int         interval;
    const SumOfSquares        &objective;
    const Validation          &validation;
    const StoppingCriteria    &stopping;
    const CheckpointReader    *checkpoint;

    std::ofstream file;
    bool          has_begun       = false;
    unsigned int  first_iteration = 0;
    double        first_seconds   = 0.;
    unsigned int  last_iteration  = 0;
  };
} // namespace derl

#endif
