// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/optimization/automatic.h>
#include <derl/optimization/optimizer_library.h>

#include <set>

namespace derl
{
  using namespace dealii;

  void
  OptimizerParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Method",
                      method,
                      "The optimizer: 'self-scaled Broyden' for full batches "
                      "and high accuracy, 'L-BFGS' if its matrix does not fit "
                      "into memory, 'Adam' for mini-batches; 'auto' chooses "
                      "one of these. 'Levenberg-Marquardt' needs the fewest "
                      "iterations, but each takes long.",
                      Patterns::Selection("auto|Adam|L-BFGS|"
                                          "Levenberg-Marquardt|"
                                          "self-scaled Broyden"));

    const auto declare = [&prm](const std::string &section, auto &parameters) {
      prm.enter_subsection(section);
      parameters.declare_parameters(prm);
      prm.leave_subsection();
    };
    declare("Adam", adam);
    declare("L-BFGS", lbfgs);
    declare("Levenberg-Marquardt", levenberg_marquardt);
    declare("Self-scaled Broyden", self_scaled_broyden);
  }



  void
  OptimizerParameters::check() const
  {
    const std::set<std::string> methods = {
      "auto", "Adam", "L-BFGS", "Levenberg-Marquardt", "self-scaled Broyden"};
    AssertThrow(methods.count(method) == 1,
                ExcMessage("There is no optimizer '" + method +
                           "'. Choose 'auto', 'Adam', 'L-BFGS', "
                           "'Levenberg-Marquardt' or 'self-scaled "
                           "Broyden'."));
    adam.check();
    lbfgs.check();
    levenberg_marquardt.check();
    self_scaled_broyden.check();
  }



  std::unique_ptr<Optimizer>
  make_optimizer(const OptimizerParameters &parameters,
                 const MPI_Comm             mpi_communicator,
                 const std::function<void(const std::string &)> &message)
  {
    parameters.check();
    if (parameters.method == "auto")
      return std::make_unique<AutomaticOptimizer>(
        parameters, mpi_communicator, message);
    if (parameters.method == "Adam")
      return std::make_unique<Adam>(parameters.adam);
    if (parameters.method == "L-BFGS")
      return std::make_unique<LBFGS>(parameters.lbfgs);
    if (parameters.method == "Levenberg-Marquardt")
      return std::make_unique<LevenbergMarquardt>(
        parameters.levenberg_marquardt);
    return std::make_unique<SelfScaledBroyden>(parameters.self_scaled_broyden,
                                               mpi_communicator);
  }
} // namespace derl
