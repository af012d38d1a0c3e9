// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_optimizer_library_h
#define derl_optimization_optimizer_library_h

#include <derl/optimization/adam.h>
#include <derl/optimization/lbfgs.h>
#include <derl/optimization/levenberg_marquardt.h>
#include <derl/optimization/self_scaled_broyden.h>

#include <memory>

namespace derl
{
  /**
   * The choice of a method and the parameters of all of them. A new method is a
   * class with a method_name and Parameters, a member here, and a line in the
   * table of optimizer_library.cc, from which parameter files, messages and
   * make_optimizer() follow.
   */
  struct OptimizerParameters
  {
    /** "auto" (see AutomaticOptimizer), "Adam", "L-BFGS",
     * "Levenberg-Marquardt" or "self-scaled Broyden". */
    std::string method = "auto";

    Adam::Parameters               adam;
    LBFGS::Parameters              lbfgs;
    LevenbergMarquardt::Parameters levenberg_marquardt;
    SelfScaledBroyden::Parameters  self_scaled_broyden;

    /**
     * Declare the method in the current section of @p prm and the parameters of
     * each method in a subsection of its name.
     */
    void
    declare_parameters(dealii::ParameterHandler &prm);

    /**
     * Throw ExcMessage if the method is unknown or a parameter of any method is
     * outside its range.
     */
    void
    check() const;

    /**
     * Whether the method can minimise an objective that is split into
     * mini-batches. Throws ExcMessage if the method is unknown.
     */
    bool
    takes_mini_batches() const;
  };

  /**
   * Make the chosen optimizer. @p mpi_communicator is that of the objectives
   * to minimise. An optimizer that chooses something itself tells @p message,
   * on all ranks. Calls check(). Collective.
   */
  std::unique_ptr<Optimizer>
  make_optimizer(
    const OptimizerParameters                      &parameters,
    const MPI_Comm                                  mpi_communicator,
    const std::function<void(const std::string &)> &message =
      [](const std::string &) {});
} // namespace derl

#endif
