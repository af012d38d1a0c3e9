// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "solver.h"

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_interface_values.h>
#include <deal.II/fe/fe_values.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/trilinos_sparsity_pattern.h>

#include <deal.II/meshworker/mesh_loop.h>
#include <deal.II/meshworker/scratch_data.h>

#include <deal.II/numerics/vector_tools.h>

#include <solvers/runge_kutta.h>

namespace derl
{
  using namespace dealii;

  namespace
  {
    const double half_width = 1.5;

    Tensor<1, 2>
    velocity(const Point<2> &x)
    {
      return Point<2>(-x[1], x[0]);
    }



    /**
     * Rows of the matrix: those of a cell's degrees of freedom, and the
     * columns of a cell, which is the same or a neighbour.
     */
    struct CopyData
    {
      struct Block
      {
        FullMatrix<double>                   matrix;
        std::vector<types::global_dof_index> columns;
      };

      std::vector<types::global_dof_index> rows;
      std::vector<double>                  masses;
      std::vector<Block>                   blocks;
    };
  } // namespace



  void
  ContinuitySolverParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Finite element degree",
                      fe_degree,
                      "Degree of the discontinuous elements. With 0 the method "
                      "is that of finite volumes with Euler's steps.",
                      Patterns::Integer(0, 8));
    prm.add_parameter("Cells per direction",
                      n_cells,
                      "Of the square. Even numbers are better: then no inflow "
                      "face has a part with outflow.",
                      Patterns::Integer(2, 10000));
    prm.add_parameter("Courant number",
                      courant_number,
                      "Length of time steps times (2 degree + 1) times the "
                      "largest |v_x| + |v_y| over the length of cells, at "
                      "most; 1 is about the limit of stability.",
                      Patterns::Double(1e-3, 2.));
    prm.add_parameter("Final time",
                      final_time,
                      "The density turns once in the time 2 pi.",
                      Patterns::Double(1e-6));
    prm.add_parameter("Intervals of time",
                      n_intervals,
                      "At the ends of as many equal intervals the solution is "
                      "kept, to take samples of it and to measure it.",
                      Patterns::Integer(1, 100000));
  }



  ContinuitySolver::ContinuitySolver(
    const MPI_Comm                   &communicator,
    const ContinuitySolverParameters &parameters)
    : parameters(parameters)
    , communicator(communicator)
    , mesh(communicator)
    , fe(QGauss<1>(parameters.fe_degree + 1))
    , dof_handler(mesh)
  {
    GridGenerator::subdivided_hyper_cube(
      mesh, parameters.n_cells, -half_width, half_width);
    dof_handler.distribute_dofs(fe);
    assemble();
  }



  void
  ContinuitySolver::assemble()
  {
    const IndexSet                    owned = dof_handler.locally_owned_dofs();
    TrilinosWrappers::SparsityPattern pattern(owned, communicator);
    DoFTools::make_flux_sparsity_pattern(dof_handler, pattern);
    pattern.compress();
    matrix.reinit(pattern);

    using Scratch = MeshWorker::ScratchData<2>;
    using Cell    = DoFHandler<2>::active_cell_iterator;
    const QGauss<2>   quadrature(parameters.fe_degree + 1);
    const QGauss<1>   face_quadrature(parameters.fe_degree + 1);
    const UpdateFlags flags =
      update_values | update_quadrature_points | update_JxW_values;
    Scratch            scratch(mapping,
                    fe,
                    quadrature,
                    flags | update_gradients,
                    face_quadrature,
                    flags | update_normal_vectors);
    const unsigned int n = fe.n_dofs_per_cell();

    const auto cell_worker =
      [&](const Cell &cell, Scratch &scratch, CopyData &copy) {
        const FEValues<2> &v = scratch.reinit(cell);
        copy.rows            = scratch.get_local_dof_indices();
        copy.masses          = v.get_JxW_values();
        copy.blocks.assign(1, {FullMatrix<double>(n, n), copy.rows});
        for (const unsigned int q : v.quadrature_point_indices())
          for (const unsigned int i : v.dof_indices())
            {
              const double flux =
                velocity(v.quadrature_point(q)) * v.shape_grad(i, q) * v.JxW(q);
              for (const unsigned int j : v.dof_indices())
                copy.blocks[0].matrix(i, j) += flux * v.shape_value(j, q);
            }
      };
    // what leaves through a face, by the density of this cell
    const auto add_outflow = [&](const FEValuesBase<2> &v, CopyData &copy) {
      for (const unsigned int q : v.quadrature_point_indices())
        {
          const double flow =
            std::max(0., velocity(v.quadrature_point(q)) * v.normal_vector(q));
          for (const unsigned int i : v.dof_indices())
            for (const unsigned int j : v.dof_indices())
              copy.blocks[0].matrix(i, j) -=
                flow * v.shape_value(i, q) * v.shape_value(j, q) * v.JxW(q);
        }
    };
    const auto boundary_worker = [&](const Cell        &cell,
                                     const unsigned int face,
                                     Scratch           &scratch,
                                     CopyData          &copy) {
      add_outflow(scratch.reinit(cell, face), copy);
    };
    const auto face_worker = [&](const Cell        &cell,
                                 const unsigned int face,
                                 const unsigned int,
                                 const Cell        &neighbor,
                                 const unsigned int neighbor_face,
                                 const unsigned int,
                                 Scratch  &scratch,
                                 CopyData &copy) {
      const FEValuesBase<2> &other =
        scratch.reinit_neighbor(neighbor, neighbor_face);
      const auto             columns = scratch.get_neighbor_dof_indices();
      const FEValuesBase<2> &v       = scratch.reinit(cell, face);
      add_outflow(v, copy);
      // and what enters, by the density of the neighbour
      copy.blocks.push_back({FullMatrix<double>(n, n), columns});
      for (const unsigned int q : v.quadrature_point_indices())
        {
          const double flow =
            std::min(0., velocity(v.quadrature_point(q)) * v.normal_vector(q));
          for (const unsigned int i : v.dof_indices())
            for (const unsigned int j : v.dof_indices())
              copy.blocks.back().matrix(i, j) -=
                flow * v.shape_value(i, q) * other.shape_value(j, q) * v.JxW(q);
        }
    };
    const auto copier = [&](const CopyData &copy) {
      for (CopyData::Block block : copy.blocks)
        {
          for (unsigned int i = 0; i < n; ++i)
            for (unsigned int j = 0; j < n; ++j)
              block.matrix(i, j) /= copy.masses[i];
          matrix.add(copy.rows, block.columns, block.matrix);
        }
    };
    MeshWorker::mesh_loop(dof_handler.active_cell_iterators(),
                          cell_worker,
                          copier,
                          scratch,
                          CopyData(),
                          MeshWorker::assemble_own_cells |
                            MeshWorker::assemble_own_interior_faces_both |
                            MeshWorker::assemble_ghost_faces_both |
                            MeshWorker::assemble_boundary_faces,
                          boundary_worker,
                          face_worker);
    matrix.compress(VectorOperation::add);
  }



  void
  ContinuitySolver::solve()
  {
    const IndexSet owned = dof_handler.locally_owned_dofs();
    VectorType     y(owned, communicator);
    exact_solution.set_time(0.);
    VectorTools::interpolate(mapping, dof_handler, exact_solution, y);
    solutions.assign(1, y);

    const double interval = parameters.final_time / parameters.n_intervals;
    const double cell     = 2. * half_width / parameters.n_cells;
    const double longest  = parameters.courant_number * cell /
                           (2. * half_width * (2 * parameters.fe_degree + 1));
    for (unsigned int i = 0; i < parameters.n_intervals; ++i)
      {
        advance_by_runge_kutta<VectorType>(
          parameters.fe_degree == 0 ? TimeStepping::FORWARD_EULER
                                    : TimeStepping::RK_CLASSIC_FOURTH_ORDER,
          [&](const double, const VectorType &y) { return apply(y); },
          i * interval,
          (i + 1) * interval,
          std::ceil(interval / longest),
          y);
        solutions.push_back(y);
      }
  }



  ContinuitySolver::VectorType
  ContinuitySolver::apply(const VectorType &y) const
  {
    VectorType result(y);
    matrix.vmult(result, y);
    return result;
  }



  double
  ContinuitySolver::time_weight(const unsigned int i,
                                const bool         more_at_ends) const
  {
    const double n      = parameters.n_intervals;
    const bool   is_end = i == 0 || i == parameters.n_intervals;
    // at the middle of the half interval at an end, where it is finite
    const double density =
      more_at_ends ? n / (numbers::PI * std::sqrt((i + 0.5) * (n - i + 0.5)))
                   : 1.;
    return (is_end ? 0.5 : 1.) * parameters.final_time / n * density;
  }



  void
  ContinuitySolver::go_to(const unsigned int i)
  {
    exact_solution.set_time(i * parameters.final_time / parameters.n_intervals);
    IndexSet relevant;
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    VectorType y = solutions[i];
    for (VectorType *const with_ghosts : {&solution, &rate, &second_rate})
      {
        with_ghosts->reinit(y.locally_owned_elements(), relevant, communicator);
        *with_ghosts = y;
        y            = apply(y);
      }
  }



  Snapshot<ContinuitySolver::VectorType>
  ContinuitySolver::snapshot(const std::vector<unsigned int> &orders) const
  {
    std::vector<std::pair<MultiIndex, const VectorType *>> derivatives;
    for (const unsigned int order : orders)
      if (order == jet_gradients)
        derivatives.push_back({{1}, &rate});
      else if (order == jet_hessians)
        derivatives.push_back({{2}, &second_rate});
    return {solution, {exact_solution.get_time()}, derivatives};
  }



  Samples
  ContinuitySolver::sample(const Quadrature<1>    &line,
                           const SampleRequest<2> &request) const
  {
    return derl::sample(mapping,
                        dof_handler,
                        snapshot(request.orders),
                        Quadrature<2>(line),
                        request);
  }



  Samples
  ContinuitySolver::sample_boundary(const Quadrature<1>    &line,
                                    const SampleRequest<2> &request) const
  {
    return derl::sample_boundary(
      mapping, dof_handler, snapshot(request.orders), line, request);
  }
} // namespace derl
