// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The errors of a surrogate and of a finite element solution must be those that
// deal.II's own tools find, on any number of ranks, and the fields for pictures
// must be what their names say.

#include <derl/coupling/errors.h>

#include <allen_cahn/manufactured_solution.h>
#include <derl/equations/sacado_residual.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/trilinos_vector.h>

#include <deal.II/numerics/data_out.h>
#include <deal.II/numerics/vector_tools.h>

#include <algorithm>

#include "../check.h"
#include "jet_residual.h"
#include "surrogates.h"

namespace test_error_integration
{
using namespace dealii;
using namespace derl;

/**
 * The difference of two functions.
 */
class Difference : public Function<2>
{
public:
  Difference(const Function<2> &a, const Function<2> &b)
    : a(a)
    , b(b)
  {
  }

  double
  value(const Point<2> &x, const unsigned int = 0) const override
  {
    return a.value(x) - b.value(x);
  }

  Tensor<1, 2>
  gradient(const Point<2> &x, const unsigned int = 0) const override
  {
    return a.gradient(x) - b.gradient(x);
  }

private:
  const Function<2> &a;
  const Function<2> &b;
};



struct Problem
{
  Problem()
    : triangulation(MPI_COMM_WORLD)
    , fe(2)
    , dof_handler(triangulation)
  {
    GridGenerator::hyper_cube(triangulation, -1, 1);
    triangulation.refine_global(3);
    for (const auto &cell : triangulation.active_cell_iterators())
      if (cell->is_locally_owned() && cell->center()[0] < 0)
        cell->set_refine_flag();
    triangulation.execute_coarsening_and_refinement();
    dof_handler.distribute_dofs(fe);
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  }

