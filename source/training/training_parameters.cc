// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/training/trainer.h>

#include <deal.II/base/exceptions.h>

#include "../base/memory.h"
#include "format.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Doubles per parameter that a training run holds beside the optimizer's:
     * vectors of parameters and gradients, buffers of the reduction, and in
     * the kernel for each of (typically two) tables of samples the weights in
     * two layouts and the gradient per SIMD lane.
     */
    constexpr double numbers_per_parameter = 40;
  } // namespace



  TrainingParameters::TrainingParameters()
  {
    stopping.max_iterations        = 1000000;
    stopping.max_seconds           = 60.;
    stopping.stagnation_iterations = 300;
    stopping.stagnation_tolerance  = 1e-3;
  }



  void
  TrainingParameters::declare_parameters(ParameterHandler &prm)
  {
    optimizer.declare_parameters(prm);
    stopping.declare_parameters(prm);
    validation.declare_parameters(prm);
    prm.add_parameter("Batch size",
                      batch_size,
                      "Samples per mini-batch over all ranks, for Adam; 0 "
                      "uses all samples in every step.",
                      Patterns::Integer(0));
    prm.add_parameter("Batch seed",
                      batch_seed,
                      "Seed of the random mini-batches.",
                      Patterns::Integer(0));
    prm.add_parameter("Log interval",
                      log_interval,
                      "Show the first ten iterations and every multiple of "
                      "this.",
                      Patterns::Integer(1));
    prm.add_parameter("Checkpoint interval",
                      checkpoint_interval,
                      "Seconds between checkpoints, from which a run that was "
                      "killed can go on; 0 for none.",
                      Patterns::Double(0.));
    prm.add_parameter("Checkpoint iterations",
                      checkpoint_iterations,
                      "Iterations between checkpoints, beside those of the "
                      "interval; 0 for none.",
                      Patterns::Integer(0));
    term_weights.declare_parameters(prm);
    prm.add_parameter("Scaling",
                      scaling,
                      "automatic: the network sees coordinates and components "
                      "of about one, from the samples, and terms count in "
                      "these units; none: all is in the units of the problem.",
                      Patterns::Selection("automatic|none"));
    prm.add_parameter("Precision",
                      precision,
                      "Numbers in which the network is evaluated; single is "
                      "faster, but an objective is then known to seven digits "
                      "only.",
                      Patterns::Selection("double|single"));
    prm.add_parameter("Check derivatives",
                      check_derivatives,
                      "Before training, compare gradient and Jacobian along a "
                      "random direction with difference quotients, and show "
                      "the errors for a range of steps.");
  }



  void
  TrainingParameters::check() const
  {
    optimizer.check();
    stopping.check();
    term_weights.check();
    validation.check();
    AssertThrow(batch_size == 0 || optimizer.takes_mini_batches(),
                ExcMessage("Mini-batches need the optimizer Adam: methods with "
                           "a line search must see all samples. Set 'Batch "
                           "size' to 0 or 'Method' to Adam."));
  }



  void
  check_training_memory(const MPI_Comm           &communicator,
                        const Architecture       &architecture,
                        const TrainingParameters &parameters)
  {
    architecture.check();
    const double n = architecture.n_parameters_as_double();
    check_memory(communicator,
                 sizeof(double) * numbers_per_parameter * n +
                   make_optimizer(parameters.optimizer, communicator)
                     ->memory_consumption(architecture.n_parameters()),
                 "a network of " + format("%.4g", n) +
                   " parameters and the optimizer " +
                   parameters.optimizer.method);
  }
} // namespace derl
