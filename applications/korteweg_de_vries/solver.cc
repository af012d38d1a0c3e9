// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "solver.h"

#include <derl/equations/sacado_residual.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/numbers.h>
#include <deal.II/base/polynomial.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_values.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>

#include <deal.II/lac/dynamic_sparsity_pattern.h>

#include <algorithm>
#include <cmath>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /** Above the largest |u|. */
    const double speed = 2.5;



    /**
     * The Gauss points of a step, the coefficients and weights of the stages,
     * and the matrix that makes the rates at the stages of the next step of
     * those of this one, by their polynomial.
     */
    struct Collocation
    {
      explicit Collocation(const unsigned int n)
        : rule(n)
        , a(n, n)
        , extrapolation(n, n)
      {
        std::vector<Point<1>> nodes = rule.get_points();
        const auto basis = Polynomials::generate_complete_Lagrange_basis(nodes);
        for (unsigned int i = 0; i < n; ++i)
          for (unsigned int j = 0; j < n; ++j)
            {
              const double c      = nodes[i][0];
              extrapolation(i, j) = basis[j].value(1. + c);
              for (unsigned int q = 0; q < n; ++q)
                a(i, j) +=
                  c * rule.weight(q) * basis[j].value(c * rule.point(q)[0]);
            }
      }

      const QGauss<1>    rule;
      FullMatrix<double> a;
      FullMatrix<double> extrapolation;
    };
  } // namespace



  void
  KortewegDeVries::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Steps",
                      n_steps,
                      "Equal steps to the time 1, after which both solutions "
                      "are known.",
                      Patterns::Integer(4, 100000));
    prm.add_parameter("Cells",
                      n_cells,
                      "Equal cells of the local discontinuous Galerkin method.",
                      Patterns::Integer(4, 10000));
    prm.add_parameter("Finite element degree",
                      degree,
                      "Degree of its elements.",
                      Patterns::Integer(3, 20));
    prm.add_parameter("Stages",
                      n_stages,
                      "Gauss points of a step: half the order in time.",
                      Patterns::Integer(1, 10));
    prm.add_parameter("Fourier modes",
                      n_modes,
                      "Modes of the solution that errors are measured by, "
                      "besides the mean.",
                      Patterns::Integer(2, 1000));
    prm.add_parameter("Fourier substeps",
                      n_substeps,
                      "Its Runge-Kutta steps in each of the steps.",
                      Patterns::Integer(1, 10000));
  }



  std::shared_ptr<const Residual>
  KortewegDeVries::equation() const
  {
    return residual(
      {"u", "u_t", "u_x", "u_xxx"},
      [dispersion = dispersion](const auto &jet, const auto &, const auto &) {
        const auto &[u, u_t, u_x, u_xxx] = jet;
        return rows(u_t + u * u_x + dispersion * u_xxx);
      });
  }



  Places
  KortewegDeVries::equal_distances(const unsigned int n_places)
  {
    Places       result;
    const double distance = 2. / n_places;
    for (unsigned int i = 0; i < n_places; ++i)
      result.emplace_back(-1. + (i + 0.5) * distance, distance);
    return result;
  }



  Samples
  KortewegDeVries::points(const MPI_Comm    &communicator,
                          const Places      &places,
                          const unsigned int first_step,
                          const unsigned int last_step) const
  {
    const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    const unsigned int rank    = Utilities::MPI::this_mpi_process(communicator);
    Samples            result(2, {}, "points");
    unsigned int       n = 0;
    for (unsigned int step = first_step; step <= last_step; ++step)
      for (const auto &[x, weight] : places)
        if (n++ % n_ranks == rank)
          {
            const std::array<double, 2> point = {{x, time(step)}};
            result.add({point.data(), 2}, {}, weight * time(1));
          }
    return result;
  }



  const std::vector<std::string> Jet::names =
    {"u", "u_x", "u_t", "u_xx", "u_xt", "u_tt", "u_xxx"};



  KdvSolution::KdvSolution(const KortewegDeVries &problem)
    : problem(problem)
  {
  }



  Samples
  KdvSolution::sample(const Samples &points, const std::string &origin) const
  {
    Samples result(2, FieldNames({"x", "t"}, {"u"}).parse(Jet::names), origin);
    for (unsigned int i = 0; i < points.size(); ++i)
      {
        const double *const point = points.point(i);
        const unsigned int  step =
          std::lround(point[1] / problem.final_time * problem.n_steps);
        const Jet jet = this->jet(point[0], step);
        result.add({point, 2}, {jet.data(), jet.size()}, points.weight(i));
      }
    return result;
  }



  KdvSolver::KdvSolver(const KortewegDeVries &problem)
    : KdvSolution(problem)
    , cell_size(2. / problem.n_cells)
    , fe(problem.degree)
    , dof_handler(mesh)
    , quadrature(3 * problem.degree / 2 + 1)
    , shapes(quadrature.size(), problem.degree + 1)
    , gradients(quadrature.size(), problem.degree + 1)
    , ends(2, problem.degree + 1)
  {
    for (unsigned int i = 0; i <= problem.degree; ++i)
      {
        for (unsigned int q = 0; q < quadrature.size(); ++q)
          {
            shapes(q, i)    = fe.shape_value(i, quadrature.point(q));
            gradients(q, i) = fe.shape_grad(i, quadrature.point(q))[0];
          }
        for (unsigned int end = 0; end < 2; ++end)
          ends(end, i) = fe.shape_value(i, Point<1>(end));
      }

    GridGenerator::subdivided_hyper_cube(mesh, problem.n_cells, -1., 1., true);
    std::vector<GridTools::PeriodicFacePair<Triangulation<1>::cell_iterator>>
      joined;
    GridTools::collect_periodic_faces(mesh, 0, 1, 0, joined);
    mesh.add_periodicity(joined);
    dof_handler.distribute_dofs(fe);
    DynamicSparsityPattern dynamic(dof_handler.n_dofs());
    DoFTools::make_flux_sparsity_pattern(dof_handler, dynamic);
    for (SparsityPattern *p : {&pattern, &pattern_of_second, &pattern_of_third})
      p->copy_from(dynamic);

    assemble_derivative(false, left_derivative);
    assemble_derivative(true, right_derivative);
    SparseMatrix<double> second(pattern_of_second);
    right_derivative.mmult(second, left_derivative);
    third_derivative.reinit(pattern_of_third);
    right_derivative.mmult(third_derivative, second);

    store(initial_values());
    run();
  }



  void
  KdvSolver::assemble_derivative(const bool            from_right,
                                 SparseMatrix<double> &matrix) const
  {
    matrix.reinit(pattern);
    const unsigned int n = fe.n_dofs_per_cell();
    // Shape functions are orthonormal on a cell of length one. The value at the
    // outer node is that of the neighbor.
    FullMatrix<double> same(n, n), other(n, n);
    const unsigned int outer = from_right ? 1 : 0;
    const double       sign  = from_right ? 1. : -1.;
    for (unsigned int i = 0; i < n; ++i)
      for (unsigned int j = 0; j < n; ++j)
        {
          for (unsigned int q = 0; q < quadrature.size(); ++q)
            same(i, j) -= gradients(q, i) * shapes(q, j) * quadrature.weight(q);
          same(i, j) -= sign * ends(1 - outer, i) * ends(1 - outer, j);
          other(i, j) = sign * ends(outer, i) * ends(1 - outer, j);
        }
    same /= cell_size;
    other /= cell_size;
    std::vector<types::global_dof_index> rows(n), columns(n);
    for (const auto &cell : dof_handler.active_cell_iterators())
      {
        cell->get_dof_indices(rows);
        matrix.add(rows, rows, same);
        cell->neighbor_or_periodic_neighbor(outer)->get_dof_indices(columns);
        matrix.add(rows, columns, other);
      }
  }



  Vector<double>
  KdvSolver::convection(const double      factor,
                        const VectorType &u,
                        const VectorType &v) const
  {
    const unsigned int n       = fe.n_dofs_per_cell();
    const unsigned int n_cells = mesh.n_active_cells();
    const unsigned int n_q     = quadrature.size();
    // unknowns are numbered cell by cell
    const auto value = [n](const VectorType         &w,
                           const unsigned int        cell,
                           const FullMatrix<double> &shapes,
                           const unsigned int        point) {
      double sum = 0.;
      for (unsigned int i = 0; i < n; ++i)
        sum += shapes(point, i) * w[cell * n + i];
      return sum;
    };
    VectorType result(u.size());
    for (unsigned int cell = 0; cell < n_cells; ++cell)
      {
        for (unsigned int q = 0; q < n_q; ++q)
          {
            const double flux = factor * value(u, cell, shapes, q) *
                                value(v, cell, shapes, q) *
                                quadrature.weight(q);
            for (unsigned int i = 0; i < n; ++i)
              result[cell * n + i] -= flux * gradients(q, i);
          }
        const unsigned int next  = (cell + 1) % n_cells;
        const double       left  = value(v, cell, ends, 1);
        const double       right = value(v, next, ends, 0);
        const double       flux =
          factor / 2. *
            (value(u, cell, ends, 1) * left + value(u, next, ends, 0) * right) -
          speed / 2. * (right - left);
        for (unsigned int i = 0; i < n; ++i)
          {
            result[cell * n + i] += flux * ends(1, i);
            result[next * n + i] -= flux * ends(0, i);
          }
      }
    result /= cell_size;
    return result;
  }



  Vector<double>
  KdvSolver::initial_values() const
  {
    const double       k = numbers::PI;
    const unsigned int n = fe.n_dofs_per_cell();
    VectorType         result(dof_handler.n_dofs());
    for (unsigned int cell = 0; cell < mesh.n_active_cells(); ++cell)
      for (unsigned int q = 0; q < quadrature.size(); ++q)
        {
          const double x = -1. + (cell + quadrature.point(q)[0]) * cell_size;
          for (unsigned int i = 0; i < n; ++i)
            result[cell * n + i] +=
              (std::cos(k * x) + k * k * k * std::sin(k * x)) * shapes(q, i) *
              quadrature.weight(q);
        }
    SparseMatrix<double> matrix(pattern_of_third);
    matrix.copy_from(third_derivative);
    for (unsigned int i = 0; i < matrix.m(); ++i)
      matrix.diag_element(i) += 1.;
    SparseDirectUMFPACK().solve(matrix, result);
    return result;
  }



  void
  KdvSolver::store(const VectorType &u)
  {
    fields.emplace_back();
    auto &field = fields.back();
    for (VectorType &f : field)
      f.reinit(u.size());
    const auto rate = [&](const VectorType &dispersed,
                          const VectorType &convected,
                          VectorType       &result) {
      result.equ(-problem.dispersion, dispersed);
      result -= convected;
    };
    field[Jet::u] = u;
    left_derivative.vmult(field[Jet::u_x], u);
    right_derivative.vmult(field[Jet::u_xx], field[Jet::u_x]);
    right_derivative.vmult(field[Jet::u_xxx], field[Jet::u_xx]);
    rate(field[Jet::u_xxx], convection(0.5, u, u), field[Jet::u_t]);
    left_derivative.vmult(field[Jet::u_xt], field[Jet::u_t]);
    VectorType third(u.size());
    third_derivative.vmult(third, field[Jet::u_t]);
    rate(third, convection(1., u, field[Jet::u_t]), field[Jet::u_tt]);
  }



  void
  KdvSolver::factorize(const FullMatrix<double> &a,
                       SparseDirectUMFPACK      &inverse) const
  {
    const unsigned int     n_stages = a.m();
    const unsigned int     n        = dof_handler.n_dofs();
    DynamicSparsityPattern dynamic(n_stages * n);
    for (const auto &entry : pattern_of_third)
      for (unsigned int i = 0; i < n_stages; ++i)
        for (unsigned int j = 0; j < n_stages; ++j)
          dynamic.add(i * n + entry.row(), j * n + entry.column());
    SparsityPattern pattern_of_stages;
    pattern_of_stages.copy_from(dynamic);
    SparseMatrix<double> matrix(pattern_of_stages);
    const double         factor = problem.dispersion * problem.time(1);
    for (const auto &entry : third_derivative)
      for (unsigned int i = 0; i < n_stages; ++i)
        for (unsigned int j = 0; j < n_stages; ++j)
          matrix.set(i * n + entry.row(),
                     j * n + entry.column(),
                     factor * a(i, j) * entry.value());
    for (unsigned int i = 0; i < matrix.m(); ++i)
      matrix.diag_element(i) += 1.;
    inverse.initialize(matrix);
  }



  void
  KdvSolver::run()
  {
    const unsigned int n_stages = problem.n_stages;
    const Collocation  stages(n_stages);
    const double       dt = problem.time(1);
    const unsigned int n  = dof_handler.n_dofs();
    // the unknowns of a step are the rates at its stages, one after the other
    SparseDirectUMFPACK inverse;
    factorize(stages.a, inverse);

    VectorType u(fields[0][Jet::u]), third(n), rates(n_stages * n),
      next(n_stages * n);
    const auto combine = [&](const auto &weight, VectorType &result) {
      for (unsigned int j = 0; j < n_stages; ++j)
        for (unsigned int d = 0; d < n; ++d)
          result[d] += weight(j) * rates[j * n + d];
    };
    const auto set_stage = [&](const unsigned int i, const VectorType &values) {
      std::copy(values.begin(), values.end(), next.begin() + i * n);
    };
    for (unsigned int i = 0; i < n_stages; ++i)
      set_stage(i, fields[0][Jet::u_t]);
    for (unsigned int s = 0; s < problem.n_steps; ++s)
      {
        rates = next;
        if (s > 0)
          for (unsigned int i = 0; i < n_stages; ++i)
            {
              VectorType stage(n);
              combine(
                [&](const unsigned int j) {
                  return stages.extrapolation(i, j);
                },
                stage);
              set_stage(i, stage);
            }
        third_derivative.vmult(third, u);
        double       change       = 1.;
        unsigned int n_iterations = 0;
        while (change > 1e-11)
          {
            AssertThrow(++n_iterations < 100,
                        ExcMessage("The iteration in a time step does not "
                                   "converge: choose more 'Steps'."));
            rates = next;
            for (unsigned int i = 0; i < n_stages; ++i)
              {
                VectorType stage(u);
                combine(
                  [&](const unsigned int j) { return dt * stages.a(i, j); },
                  stage);
                stage = convection(0.5, stage, stage);
                stage.sadd(-1., -problem.dispersion, third);
                set_stage(i, stage);
              }
            inverse.solve(next);
            rates -= next;
            change = rates.linfty_norm() / next.linfty_norm();
          }
        rates = next;
        combine(
          [&](const unsigned int j) { return dt * stages.rule.weight(j); }, u);
        store(u);
      }
  }



  Jet
  KdvSolver::jet(const double x, const unsigned int step) const
  {
    const unsigned int n = fe.n_dofs_per_cell();
    const double       s = (x + 1.) / cell_size;
    const unsigned int cell =
      std::min<double>(std::max(s, 0.), mesh.n_active_cells() - 1);
    const Point<1> p(s - cell);
    Jet            result{};
    for (unsigned int i = 0; i < n; ++i)
      {
        const double shape = fe.shape_value(i, p);
        for (unsigned int e = 0; e < result.size(); ++e)
          result[e] += shape * fields[step][e][cell * n + i];
      }
    return result;
  }



  Places
  KdvSolver::gauss_points() const
  {
    const QGauss<1> rule(fe.n_dofs_per_cell());
    Places          result;
    for (unsigned int cell = 0; cell < mesh.n_active_cells(); ++cell)
      for (unsigned int q = 0; q < rule.size(); ++q)
        result.emplace_back(-1. + (cell + rule.point(q)[0]) * cell_size,
                            rule.weight(q) * cell_size);
    return result;
  }
} // namespace derl
