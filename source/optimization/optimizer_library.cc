// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/optimization/optimizer_library.h>

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
                      "into memory, 'Adam' for mini-batches.",
                      Patterns::Selection("Adam|L-BFGS|self-scaled Broyden"));

    const auto declare = [&prm](const std::string &section, auto &parameters) {
      prm.enter_subsection(section);
      parameters.declare_parameters(prm);
      prm.leave_subsection();
    };
    declare("Adam", adam);
    declare("L-BFGS", lbfgs);
    declare("Self-scaled Broyden", self_scaled_broyden);
  }



  void
  OptimizerParameters::check() const
  {
    AssertThrow(method == "Adam" || method == "L-BFGS" ||
                  method == "self-scaled Broyden",
                ExcMessage("There is no optimizer '" + method +
                           "'. Choose 'Adam', 'L-BFGS' or 'self-scaled "
                           "Broyden'."));
    adam.check();
    lbfgs.check();
    self_scaled_broyden.check();
  }



  std::unique_ptr<Optimizer>
  make_optimizer(const OptimizerParameters &parameters,
                 const MPI_Comm             mpi_communicator)
  {
    parameters.check();
    if (parameters.method == "Adam")
      return std::make_unique<Adam>(parameters.adam);
    if (parameters.method == "L-BFGS")
      return std::make_unique<LBFGS>(parameters.lbfgs);
    return std::make_unique<SelfScaledBroyden>(parameters.self_scaled_broyden,
                                               mpi_communicator);
  }
} // namespace derl
