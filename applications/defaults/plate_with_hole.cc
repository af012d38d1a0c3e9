// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "plate_with_hole.h"

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/base/symmetric_tensor.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>

#include <deal.II/grid/grid_generator.h>

#include <solvers/meshes.h>

#include <cmath>

namespace derl
{
  using namespace dealii;

  namespace
  {
    constexpr double radius        = 0.25;
    constexpr double half_width    = 1.;
    constexpr double poisson_ratio = 0.3;
    /** of a Young's modulus of 1 */
    constexpr double mu = 0.5 / (1. + poisson_ratio);
    constexpr double lambda =
      2. * mu * poisson_ratio / (1. - 2. * poisson_ratio);

    const FEValuesExtractors::Vector displacement(0);



    class PlateWithHole : public Problem<2>
    {
    public:
      PlateWithHole();

      void
      make_mesh(const unsigned int n_refinements, Mesh &mesh) const override;

      std::unique_ptr<FiniteElementSolver<2>>
      make_solver(const MPI_Comm     communicator,
                  const unsigned int degree) const override;

      QuantityErrors
      measure_quantity(const Mapping<2>           &mapping,
                       const DoFHandler<2>        &dof_handler,
                       const VectorType           &solution,
                       const SurrogateFunction<2> &surrogate) const override;
    };



    PlateWithHole::PlateWithHole()
    {
      description = "plane elasticity, plate with a hole";
      components  = {"u", "v"};
      quantity    = "hoop_stress";
      exact =
        solution_of_formula<2>([](const auto &x, const auto &t, const auto &) {
          using Number           = std::decay_t<decltype(t)>;
          constexpr double kappa = 3. - 4. * poisson_ratio;
          constexpr double unit  = radius / (8. * mu);
          using std::sqrt;
          const Number r  = sqrt(x[0] * x[0] + x[1] * x[1]);
          const Number c  = x[0] / r;
          const Number s  = x[1] / r;
          const Number c3 = c * (4. * c * c - 3.);
          const Number s3 = s * (3. - 4. * s * s);
          const Number q  = radius / r;
          const Number q3 = q * q * q;
          return field<Number>(
            unit * (c * (kappa + 1.) / q + 2. * q * ((1. + kappa) * c + c3) -
                    2. * q3 * c3),
            unit * (s * (kappa - 3.) / q + 2. * q * ((1. - kappa) * s + s3) -
                    2. * q3 * s3));
        });
    }



    void
    PlateWithHole::make_mesh(const unsigned int n_refinements, Mesh &mesh) const
    {
      GridGenerator::hyper_cube_with_cylindrical_hole(mesh, radius, half_width);
      mesh.reset_all_manifolds();
      mesh.set_all_manifold_ids(1);
      for (const auto &cell : mesh.active_cell_iterators())
        for (const auto &face : cell->face_iterators())
          if (face->at_boundary())
            {
              const bool is_hole = face->vertex(0).norm() < 1.01 * radius;
              face->set_boundary_id(is_hole ? free_surface : known_values);
              face->set_manifold_id(is_hole ? 0 : numbers::flat_manifold_id);
            }
      follow_circles(mesh);
      mesh.refine_global(n_refinements);
    }



    void
    integrate(const FEValues<2>  &fe_values,
              FullMatrix<double> &matrix,
              Vector<double> &)
    {
      const auto &u = fe_values[displacement];
      for (const unsigned int q : fe_values.quadrature_point_indices())
        for (const unsigned int i : fe_values.dof_indices())
          {
            const auto   strain     = u.symmetric_gradient(i, q);
            const double divergence = u.divergence(i, q);
            for (const unsigned int j : fe_values.dof_indices())
              matrix(i, j) += (2. * mu * strain * u.symmetric_gradient(j, q) +
                               lambda * divergence * u.divergence(j, q)) *
                              fe_values.JxW(q);
          }
    }



    std::unique_ptr<FiniteElementSolver<2>>
    PlateWithHole::make_solver(const MPI_Comm     communicator,
                               const unsigned int degree) const
    {
      LinearOptions options;
      options.method = LinearMethod::direct; // multigrid is slow for systems
      return std::make_unique<LinearSolver<2>>(communicator,
                                               FESystem<2>(FE_Q<2>(degree), 2),
                                               degree,
                                               degree + 1,
                                               integrate,
                                               *exact,
                                               options);
    }



    /**
     * The stress along the boundary with the given normal.
     */
    template <typename Gradients>
    double
    hoop_stress(const Gradients &gradients, const Tensor<1, 2> &normal)
    {
      const Tensor<1, 2> tangent = cross_product_2d(normal);
      double             strain  = 0.;
      for (unsigned int c = 0; c < 2; ++c)
        strain += tangent[c] * (gradients[c] * tangent);
      return 2. * mu * strain + lambda * (gradients[0][0] + gradients[1][1]);
    }



    QuantityErrors
    PlateWithHole::measure_quantity(const Mapping<2>           &mapping,
                                    const DoFHandler<2>        &dof_handler,
                                    const VectorType           &solution,
                                    const SurrogateFunction<2> &surrogate) const
    {
      const auto                            &fe = dof_handler.get_fe();
      const QGauss<1>                        quadrature(fe.degree + 2);
      FEFaceValues<2>                        fe_values(mapping,
                                fe,
                                quadrature,
                                update_gradients | update_normal_vectors |
                                  update_quadrature_points | update_JxW_values);
      const unsigned int                     n = quadrature.size();
      std::vector<Tensor<2, 2>>              gradients(n);
      std::vector<std::vector<Tensor<1, 2>>> learned(
        n, std::vector<Tensor<1, 2>>(2));
      std::vector<Tensor<1, 2>> exact_gradients(2);
      std::vector<double>       sums(3, 0.);
      for (const auto &cell : dof_handler.active_cell_iterators())
        if (cell->is_locally_owned())
          for (const unsigned int f : cell->face_indices())
            if (cell->face(f)->at_boundary() &&
                cell->face(f)->boundary_id() == free_surface)
              {
                fe_values.reinit(cell, f);
                fe_values[displacement].get_function_gradients(solution,
                                                               gradients);
                surrogate.vector_gradient_list(
                  fe_values.get_quadrature_points(), learned);
                for (unsigned int q = 0; q < n; ++q)
                  {
                    const Tensor<1, 2> &normal = fe_values.normal_vector(q);
                    for (unsigned int c = 0; c < 2; ++c)
                      exact_gradients[c] =
                        exact->gradient(fe_values.quadrature_point(q), c);
                    const double stress = hoop_stress(exact_gradients, normal);
                    const double errors[] = {
                      hoop_stress(gradients[q], normal) - stress,
                      hoop_stress(learned[q], normal) - stress,
                      stress};
                    for (unsigned int i = 0; i < 3; ++i)
                      sums[i] += errors[i] * errors[i] * fe_values.JxW(q);
                  }
              }
      Utilities::MPI::sum(sums, dof_handler.get_communicator(), sums);
      return {std::sqrt(sums[0] / sums[2]), std::sqrt(sums[1] / sums[2])};
    }
  } // namespace



  std::unique_ptr<Problem<2>>
  make_plate_with_hole()
  {
    return std::make_unique<PlateWithHole>();
  }
} // namespace derl
