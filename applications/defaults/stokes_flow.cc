// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "stokes_flow.h"

#include <derl/coupling/errors.h>

#include <deal.II/base/numbers.h>

#include <solvers/flow_solver.h>
#include <solvers/meshes.h>

#include <cmath>

namespace derl
{
  using namespace dealii;

  namespace
  {
    const FEValuesExtractors::Scalar pressure(2);



    class StokesFlow : public Problem<2>
    {
    public:
      StokesFlow();

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



    StokesFlow::StokesFlow()
    {
      description  = "Stokes, eddies";
      components   = {"u", "v", "p"};
      has_pressure = true;
      quantity     = "pressure";
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
      make_cube(n_refinements, mesh);
    }



    std::unique_ptr<FiniteElementSolver<2>>
    StokesFlow::make_solver(const MPI_Comm     communicator,
                            const unsigned int degree) const
    {
      FlowProblem flow;
      flow.has_convection = false;
      flow.is_enclosed    = true;
      flow.velocities     = {{known_values, exact.get()}};
      flow.force          = [u = exact](const Point<2> &x) {
        Tensor<1, 2> force = u->gradient(x, 2);
        for (unsigned int d = 0; d < 2; ++d)
          force[d] -= trace(u->hessian(x, d));
        return force;
      };
      FlowSolverParameters parameters;
      parameters.velocity_degree = degree;
      parameters.mapping_degree  = degree;
      return std::make_unique<FlowSolver>(communicator, flow, parameters);
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
