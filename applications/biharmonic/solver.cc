// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "solver.h"

#include <derl/data/sampling.h>

#include <derl/equations/sacado_residual.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_interface_values.h>
#include <deal.II/fe/fe_q.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/dynamic_sparsity_pattern.h>
#include <deal.II/lac/sparsity_tools.h>

#include <deal.II/meshworker/mesh_loop.h>


#include <cmath>

namespace derl
{
  using namespace dealii;

  namespace Biharmonic
  {
    namespace
    {
      /**
       * The derivative of sin^2(pi x) = (1 - cos(2 pi x)) / 2.
       */
      double
      factor(const double x, const unsigned int order)
      {
        const double a = 2. * numbers::PI;
        return (order == 0 ? 0.5 : 0.) -
               0.5 * std::pow(a, order) *
                 std::cos(a * x + order * numbers::PI / 2.);
      }
    } // namespace



    double
    exact(const Point<2> &x, const unsigned int i, const unsigned int j)
    {
      return factor(x[0], i) * factor(x[1], j);
    }



    double
    f(const Point<2> &x)
    {
      return exact(x, 4, 0) + 2. * exact(x, 2, 2) + exact(x, 0, 4);
    }



    std::shared_ptr<const Residual>
    equation()
    {
      // f = 4 pi^4 (4 c(x) c(y) - c(x) - c(y)) with c(x) = cos(2 pi x)
      const double scale = 4. * std::pow(numbers::PI, 4) * std::sqrt(5.);
      return residual(
        {"u_xxxx", "u_xxyy", "u_yyyy"},
        [scale](const auto &jet, const auto &, const auto &x) {
          const auto &[u_xxxx, u_xxyy, u_yyyy] = jet;
          return rows(
            (u_xxxx + 2. * u_xxyy + u_yyyy - f(Point<2>(x[0], x[1]))) / scale);
        });
    }



    Samples
    sample_exact(const std::vector<double>   &points,
                 const std::vector<JetEntry> &columns,
                 const std::vector<double>   &weights)
    {
      Samples             samples(2, columns, "exact solution");
      std::vector<double> row(columns.size());
      for (unsigned int p = 0; 2 * p < points.size(); ++p)
        {
          const Point<2> x(points[2 * p], points[2 * p + 1]);
          for (unsigned int c = 0; c < columns.size(); ++c)
            row[c] =
              exact(x, columns[c].derivative[0], columns[c].derivative[1]);
          samples.add(make_array_view(x.begin_raw(), x.end_raw()),
                      make_array_view(row.cbegin(), row.cend()),
                      weights.empty() ? 1. : weights[p]);
        }
      return samples;
    }
  } // namespace Biharmonic



  struct BiharmonicSolver::Scratch
  {
    Scratch(const Mapping<2> &mapping, const FiniteElement<2> &fe)
      : cell(mapping,
             fe,
             QGauss<2>(fe.degree + 1),
             update_values | update_hessians | update_quadrature_points |
               update_JxW_values)
      , face(mapping,
             fe,
             QGauss<1>(fe.degree + 1),
             update_gradients | update_hessians | update_normal_vectors |
               update_JxW_values)
    {
    }

    Scratch(const Scratch &other)
      : Scratch(other.cell.get_mapping(), other.cell.get_fe())
    {
    }

    FEValues<2>          cell;
    FEInterfaceValues<2> face;
  };



  struct BiharmonicSolver::Copy
  {
    struct Part
    {
      FullMatrix<double>                   matrix;
      Vector<double>                       vector;
      std::vector<types::global_dof_index> dofs;
    };

    Part &
    add(const std::vector<types::global_dof_index> &dofs)
    {
      parts.push_back(
        {FullMatrix<double>(dofs.size()), Vector<double>(dofs.size()), dofs});
      return parts.back();
    }

    std::vector<Part> parts;
  };



  BiharmonicSolver::BiharmonicSolver(const MPI_Comm     communicator,
                                     const unsigned int degree,
                                     const unsigned int n_refinements)
    : FiniteElementSolver<2>(communicator, FE_Q<2>(degree), 1, degree + 1)
  {
    boundary_values = {{0, &zero}};
    GridGenerator::hyper_cube(mesh);
    mesh.refine_global(n_refinements);
    setup();
    solve_on_mesh();
  }



