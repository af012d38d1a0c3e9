// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The verdict on a surrogate must be right where the truth is known: a solution
// that interpolates the surrogate is worse than it, and better than another
// one; at a corner the recovered gradient must not be trusted. It must not
// depend on the number of ranks.

#include <derl/coupling/errors.h>

#include <deal.II/base/function_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/la_parallel_vector.h>

#include <deal.II/numerics/vector_tools.h>

#include "../check.h"
#include "surrogates.h"

namespace test_verdict
{
using namespace dealii;
using namespace derl;

using VectorType = LinearAlgebra::distributed::Vector<double>;

struct Mesh
{
  explicit Mesh(const FiniteElement<2> &fe)
    : triangulation(MPI_COMM_WORLD)
    , dof_handler(triangulation)
    , fe(fe.clone())
  {
  }

  VectorType
  interpolate(const Function<2> &function)
  {
    dof_handler.distribute_dofs(*fe);
    IndexSet relevant;
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    VectorType result(
      dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
    VectorTools::interpolate(mapping, dof_handler, function, result);
    result.update_ghost_values();
    return result;
  }

  parallel::distributed::Triangulation<2> triangulation;
  DoFHandler<2>                           dof_handler;
  const std::unique_ptr<FiniteElement<2>> fe;
  const MappingQ1<2>                      mapping;
};



void
show(const Verdict &verdict)
{
  deallog << to_string(verdict.grade) << std::endl;
  for (const Verdict::Part &part : verdict.parts)
    // among cells that are alike, which ones are the worst is up to round-off;
    // the pressure of judge_system() is so in all cells
    if (part.name != "worst cells" || part.field != "p")
      deallog << "  " << part.field << ", " << part.name << ": "
              << to_string(part.grade) << std::endl;
  for (const std::string &field : verdict.fields_with_worse_values)
    deallog << "  values of " << field << " are worse" << std::endl;
}



// interpolants of a surrogate, judged beside it and beside a worse one
void
judge_smooth()
{
  const Surrogate            surrogate = OneUnit().surrogate();
  const SurrogateFunction<2> exact(surrogate);
  for (const unsigned int degree : {1, 2})
    {
      Mesh mesh{FE_Q<2>(degree)};
      GridGenerator::hyper_cube(mesh.triangulation, -1, 1, true);
      mesh.triangulation.refine_global(4);
      const VectorType solution = mesh.interpolate(exact);

      deallog << "degree " << degree << ", exact surrogate" << std::endl;
      const Verdict verdict =
        assess(mesh.mapping, mesh.dof_handler, solution, surrogate);
      show(verdict);

      const auto relative_error = [&](const VectorTools::NormType &norm) {
        const auto distance_to_exact = [&](const VectorType &vector) {
          Vector<double> errors(mesh.triangulation.n_active_cells());
          VectorTools::integrate_difference(mesh.mapping,
                                            mesh.dof_handler,
                                            vector,
                                            exact,
                                            errors,
                                            QGauss<2>(degree + 2),
                                            norm);
          return VectorTools::compute_global_error(
            mesh.triangulation, errors, norm);
        };
        VectorType zero(solution);
        zero = 0.;
        return distance_to_exact(solution) / distance_to_exact(zero);
      };
      check("estimated over true error of the gradient",
            std::abs(verdict.parts[0].solution /
                       relative_error(VectorTools::H1_seminorm) -
                     1.),
            0.1);
      check("estimated over true error of the values",
            std::abs(verdict.parts[0].value_error /
                       relative_error(VectorTools::L2_norm) -
                     1.),
            0.5);

      Surrogate shifted = surrogate;
      shifted.parameters(shifted.parameters.size() - 1) += 0.01;
      deallog << "degree " << degree << ", other values" << std::endl;
      show(assess(mesh.mapping, mesh.dof_handler, solution, shifted));

      Surrogate worse = surrogate;
      worse.parameters(0) += degree == 1 ? 0.2 : 0.01;
      deallog << "degree " << degree << ", another one" << std::endl;
      show(assess(mesh.mapping, mesh.dof_handler, solution, worse));
    }
}



// what the recovery cannot see must not be praised
void
judge_corner()
{
  Mesh mesh{FE_Q<2>(2)};
  GridGenerator::hyper_L(mesh.triangulation);
  mesh.triangulation.refine_global(3);
  const VectorType solution =
    mesh.interpolate(Functions::LSingularityFunction());
  const Verdict verdict =
    assess(mesh.mapping, mesh.dof_handler, solution, OneUnit().surrogate());
  deallog << "corner, a surrogate of something else: "
          << to_string(verdict.grade) << std::endl;
  check("the recovered gradient is not trusted",
        verdict.parts[0].recovery > 0.3 * verdict.parts[0].solution);
}



// fields of a system are judged each by itself
void
judge_system()
{
  Surrogate                  surrogate = vector_surrogate();
  const SurrogateFunction<2> exact(surrogate);
  Mesh                       mesh{FESystem<2>(FE_Q<2>(2), 2, FE_Q<2>(1), 1)};
  GridGenerator::hyper_cube(mesh.triangulation, -1, 1);
  mesh.triangulation.refine_global(3);
  const VectorType solution = mesh.interpolate(exact);
  // the weights of the velocities, not that of the pressure
  surrogate.parameters(3) += 0.05;
  surrogate.parameters(4) += 0.05;
  show(assess(mesh.mapping, mesh.dof_handler, solution, surrogate));
}



void
refuse()
{
  Mesh mesh{FE_Q<2>(1)};
  GridGenerator::hyper_cube(mesh.triangulation, -1, 1);
  mesh.triangulation.refine_global(2);
  const VectorType solution =
    mesh.interpolate(SurrogateFunction<2>(OneUnit().surrogate()));
  expect_error("components", [&]() {
    assess(mesh.mapping, mesh.dof_handler, solution, vector_surrogate());
  });
  expect_error("nothing was added",
               []() { Assessment<2>(OneUnit().surrogate()).verdict(); });
}



DERL_TEST(verdict)
{
  initlog();
  judge_smooth();
  judge_corner();
  judge_system();
  refuse();
}
} // namespace test_verdict
