// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "stokes_flow.h"

#include <derl/coupling/errors.h>

#include <deal.II/base/numbers.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>

#include <deal.II/grid/grid_generator.h>

#include <cmath>

namespace derl
{
  using namespace dealii;

  namespace
  {
    const FEValuesExtractors::Vector velocity(0);
    const FEValuesExtractors::Scalar pressure(2);



    class StokesFlow : public Problem<2>
    {
    public:
      StokesFlow();

      void
      make_mesh(const unsigned int n_refinements, Mesh &mesh) const override;

      std::unique_ptr<FiniteElement<2>>
      make_element(const unsigned int degree) const override;

      void
      integrate(const FEValues<2>  &fe_values,
                FullMatrix<double> &matrix,
                Vector<double>     &right_hand_side) const override;

      QuantityErrors
      measure_quantity(const Mapping<2>           &mapping,
                       const DoFHandler<2>        &dof_handler,
                       const VectorType           &solution,
                       const SurrogateFunction<2> &surrogate) const override;
    };



    StokesFlow::StokesFlow()
    {
      description         = "Stokes, eddies";
      components          = {"u", "v", "p"};
      needs_direct_solver = true;
      has_pressure        = true;
      quantity            = "pressure";
      exact =
        solution_of_formula<2>([](const auto &x, const auto &t, const auto &) {
          using Number        = std::decay_t<decltype(t)>;
          constexpr double pi = numbers::PI;
          using std::cos;
          using std::sin;
          const Number a = pi * x[0] + 0.4, b = pi * x[1] + 0.7;
          return field<Number>(sin(a) * cos(b),
                               -(cos(a) * sin(b)),
                               sin(pi * x[0] + 0.5) *
                                 cos(0.5 * pi * x[1] - 0.3));
        });
    }



    void
    StokesFlow::make_mesh(const unsigned int n_refinements, Mesh &mesh) const
    {
      GridGenerator::hyper_cube(mesh, -1., 1.);
      mesh.refine_global(n_refinements);
    }



    std::unique_ptr<FiniteElement<2>>
    StokesFlow::make_element(const unsigned int degree) const
    {
      AssertThrow(degree > 1,
                  ExcMessage("Taylor-Hood elements need a degree of at least "
                             "2."));
      return std::make_unique<FESystem<2>>(
        FE_Q<2>(degree), 2, FE_Q<2>(degree - 1), 1);
    }



    void
    StokesFlow::integrate(const FEValues<2>  &fe_values,
                          FullMatrix<double> &matrix,
                          Vector<double>     &right_hand_side) const
    {
      const auto &u = fe_values[velocity];
      const auto &p = fe_values[pressure];
      for (const unsigned int q : fe_values.quadrature_point_indices())
        {
          const Point<2> &x   = fe_values.quadrature_point(q);
          const double    JxW = fe_values.JxW(q);
          Tensor<1, 2>    f   = exact->gradient(x, 2);
          for (unsigned int d = 0; d < 2; ++d)
            f[d] -= trace(exact->hessian(x, d));
          for (const unsigned int i : fe_values.dof_indices())
            {
              for (const unsigned int j : fe_values.dof_indices())
                matrix(i, j) +=
                  (scalar_product(u.gradient(i, q), u.gradient(j, q)) -
                   u.divergence(i, q) * p.value(j, q) -
                   p.value(i, q) * u.divergence(j, q)) *
                  JxW;
              right_hand_side(i) += f * u.value(i, q) * JxW;
            }
        }
    }



    QuantityErrors
    StokesFlow::measure_quantity(const Mapping<2>           &mapping,
                                 const DoFHandler<2>        &dof_handler,
                                 const VectorType           &solution,
                                 const SurrogateFunction<2> &surrogate) const
    {
      const auto              &fe = dof_handler.get_fe();
      const ErrorIntegrator<2> errors(mapping,
                                      dof_handler,
                                      *exact,
                                      2,
                                      fe.degree + 2,
                                      fe.component_mask(pressure));
      return {errors.measure(solution).relative_l2_error,
              errors.measure(surrogate).relative_l2_error};
    }
  } // namespace



  std::unique_ptr<Problem<2>>
  make_stokes_flow()
  {
    return std::make_unique<StokesFlow>();
  }
} // namespace derl
