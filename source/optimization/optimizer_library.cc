// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/optimization/optimizers.h>

#include <cctype>
#include <type_traits>

#include "../base/choices.h"
#include "../base/memory.h"
#include "automatic.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    using Message = std::function<void(const std::string &)>;

    /**
     * What is known of a method besides its name.
     */
    struct Method
    {
      /** What it is good for, after its name. */
      std::string purpose;

      bool takes_mini_batches;

      std::function<void(OptimizerParameters &, ParameterHandler &)> declare;
      std::function<void(const OptimizerParameters &)>               check;
      std::function<std::unique_ptr<Optimizer>(const OptimizerParameters &,
                                               const MPI_Comm,
                                               const Message &)>
        make;
    };

    using Entry = std::pair<std::string, Method>;



    /**
     * A method with parameters of its own, in a subsection of its name with a
     * capital letter. Its constructor takes them and, if its memory is
     * distributed, the communicator.
     */
    template <typename Type>
    Entry
    entry(typename Type::Parameters OptimizerParameters::*const parameters,
          const std::string                                    &purpose,
          const bool takes_mini_batches = false)
    {
      Method method;
      method.purpose            = purpose;
      method.takes_mini_batches = takes_mini_batches;
      method.declare            = [parameters](OptimizerParameters &all,
                                    ParameterHandler    &prm) {
        std::string section = Type::method_name;
        section[0]          = std::toupper(section[0]);
        prm.enter_subsection(section);
        (all.*parameters).declare_parameters(prm);
        prm.leave_subsection();
      };
      method.check = [parameters](const OptimizerParameters &all) {
        (all.*parameters).check();
      };
      method.make = [parameters](const OptimizerParameters &all,
                                 const MPI_Comm             communicator,
                                 const Message &) {
        std::unique_ptr<Optimizer> result;
        if constexpr (std::is_constructible_v<Type,
                                              typename Type::Parameters,
                                              MPI_Comm>)
          result = std::make_unique<Type>(all.*parameters, communicator);
        else
          result = std::make_unique<Type>(all.*parameters);
        return result;
      };
      return {Type::method_name, method};
    }



    Entry
    automatic()
    {
      return {AutomaticOptimizer::method_name,
              {"chooses one for the problem and the memory",
               true,
               [](OptimizerParameters &, ParameterHandler &) {},
               [](const OptimizerParameters &) {},
               [](const OptimizerParameters &all,
                  const MPI_Comm             communicator,
                  const Message             &message) {
                 return std::make_unique<AutomaticOptimizer>(
                   all, communicator, message, memory_per_rank(communicator));
               }}};
    }



    /**
     * All methods; a new one needs a line here.
     */
    const Choices<Method> &
    methods()
    {
      using Parameters = OptimizerParameters;
      static const Choices<Method> table(
        "optimizer",
        {automatic(),
         entry<Adam>(&Parameters::adam, "is for mini-batches", true),
         entry<LBFGS>(&Parameters::lbfgs,
                      "is for full batches if the matrix of self-scaled "
                      "Broyden does not fit into memory"),
         entry<LevenbergMarquardt>(
           &Parameters::levenberg_marquardt,
           "needs the fewest iterations, but each takes long"),
         entry<SelfScaledBroyden>(&Parameters::self_scaled_broyden,
                                  "is for full batches and high accuracy")});
      return table;
    }
  } // namespace



  void
  OptimizerParameters::declare_parameters(ParameterHandler &prm)
  {
    std::string documentation = "The optimizer.";
    for (const auto &[name, entry] : methods())
      documentation += " '" + name + "' " + entry.purpose + ".";
    prm.add_parameter("Method", method, documentation, methods().pattern());
    for (const auto &[name, entry] : methods())
      entry.declare(*this, prm);
  }



  void
  OptimizerParameters::check() const
  {
    methods().at(method);
    for (const auto &[name, entry] : methods())
      entry.check(*this);
  }



  bool
  OptimizerParameters::takes_mini_batches() const
  {
    return methods().at(method).takes_mini_batches;
  }



  std::unique_ptr<Optimizer>
  make_optimizer(const OptimizerParameters &parameters,
                 const MPI_Comm             mpi_communicator,
                 const std::function<void(const std::string &)> &message)
  {
    parameters.check();
    return methods()
      .at(parameters.method)
      .make(parameters, mpi_communicator, message);
  }
} // namespace derl
