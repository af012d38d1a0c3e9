// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "allen_cahn_solver.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/patterns.h>

namespace derl
{
  using namespace dealii;

  void
  AllenCahnSolverParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Lambda",
                      lambda,
                      "The diffusion coefficient of the equation.",
                      Patterns::Double(1e-6, 1e6));
    prm.add_parameter("Reaction",
                      reaction,
                      "The coefficient r of lambda Laplace(u) + r (u^3 - u) = "
                      "f; 0 gives Poisson's equation.",
                      Patterns::Double(0., 1e6));
    prm.add_parameter("Continuation lambdas",
                      continuation_lambdas,
                      "Decreasing diffusion coefficients that are solved for "
                      "on the first mesh before the one above, each from the "
                      "solution before; those not larger than the one above "
                      "are skipped. May be empty, but then Newton's method may "
                      "find another solution of the equation.",
                      Patterns::List(Patterns::Double(1e-6, 1e6)));
    prm.add_parameter("Finite element degree",
                      fe_degree,
                      "The polynomial degree of the continuous elements.",
                      Patterns::Integer(1, 6));
    prm.add_parameter("Global refinements",
                      n_global_refinements,
                      "How often the single cell [-1,1]^dim is refined; the "
                      "cells of the first mesh have edges of length 2/2^n.",
                      Patterns::Integer(0, 12));
    prm.add_parameter("Adaptive refinements",
                      n_adaptive_refinements,
                      "How often the 30% of the cells with the largest "
                      "estimated error are refined, and the 3% with the "
                      "smallest coarsened, each time with a new solve.",
                      Patterns::Integer(0, 20));
    prm.add_parameter("Distortion",
                      distortion,
                      "By how much the interior vertices of the first mesh are "
                      "moved, in a random direction, relative to the shortest "
                      "edge at the vertex.",
                      Patterns::Double(0., 0.4));
    prm.add_parameter("Newton relative tolerance",
                      newton_relative_tolerance,
                      "Newton's method stops when the l2 norm of the residual "
                      "vector is below this multiple of its norm at u=0.",
                      Patterns::Double(0, 0.1));
    prm.add_parameter("Newton absolute tolerance",
                      newton_absolute_tolerance,
                      "Newton's method stops when the l2 norm of the residual "
                      "vector is below this number.",
                      Patterns::Double(0, 1));
    prm.add_parameter("Maximal Newton steps",
                      n_max_newton_steps,
                      "The number of Newton steps, for each mesh and each "
                      "lambda, after which the solver gives up.",
                      Patterns::Integer(1, 1000));
    prm.add_parameter("Linear solver",
                      linear_solver,
                      "How the linear systems are solved: by MINRES with an "
                      "algebraic multigrid preconditioner, or by a sparse "
                      "direct solver that gathers the matrix on one rank.",
                      Patterns::Selection("MINRES+AMG|direct"));
    prm.add_parameter("Linear relative tolerance",
                      linear_relative_tolerance,
                      "MINRES stops when the l2 norm of the residual of the "
                      "linear system has fallen to this fraction of that of "
                      "the right hand side.",
                      Patterns::Double(1e-14, 0.1));
    prm.add_parameter("Maximal linear iterations",
                      n_max_linear_iterations,
                      "The number of MINRES iterations, for each linear "
                      "system, after which the solver gives up.",
                      Patterns::Integer(1, 1000000));
  }



  void
  AllenCahnSolverParameters::check() const
  {
    AssertThrow(lambda > 0,
                ExcMessage("'Lambda' must be positive: the solver needs "
                           "diffusion. Choose for example 0.01."));
    for (unsigned int i = 0; i < continuation_lambdas.size(); ++i)
      AssertThrow(
        continuation_lambdas[i] > 0 &&
          (i == 0 || continuation_lambdas[i] < continuation_lambdas[i - 1]),
        ExcMessage("'Continuation lambdas' must be positive and "
                   "decreasing, for example '1, 0.1'."));
    AssertThrow(newton_relative_tolerance >= 0 &&
                  newton_absolute_tolerance >= 0 &&
                  newton_relative_tolerance + newton_absolute_tolerance > 0,
                ExcMessage("'Newton relative tolerance' and 'Newton absolute "
                           "tolerance' must not be negative, and at least one "
                           "of them must be positive; otherwise Newton's "
                           "method never stops."));
    AssertThrow(linear_solver == "MINRES+AMG" || linear_solver == "direct",
                ExcMessage("'Linear solver' is '" + linear_solver +
                           "'; choose 'MINRES+AMG' or 'direct'."));
    AssertThrow(linear_relative_tolerance > 0 && linear_relative_tolerance < 1,
                ExcMessage("'Linear relative tolerance' must lie between 0 "
                           "and 1; choose for example 1e-8."));
  }
} // namespace derl
