// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/exceptions.h>

#include "allen_cahn_parameters.h"

namespace derl
{
  using namespace dealii;

  AllenCahnParameters::AllenCahnParameters()
    : TrainingRunParameters("output/allen_cahn",
                            "interior: gradient: 1; boundary: value: 1",
                            {"interior", "boundary"},
                            "mean squared mismatch of the value (OUTL), the "
                            "gradient (DERL), the Hessian (HESL), or of named "
                            "derivatives (u_x u_xy) at the interior samples; "
                            "mean squared residual of the equation there "
                            "(PINN); mean squared mismatch of the value at the "
                            "boundary samples.")
  {
  }



  void
  AllenCahnParameters::declare_problem(ParameterHandler &prm)
  {
    prm.add_parameter(
      "Dimension", dimension, "Space dimension.", Patterns::Integer(2, 3));
    prm.enter_subsection("Reference");
    reference.declare_parameters(prm);
    prm.leave_subsection();

    prm.enter_subsection("Samples");
    prm.add_parameter("Source",
                      samples.source,
                      "What is sampled: the finite element solution "
                      "(reference) or the manufactured solution (exact).",
                      Patterns::Selection("reference|exact"));
    prm.add_parameter("Points",
                      samples.points,
                      "Where: at Gauss points in the mesh's cells, weighted by "
                      "volume (quadrature); or, for exact samples only, at "
                      "uniformly distributed random points or on a uniform "
                      "grid, with equal weights.",
                      Patterns::Selection("quadrature|random|grid"));
    prm.add_parameter("Gauss points per direction",
                      samples.n_gauss_points,
                      "Gauss points per direction in a cell or face; 0 for the "
                      "points that the library chooses, which has others to "
                      "judge training by. The gradient of elements of degree "
                      "p is most accurate at p of them.",
                      Patterns::Integer(0, 20));
    prm.add_parameter("Number of random points",
                      samples.n_random_points,
                      "Number of random points in the domain.",
                      Patterns::Integer(0, 100000000));
    prm.add_parameter("Random seed",
                      samples.seed,
                      "Seed of the random points.",
                      Patterns::Integer(0));
    prm.add_parameter("Grid points per direction",
                      samples.n_grid_points,
                      "Interior points per direction of the uniform grid.",
                      Patterns::Integer(0, 10000));
    prm.add_parameter("Boundary grid points per direction",
                      samples.n_boundary_grid_points,
                      "Points per direction of the uniform grid on each face "
                      "of the boundary, ends included, used with random and "
                      "grid points.",
                      Patterns::Integer(2, 10000));
    prm.add_parameter("Noise",
                      samples.noise,
                      "Standard deviation of Gaussian noise that is added to "
                      "each sampled value and derivative in the domain, "
                      "relative to its root mean square; 0 for none.",
                      Patterns::Double(0.));
    prm.add_parameter("Noise seed",
                      samples.noise_seed,
                      "Seed of the noise.",
                      Patterns::Integer(0));
    prm.leave_subsection();

    prm.enter_subsection("Evaluation");
    prm.add_parameter("Subdivisions",
                      n_evaluation_subdivisions,
                      "Errors are integrated as on a mesh whose cells are cut "
                      "into this many parts per direction.",
                      Patterns::Integer(1, 16));
    prm.add_parameter("Error interval",
                      error_interval,
                      "Seconds of training after which the surrogate's errors "
                      "against the exact solution on a uniform grid are "
                      "written to errors.csv, again and again; the clock of "
                      "training stands still meanwhile. 0 for never.",
                      Patterns::Double(0.));
    prm.leave_subsection();
  }



  FieldNames
  AllenCahnParameters::names() const
  {
    const std::vector<std::string> coordinates = {"x", "y", "z"};
    return FieldNames({coordinates.begin(), coordinates.begin() + dimension},
                      {"u"});
  }



  void
  AllenCahnParameters::check() const
  {
    reference.check();
    TrainingRunParameters::check();
    const std::vector<unsigned int> orders =
      orders_to_sample(term_choices(), "interior", names());
    AssertThrow(samples.source == "exact" || samples.points == "quadrature",
                ExcMessage("The finite element solution is sampled at "
                           "quadrature points only. Set 'Samples/Points' to "
                           "quadrature or 'Samples/Source' to exact."));
    AssertThrow(reference.fe_degree > 1 || samples.source == "exact" ||
                  orders.empty() || orders.back() < 2,
                ExcMessage("A solution of degree 1 has no second derivatives "
                           "to learn from: remove terms of order 2 or set "
                           "'Reference/Finite element degree' to 2 or more."));
  }
} // namespace derl
