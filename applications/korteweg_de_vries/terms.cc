// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "terms.h"

#include <derl/data/sources.h>

#include <filesystem>

namespace derl
{
  using namespace dealii;

  KdvParameters::KdvParameters()
    : TrainingRunParameters(
        "output/korteweg_de_vries",
        "interior: gradient; initial: value",
        {"interior", "initial", "boundary", "final"},
        "value, gradient (u_x, u_t), Hessian or named derivatives (u u_xxx), "
        "or the residual 'equation', at samples of the 'Source' in the "
        "interior or, at equal times, at both ends (boundary), and of the "
        "exact solution at the time 0 (initial) or 1 (final).")
  {
  }

  void
  KdvParameters::declare_problem(ParameterHandler &prm)
  {
    prm.enter_subsection("Reference");
    problem.declare_parameters(prm);
    prm.leave_subsection();

    prm.enter_subsection("Samples");
    prm.add_parameter("Source",
                      source,
                      "What is learned: the finite element solution "
                      "(reference), the Fourier solution (exact), or another "
                      "surrogate (teacher).",
                      Patterns::Selection("reference|exact|teacher"));
    prm.add_parameter("Teacher",
                      teacher,
                      "The model file of the teacher. A relative path begins "
                      "at the folder of the parameter file.");
    prm.add_parameter("Number of points",
                      n_points,
                      "Samples in the interior, spread evenly.",
                      Patterns::Integer(1));
    prm.leave_subsection();

    prm.enter_subsection("Network");
    prm.add_parameter("Waves",
                      n_waves,
                      "The network's inputs are t and cos(k pi x), sin(k pi x) "
                      "for k = 1, ..., this number, so that it is periodic; or "
                      "t and x if it is zero. Then samples at the boundary may "
                      "teach that both ends agree.",
                      Patterns::Integer(0, 100));
    prm.leave_subsection();
  }

  SampleTables
  sample(const MPI_Comm        &communicator,
         const KdvParameters   &parameters,
         const KdvSolver       &reference,
         const FourierSolution &exact,
         const std::string     &folder)
  {
    const KortewegDeVries           &problem = parameters.problem;
    std::shared_ptr<const Surrogate> teacher;
    if (parameters.source == "teacher")
      teacher = std::make_shared<const Surrogate>(
        load(communicator, std::filesystem::path(folder) / parameters.teacher));
    const auto everywhere = [](const auto &) { return true; };
    const auto observe    = [&](const Samples &points) {
      if (teacher != nullptr)
        return sample_teachers(
          communicator, {{teacher, everywhere}}, points.points(), Jet::names);
      if (parameters.source == "exact")
        return exact.sample(points, "Fourier solution");
      return reference.sample(points, "finite element solution");
    };
    const auto    gauss  = reference.gauss_points();
    const auto    last   = problem.n_steps;
    const Samples inside = problem.points(communicator, gauss, 0, last);
    const Samples ends =
      problem.points(communicator, {{-1., 1.}, {1., 1.}}, 0, last);
    SampleTables tables;
    tables.add("interior",
               observe(stratified_subset(
                 communicator, inside, parameters.n_points, 30)));
    tables.add("boundary", observe(ends));
    for (const auto &[name, step] : {std::pair("initial", 0u), {"final", last}})
      tables.add(name,
                 exact.sample(problem.points(communicator, gauss, step, step),
                              "Fourier solution"));
    return tables;
  }
} // namespace derl
