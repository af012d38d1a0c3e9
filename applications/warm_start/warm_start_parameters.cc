// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "warm_start_parameters.h"

#include <deal.II/base/exceptions.h>

#include <algorithm>

namespace derl
{
  using namespace dealii;

  WarmStartParameters::WarmStartParameters()
    : TrainingRunParameters(
        "output/warm_start",
        "interior: u: 10; interior: u_x u_y: 0.3; "
        "interior: u_s: 1; interior: u_k: 1; "
        "boundary: u: 10",
        {"interior", "boundary"},
        "mean squared mismatch of the value u, of derivatives in space (u_x "
        "u_y) "
        "or with respect to the logarithm of the source (u_s) and the exponent "
        "(u_k) in the interior; of the value at the boundary. Each is in the "
        "units of the network, which those of a term must share.")
  {
    network.hidden = {30, 30, 30};
  }



  void
  WarmStartParameters::declare_problem(ParameterHandler &prm)
  {
    prm.enter_subsection("Solver");
    solver.declare_parameters(prm);
    prm.leave_subsection();

    prm.enter_subsection("Samples");
    prm.add_parameter("Logarithms of the source",
                      log_sources,
                      "Values of s; the problem is solved for all pairs of one "
                      "of them and one exponent, and the surrogate learns from "
                      "all these solutions.",
                      Patterns::List(Patterns::Double(-3., 6.), 2));
    prm.add_parameter("Exponents",
                      exponents,
                      "Values of k.",
                      Patterns::List(Patterns::Double(0., 10.), 2));
    prm.add_parameter("Gauss points per direction",
                      n_gauss_points,
                      "Gauss points per direction in a cell or face at which "
                      "each solution is sampled.",
                      Patterns::Integer(1, 20));
    prm.leave_subsection();

    prm.enter_subsection("Comparison");
    prm.add_parameter("Number of unseen parameters",
                      n_unseen,
                      "Random parameters between the training parameters that "
                      "are then solved for from several starts.",
                      Patterns::Integer(1, 10000));
    prm.add_parameter("Random seed",
                      unseen_seed,
                      "Seed of these parameters.",
                      Patterns::Integer(0));
    prm.leave_subsection();
  }



  void
  WarmStartParameters::check() const
  {
    TrainingRunParameters::check();
    for (const auto *list : {&log_sources, &exponents})
      AssertThrow(*std::min_element(list->begin(), list->end()) <
                    *std::max_element(list->begin(), list->end()),
                  ExcMessage("'Logarithms of the source' and 'Exponents' need "
                             "two different values each."));
  }
} // namespace derl
