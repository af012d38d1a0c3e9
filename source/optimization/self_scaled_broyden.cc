// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/optimization/optimizers.h>

#include <cmath>
#include <memory>

#include "../base/choices.h"
#include "broyden_matrix.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    const Choices<BroydenUpdate> &
    formulas()
    {
      static const Choices<BroydenUpdate> table(
        "update formula",
        {{SelfScaledBroyden::method_name, BroydenUpdate::self_scaled_broyden},
         {"self-scaled BFGS", BroydenUpdate::self_scaled_bfgs},
         {"BFGS", BroydenUpdate::bfgs}});
      return table;
    }
  } // namespace



  void
  SelfScaledBroyden::Parameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Update",
                      update,
                      "How the inverse Hessian learns from a step.",
                      formulas().pattern());
    prm.add_parameter("Trial step",
                      trial_step,
                      "Length that a line search tries first.",
                      Patterns::Double(0.));
    prm.enter_subsection("Line search");
    line_search.declare_parameters(prm);
    prm.leave_subsection();
  }



  void
  SelfScaledBroyden::Parameters::check() const
  {
    formulas().at(update);
    AssertThrow(trial_step > 0. && std::isfinite(trial_step),
                ExcMessage("The trial step of a line search must be "
                           "positive."));
    line_search.check();
  }



  SelfScaledBroyden::SelfScaledBroyden(const Parameters &parameters,
                                       const MPI_Comm    mpi_communicator)
    : parameters(parameters)
    , mpi_communicator(mpi_communicator)
  {
    parameters.check();
  }



  std::string
  SelfScaledBroyden::name() const
  {
    return parameters.update;
  }



  double
  SelfScaledBroyden::memory_consumption(const unsigned int n_parameters) const
  {
    return BroydenMatrix::memory_consumption(n_parameters, mpi_communicator) +
           double(n_vectors_with_line_search) * n_parameters * sizeof(double);
  }



  OptimizationResult
  SelfScaledBroyden::minimize(ObjectiveFunction      &objective,
                              Vector<double>         &x,
                              const StoppingCriteria &criteria,
                              const Observer         &observer,
                              CheckpointReader       *restart)
  {
    std::unique_ptr<BroydenMatrix> inverse_hessian;
    run_collectively(mpi_communicator, [&]() {
      inverse_hessian = std::make_unique<BroydenMatrix>(
        x.size(), mpi_communicator, formulas().at(parameters.update));
    });
    return minimize_with_line_search(objective,
                                     x,
                                     criteria,
                                     observer,
                                     LineSearch(parameters.line_search),
                                     *inverse_hessian,
                                     parameters.trial_step,
                                     name(),
                                     restart);
  }
} // namespace derl