  void
  BiharmonicSolver::assemble_cell(
    const DoFHandler<2>::active_cell_iterator &cell,
    Scratch                                   &scratch,
    Copy                                      &copy) const
  {
    const FEValues<2>                   &values = scratch.cell;
    std::vector<types::global_dof_index> dofs(fe->n_dofs_per_cell());
    scratch.cell.reinit(cell);
    cell->get_dof_indices(dofs);
    Copy::Part &part = copy.add(dofs);
    for (const unsigned int q : values.quadrature_point_indices())
      {
        const double force = Biharmonic::f(values.quadrature_point(q));
        for (const unsigned int i : values.dof_indices())
          {
            const Tensor<2, 2> hessian =
              values.shape_hessian(i, q) * values.JxW(q);
            part.vector(i) += force * values.shape_value(i, q) * values.JxW(q);
            for (const unsigned int j : values.dof_indices())
              part.matrix(i, j) +=
                scalar_product(hessian, values.shape_hessian(j, q));
          }
      }
  }



  void
  BiharmonicSolver::assemble_face(const double width,
                                  Scratch     &scratch,
                                  Copy        &copy) const
  {
    const FEInterfaceValues<2> &values = scratch.face;
    const unsigned int          n      = values.n_current_interface_dofs();
    const double        penalty        = fe->degree * (fe->degree + 1.) / width;
    Copy::Part         &part = copy.add(values.get_interface_dof_indices());
    std::vector<double> jump(n), moment(n);
    for (const unsigned int q : values.quadrature_point_indices())
      {
        const Tensor<1, 2> normal = values.normal(q);
        for (unsigned int i = 0; i < n; ++i)
          {
            jump[i] = values.jump_in_shape_gradients(i, q) * normal;
            moment[i] =
              values.average_of_shape_hessians(i, q) * normal * normal;
          }
        for (unsigned int i = 0; i < n; ++i)
          for (unsigned int j = 0; j < n; ++j)
            part.matrix(i, j) += (penalty * jump[i] * jump[j] -
                                  moment[i] * jump[j] - jump[i] * moment[j]) *
                                 values.JxW(q);
      }
  }



  void
  BiharmonicSolver::solve_on_mesh()
  {
    DynamicSparsityPattern pattern(relevant);
    DoFTools::make_flux_sparsity_pattern(
      dof_handler, pattern, constraints, false);
    SparsityTools::distribute_sparsity_pattern(
      pattern, owned, communicator, relevant);
    matrix.reinit(owned, owned, pattern, communicator);
    VectorType right_hand_side = make_owned_vector();

    using Cell = DoFHandler<2>::active_cell_iterator;
    MeshWorker::mesh_loop(
      dof_handler.begin_active(),
      dof_handler.end(),
      [this](const Cell &cell, Scratch &scratch, Copy &copy) {
        // called before the cell's faces are
        copy.parts.clear();
        assemble_cell(cell, scratch, copy);
      },
      [&](const Copy &copy) {
        for (const Copy::Part &part : copy.parts)
          constraints.distribute_local_to_global(
            part.matrix, part.vector, part.dofs, matrix, right_hand_side);
      },
      Scratch(mapping, *fe),
      Copy(),
      MeshWorker::assemble_own_cells | MeshWorker::assemble_boundary_faces |
        MeshWorker::assemble_own_interior_faces_once |
        MeshWorker::assemble_ghost_faces_once,
      [this](const Cell        &cell,
             const unsigned int face,
             Scratch           &scratch,
             Copy              &copy) {
        scratch.face.reinit(cell, face);
        assemble_face(cell->extent_in_direction(face / 2), scratch, copy);
      },
      [this](const Cell        &cell,
             const unsigned int face,
             const unsigned int subface,
             const Cell        &neighbor,
             const unsigned int neighbor_face,
             const unsigned int neighbor_subface,
             Scratch           &scratch,
             Copy              &copy) {
        scratch.face.reinit(
          cell, face, subface, neighbor, neighbor_face, neighbor_subface);
        assemble_face(cell->extent_in_direction(face / 2), scratch, copy);
      });
    matrix.compress(VectorOperation::add);
    right_hand_side.compress(VectorOperation::add);

    LinearOptions direct;
    direct.method     = LinearMethod::direct;
    VectorType values = make_owned_vector();
    solve_linear_system(matrix, values, right_hand_side, direct, true);
    constraints.distribute(values);
    solution = values;
  }



  Samples
  BiharmonicSolver::sample(const std::vector<unsigned int> &orders,
                           const unsigned int n_gauss_points) const
  {
    const SampleRequest<2> request(orders);
    return n_gauss_points == 0
             ? derl::sample(mapping, dof_handler, solution, request)
             : derl::sample(mapping,
                            dof_handler,
                            solution,
                            QGauss<2>(n_gauss_points),
                            request);
  }
} // namespace derl