  LinearAlgebra::distributed::Vector<double>
  interpolate(const Function<2> &function) const
  {
    LinearAlgebra::distributed::Vector<double> result(
      dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
    VectorTools::interpolate(mapping, dof_handler, function, result);
    result.update_ghost_values();
    return result;
  }

  /** The norm of the finite element function minus the other one. */
  template <typename VectorType>
  double
  norm(const VectorType            &vector,
       const Function<2>           &function,
       const VectorTools::NormType &type) const
  {
    Vector<double> cellwise(triangulation.n_active_cells());
    VectorTools::integrate_difference(
      mapping, dof_handler, vector, function, cellwise, quadrature, type);
    return VectorTools::compute_global_error(triangulation, cellwise, type);
  }

  parallel::distributed::Triangulation<2> triangulation;
  const FE_Q<2>                           fe;
  DoFHandler<2>                           dof_handler;
  const MappingQ1<2>                      mapping;
  const QIterated<2>                      quadrature{QGauss<1>(4), 2};
  IndexSet                                relevant;
};



void
check_errors()
{
  const Problem                 problem;
  const ManufacturedSolution<2> exact;
  const OneUnit                 unit;
  const SurrogateFunction<2>    surrogate(unit.surrogate());
  const auto zero        = problem.interpolate(Functions::ZeroFunction<2>());
  const auto interpolant = problem.interpolate(exact);
  const ErrorIntegrator<2> errors(
    problem.mapping, problem.dof_handler, exact, 2, 4);

  const auto compare = [&](const std::string &name,
                           const ErrorNorms  &measured,
                           const double       l2,
                           const double       h1,
                           const double       largest) {
    deallog << name << ": " << measured.relative_l2_error << ' '
            << measured.relative_h1_seminorm_error << ' ' << measured.max_error
            << std::endl;
    const double exact_l2 = problem.norm(zero, exact, VectorTools::L2_norm);
    const double exact_h1 = problem.norm(zero, exact, VectorTools::H1_seminorm);
    check("  L2",
          std::abs(measured.relative_l2_error / (l2 / exact_l2) - 1),
          1e-12);
    check("  H1",
          std::abs(measured.relative_h1_seminorm_error / (h1 / exact_h1) - 1),
          1e-12);
    check("  maximum", std::abs(measured.max_error - largest), 1e-12);
  };
  compare("interpolant",
          errors.measure(interpolant),
          problem.norm(interpolant, exact, VectorTools::L2_norm),
          problem.norm(interpolant, exact, VectorTools::H1_seminorm),
          problem.norm(interpolant, exact, VectorTools::Linfty_norm));
  const Difference difference(exact, unit);
  compare("surrogate",
          errors.measure(surrogate),
          problem.norm(zero, difference, VectorTools::L2_norm),
          problem.norm(zero, difference, VectorTools::H1_seminorm),
          problem.norm(zero, difference, VectorTools::Linfty_norm));

  TrilinosWrappers::MPI::Vector owned(problem.dof_handler.locally_owned_dofs(),
                                      MPI_COMM_WORLD),
    ghosted(problem.dof_handler.locally_owned_dofs(),
            problem.relevant,
            MPI_COMM_WORLD);
  VectorTools::interpolate(problem.dof_handler, exact, owned);
  ghosted = owned;
  check("Trilinos vector",
        errors.measure(ghosted).relative_h1_seminorm_error ==
          errors.measure(interpolant).relative_h1_seminorm_error);

  // The residual must be given the function's own jet: a quadratic one is
  // represented exactly
  class Quadratic : public Function<2>
  {
  public:
    double
    value(const Point<2> &x, const unsigned int = 0) const override
    {
      return x[0] * x[0] + 3 * x[0] * x[1] - x[1];
    }

    Tensor<1, 2>
    gradient(const Point<2> &x, const unsigned int = 0) const override
    {
      return Tensor<1, 2>({2 * x[0] + 3 * x[1], 3 * x[0] - 1});
    }

    SymmetricTensor<2, 2>
    hessian(const Point<2> &, const unsigned int = 0) const override
    {
      SymmetricTensor<2, 2> result;
      result[0][0] = 2;
      result[0][1] = 3;
      return result;
    }
  };
  const Quadratic quadratic;
  const auto      residual_of = [&](const Function<2> &function,
                               const Function<2> &interpolated) {
    return residual_rms(
      hp::MappingCollection<2>(problem.mapping),
      problem.dof_handler,
      Snapshot(problem.interpolate(interpolated)),
      unit.surrogate(),
      std::make_shared<const JetResidual<2>>(
        1,
        [&](const Point<2>                           &x,
            const Vector<double>                     &values,
            const std::vector<Tensor<1, 2>>          &gradients,
            const std::vector<SymmetricTensor<2, 2>> &hessians) {
          return std::abs(values(0) - function.value(x)) +
                 (gradients[0] - function.gradient(x)).norm() +
                 (hessians[0] - function.hessian(x)).norm();
        }),
      2,
      4);
  };
  check("jet of a finite element function",
        residual_of(quadratic, quadratic).reference,
        1e-10);
  check("jet of a surrogate", residual_of(unit, quadratic).surrogate, 1e-13);

  // The other way round: where deal.II takes a function
  const auto   learned = problem.interpolate(surrogate);
  const double error   = problem.norm(learned, surrogate, VectorTools::L2_norm);
  check("interpolate and integrate_difference",
        std::abs(error - problem.norm(learned, unit, VectorTools::L2_norm)) +
          std::abs(problem.norm(learned, surrogate, VectorTools::H1_seminorm) -
                   problem.norm(learned, unit, VectorTools::H1_seminorm)) +
          (error > 0 && error < 1e-3 ? 0. : 1.),
        1e-12);

  expect_error("components", [&]() {
    const Functions::ZeroFunction<2> two(2);
    ErrorIntegrator<2> of_two(problem.mapping, problem.dof_handler, two, 2, 4);
  });
  expect_error("no degrees of freedom", [&]() {
    const DoFHandler<2>      empty(problem.dof_handler.get_triangulation());
    const ErrorIntegrator<2> none(problem.mapping, empty, exact, 2, 4);
  });
  const SurrogateFunction<2> three(vector_surrogate());
  expect_error("components of a surrogate", [&]() { errors.measure(three); });
  expect_error("fields of other components", [&]() {
    const ComparisonPostprocessor<2> fields(three);
    DataOut<2>                       data_out;
    data_out.attach_dof_handler(problem.dof_handler);
    data_out.add_data_vector(ghosted, fields);
    data_out.build_patches();
  });
}



/**
 * Vector-valued solutions on a mesh with hanging nodes and an element with
 * components of different degrees, which some of them are measured of.
 */
void
check_vector_valued()
{
  const Problem     problem;
  const FESystem<2> fe(FE_Q<2>(2), 2, FE_Q<2>(1), 1);
  DoFHandler<2>     dof_handler(problem.triangulation);
  dof_handler.distribute_dofs(fe);
  IndexSet relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  LinearAlgebra::distributed::Vector<double> solution(
    dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
  const SurrogateFunction<2> surrogate(vector_surrogate());
  VectorTools::interpolate(problem.mapping, dof_handler, surrogate, solution);
  solution.update_ghost_values();

  const auto norm = [&](const Function<2>           &weight,
                        const VectorTools::NormType &type,
                        const bool                   of_error) {
    Vector<double>             cellwise(problem.triangulation.n_active_cells());
    const SurrogateFunction<2> copy(surrogate);
    auto                       zero(solution);
    zero = 0.;
    VectorTools::integrate_difference(problem.mapping,
                                      dof_handler,
                                      of_error ? solution : zero,
                                      copy,
                                      cellwise,
                                      problem.quadrature,
                                      type,
                                      &weight);
    return VectorTools::compute_global_error(
      problem.triangulation, cellwise, type);
  };
  const ComponentSelectFunction<2> velocity(std::make_pair(0u, 2u), 3),
    pressure(2, 3);
  for (const auto &[name, weight, mask] :
       {std::make_tuple("velocity",
                        &velocity,
                        fe.component_mask(FEValuesExtractors::Vector(0))),
        std::make_tuple("pressure",
                        &pressure,
                        fe.component_mask(FEValuesExtractors::Scalar(2)))})
    {
      const ErrorIntegrator<2> errors(
        problem.mapping, dof_handler, surrogate, 2, 4, mask);
      const ErrorNorms measured = errors.measure(solution);
      check(std::string(name) + ", L2",
            std::abs(measured.relative_l2_error /
                       (norm(*weight, VectorTools::L2_norm, true) /
                        norm(*weight, VectorTools::L2_norm, false)) -
                     1),
            1e-10);
      check("  H1",
            std::abs(measured.relative_h1_seminorm_error /
                       (norm(*weight, VectorTools::H1_seminorm, true) /
                        norm(*weight, VectorTools::H1_seminorm, false)) -
                     1),
            1e-10);
      const ErrorNorms itself = errors.measure(surrogate);
      check("  nothing against itself",
            itself.relative_l2_error + itself.relative_h1_seminorm_error +
              itself.max_error,
            0.);
    }

  // The relations between the surrogate's components, which interpolation does
  // not keep for the pressure
  const auto relations = residual(
    {"u", "v", "p", "u_x", "v_x", "u_y", "v_y"},
    [](const auto &jet, const auto &, const auto &) {
      const auto &[u, v, p, u_x, v_x, u_y, v_y] = jet;
      return rows(
        v - 2. * u + 1., p - 4. + 1.5 * v, v_x - 2. * u_x, v_y - 2. * u_y);
    });
  const ResidualRms rms =
    residual_rms(hp::MappingCollection<2>(problem.mapping),
                 dof_handler,
                 Snapshot(solution),
                 vector_surrogate(),
                 relations,
                 2,
                 4);
  check("residual of a system", rms.surrogate, 1e-13);
  check("  of the solution", rms.reference > 1e-4 && rms.reference < 1e-1);

  // pictures, as DataOut asks for them
  const ComparisonPostprocessor<2> fields(surrogate, &surrogate);
  DataOut<2>                       data_out;
  data_out.attach_dof_handler(dof_handler);
  data_out.add_data_vector(solution, fields);
  data_out.build_patches(problem.mapping, 2);
  for (const auto &name : fields.get_names())
    deallog << name << ' ';
  deallog << std::endl;
  std::ostringstream out;
  data_out.write_gnuplot(out);
  std::istringstream lines(out.str());
  // 3 each of reference, surrogate, exact, two errors, difference; 6 each of
  // the gradients
  std::string line;
  double      error = 0, largest_difference = 0;
  while (std::getline(lines, line))
    {
      if (line.empty() || line[0] == '#')
        continue;
      std::istringstream  numbers(line);
      std::vector<double> row;
      for (double x; numbers >> x;)
        row.push_back(x);
      AssertThrow(row.size() == 2 + 18 + 12, ExcInternalError());
      const Point<2>      x(row[0], row[1]);
      const double *const values        = &row[2];
      const Tensor<1, 2>  unit_gradient = OneUnit().gradient(x);
      const double        factor[]      = {1. / 1.5, 2. / 1.5, -2.};
      for (unsigned int c = 0; c < 3; ++c)
        {
          error = std::max(
            {error,
             std::abs(values[3 + c] - surrogate.value(x, c)),
             std::abs(values[6 + c] - surrogate.value(x, c)),
             std::abs(values[9 + c] - (values[c] - values[3 + c])),
             std::abs(values[12 + c]),
             std::abs(values[15 + c] - (values[3 + c] - values[c])),
             std::abs(values[24 + 2 * c] - factor[c] * unit_gradient[0]),
             std::abs(values[25 + 2 * c] - factor[c] * unit_gradient[1])});
          largest_difference =
            std::max({largest_difference,
                      std::abs(values[c] - values[3 + c]),
                      std::abs(values[18 + 2 * c] - values[24 + 2 * c])});
        }
    }
  // gnuplot files have six digits; elements of degree one differ visibly
  check("fields of vectors", error, 1e-4);
  check("reference beside them",
        largest_difference < 0.3 && (largest_difference > 1e-3 ||
                                     dof_handler.n_locally_owned_dofs() == 0));
}



void
check_postprocessor()
{
  const ManufacturedSolution<2> exact;
  const OneUnit                 unit;
  const SurrogateFunction<2>    surrogate(unit.surrogate());
  const auto                    residual = [](const Point<2>                           &x,
                           const Vector<double>                     &values,
                           const std::vector<Tensor<1, 2>>          &gradients,
                           const std::vector<SymmetricTensor<2, 2>> &hessians) {
    return x[0] + 10 * values(0) + 100 * gradients[0][1] +
           1000 * hessians[0][0][1];
  };
  const ComparisonPostprocessor<2> fields(
    surrogate, &exact, std::make_shared<const JetResidual<2>>(1, residual));

  DataPostprocessorInputs::Scalar<2> inputs;
  inputs.evaluation_points = {{0.3, -0.5}, {-0.9, 0.2}, {0., 0.7}};
  Tensor<2, 2> hessian;
  hessian[0][1] = hessian[1][0] = 4.;
  for (unsigned int i = 0; i < 3; ++i)
    {
      inputs.solution_values.push_back(2. + i);
      inputs.solution_gradients.push_back(Tensor<1, 2>({1., 3. - i}));
      inputs.solution_hessians.push_back(hessian);
    }
  const auto                  names = fields.get_names();
  std::vector<Vector<double>> computed(3, Vector<double>(names.size()));
  fields.evaluate_scalar_field(inputs, computed);

  double error = 0;
  for (unsigned int i = 0; i < 3; ++i)
    {
      const Point<2>           &x = inputs.evaluation_points[i];
      const double              u = exact.value(x), learned = unit.value(x);
      const std::vector<double> expected = {
        2. + i,
        learned,
        u,
        2. + i - u,
        learned - u,
        x[0] + 10 * (2. + i) + 100 * (3. - i) + 4000,
        std::abs(residual(
          x, Vector<double>({learned}), {unit.gradient(x)}, {unit.hessian(x)})),
        learned - (2. + i),
        1.,
        3. - i,
        unit.gradient(x)[0],
        unit.gradient(x)[1]};
      for (unsigned int f = 0; f < expected.size(); ++f)
        error = std::max(error, std::abs(computed[i](f) - expected[f]));
    }
  check("fields", error, 1e-12);
  for (const std::string &name : names)
    deallog << name << ' ';
  deallog << std::endl;
  check("kinds",
        fields.get_data_component_interpretation().size() == names.size() &&
          (fields.get_needed_update_flags() & update_hessians));
  for (const std::string &name :
       ComparisonPostprocessor<2>(surrogate).get_names())
    deallog << name << ' ';
  deallog << std::endl;
}



/**
 * A residual with time: the rate of the solution is a vector of the snapshot,
 * and both are measured at its time.
 */
void
check_time()
{
  // u = x^2 + t y
  class Solution : public Function<2>
  {
  public:
    double
    value(const Point<2> &x, const unsigned int = 0) const override
    {
      return x[0] * x[0] + 0.5 * x[1];
    }
  };
  class Rate : public Function<2>
  {
  public:
    double
    value(const Point<2> &x, const unsigned int = 0) const override
    {
      return x[1];
    }
  };
  using VectorType = LinearAlgebra::distributed::Vector<double>;
  const Problem     problem;
  const VectorType  solution = problem.interpolate(Solution());
  const VectorType  rate     = problem.interpolate(Rate());
  NetworkParameters network;
  network.hidden = {3};
  Surrogate surrogate(network, {"x", "y", "t"}, {"u"});
  surrogate.parameters = 0.;
  const auto equation =
    residual({"u_t", "u_xx", "u_y"},
             {"source"},
             [](const auto &jet, const auto &columns, const auto &point) {
               const auto &[u_t, u_xx, u_y] = jet;
               return rows(u_t - point[1], u_xx - columns[0], u_y - point[2]);
             });
  const auto measure = [&](const Snapshot<VectorType> &snapshot) {
    return residual_rms<2, VectorType>(
      hp::MappingCollection<2>(problem.mapping),
      problem.dof_handler,
      snapshot,
      surrogate,
      equation,
      2,
      4,
      {{{"source"},
        std::make_shared<const Functions::ConstantFunction<2>>(2.)}});
  };
  const ResidualRms rms =
    measure(Snapshot<VectorType>(solution, {0.5}, {{MultiIndex{1}, &rate}}));
  check("residual with a rate", rms.reference, 1e-10);
  // y, 2 and t of the surrogate that is zero
  check("  of a surrogate",
        std::abs(rms.surrogate - std::sqrt(1. / 3. + 4. + 0.25)),
        1e-12);
  expect_error("no rate",
               [&]() { measure(Snapshot<VectorType>(solution, {0.5})); });
}



DERL_TEST(error_integration)
{
  initlog();
  deallog << std::setprecision(10);

  check_errors();
  check_vector_valued();
  check_postprocessor();
  check_time();
}
} // namespace test_error_integration
