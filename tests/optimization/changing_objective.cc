// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// An objective that becomes another one between iterations, as with new
// samples: a secant pair made of the gradients of both would spoil what is
// known of the curvature, which is the same for both.

#include <derl/optimization/optimizers.h>

#include "../tests.h"
#include "test_functions.h"

namespace test_changing_objective
{
using namespace dealii;
using namespace derl;

/**
 * A quadratic whose minimum jumps away after some evaluations.
 */
class JumpingQuadratic : public ObjectiveFunction
{
public:
  unsigned int
  n_parameters() const override
  {
    return n;
  }

  double
  value_and_gradient(const Vector<double> &x, Vector<double> &gradient) override
  {
    Vector<double> shifted = x;
    if (has_jumped)
      for (unsigned int i = 0; i < n; ++i)
        shifted[i] += 3. * (i + 1.);
    return function.value_and_gradient(shifted, gradient);
  }

  unsigned int
  revision() const override
  {
    return has_jumped ? 1 : 0;
  }

  bool has_jumped = false;

private:
  static constexpr unsigned int n        = 6;
  FunctionObjective             function = quadratic(n, 10.);
};



DERL_TEST(changing_objective)
{
  initlog();

  for (const std::string method : {"L-BFGS", "self-scaled Broyden"})
    {
      OptimizerParameters parameters;
      parameters.method = method;
      StoppingCriteria stopping;
      stopping.max_iterations        = 13;
      stopping.stagnation_iterations = 0;
      stopping.gradient_tolerance    = 0.;
      JumpingQuadratic objective;
      Vector<double>   x(objective.n_parameters());
      double           after_jump = 0.;
      const auto       result =
        make_optimizer(parameters, MPI_COMM_WORLD)
          ->minimize(objective, x, stopping, [&](const IterationState &state) {
            if (state.iteration == 8)
              {
                objective.has_jumped = true;
                Vector<double> gradient;
                after_jump = objective.value_and_gradient(state.x, gradient);
              }
            return std::optional<StopReason>();
          });
      deallog << method
              << ": the curvature of before leads to the new minimum: "
              << (result.value < 5e-3 * after_jump ? "ok" : "FAILED")
              << std::endl;
    }
}
} // namespace test_changing_objective
