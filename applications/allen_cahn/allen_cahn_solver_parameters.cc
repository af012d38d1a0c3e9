// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "allen_cahn_solver.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/patterns.h>

namespace derl
{
  using namespace dealii;

  AllenCahnSolverParameters::AllenCahnSolverParameters()
  {
    newton.relative_tolerance = 1e-10;
    linear.relative_tolerance = 1e-8;
  }



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
    newton.declare_parameters(prm);
    prm.add_parameter("Linear solver",
                      linear_solver,
                      "How the linear systems are solved: by MINRES with an "
                      "algebraic multigrid preconditioner, or by a sparse "
                      "direct solver.",
                      Patterns::Selection("MINRES+AMG|direct"));
    linear.declare_parameters(prm);
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
    AssertThrow(linear_solver == "MINRES+AMG" || linear_solver == "direct",
                ExcMessage("'Linear solver' is '" + linear_solver +
                           "'; choose 'MINRES+AMG' or 'direct'."));
    newton.check();
    linear.check();
  }
} // namespace derl
