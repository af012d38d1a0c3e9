// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// From which cells derivatives are recovered: at interfaces from the selected
// side only, across periodic faces as in a mesh that goes on, on any number of
// ranks.

#include <derl/data/sampling.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/fe/fe_dgq.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/filtered_iterator.h>
#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>

#include "estimator_tests.h"

namespace test_patches
{
/**
 * A function with a kink at x_1 = 0: x_1 (2 + x_2) is added on one side.
 */
class Kinked : public KnownFunction<2>
{
public:
  explicit Kinked(const KnownFunction<2> &smooth)
    : smooth(smooth)
  {
  }

  double
  derivative(const Point<2>    &x,
             const unsigned int component,
             const MultiIndex  &derivative) const override
  {
    const double factors[2][3] = {{x[0], 1., 0.}, {2. + x[1], 1., 0.}};
    double       added         = x[0] > 0. ? 1. : 0.;
    for (unsigned int d = 0; d < 2; ++d)
      added *= factors[d][std::min(2u, derivative[d])];
    return smooth.derivative(x, component, derivative) + added;
  }

private:
  const KnownFunction<2> &smooth;
};



/**
 * Recovered derivatives of a function with a kink on a mesh with hanging nodes,
 * on the side of one material.
 */
Samples
sample_side(const MPI_Comm          &communicator,
            const KnownFunction<2>  &function,
            const FiniteElement<2>  &fe,
            const types::material_id material)
{
  parallel::distributed::Triangulation<2> square(communicator);
  GridGenerator::hyper_cube(square, -1, 1);
  square.refine_global(3);
  refine_part(square);
  for (const auto &cell : square.active_cell_iterators())
    if (!cell->is_artificial())
      cell->set_material_id(cell->center()[0] < 0 ? 1 : 2);
  DoFHandler<2> dof_handler(square);
  dof_handler.distribute_dofs(fe);
  const MappingQ<2> mapping(1);
  SampleRequest<2>  side = request<2>(Estimator::recovered, {0, 1, 2});
  side.cells             = IteratorFilters::MaterialIdEqualTo(material);
  return sample(mapping,
                dof_handler,
                interpolate<2>(mapping, dof_handler, function),
                QGauss<2>(fe.degree),
                side);
}



void
check_kink()
{
  const Polynomial<2> quadratic({2});
  const Kinked        kinked(quadratic);
  const Sines<2>      sines;
  for (const types::material_id material : {1, 2})
    {
      const std::string side = "material " + std::to_string(material);
      for (const unsigned int degree : {1, 2})
        {
          const Samples samples =
            sample_side(MPI_COMM_WORLD, kinked, FE_Q<2>(degree), material);
          for (const unsigned int order : {0, 1, 2})
            check(side + ", Q" + std::to_string(degree) + ", order " +
                    std::to_string(order),
                  error_of_order<2>(samples, kinked, order),
                  1e-12 * std::pow(10., order));
        }
      check_partition<2>(
        side,
        sample_side(MPI_COMM_SELF, Kinked(sines), FE_Q<2>(2), material),
        sample_side(MPI_COMM_WORLD, Kinked(sines), FE_Q<2>(2), material),
        1e-12);
    }
}



/**
 * In a layer of cells between others that are not selected, and for linear
 * elements in a cell alone, recovered derivatives are not much worse than raw
 * ones. (The complete polynomials that the nodes of one cell of a higher degree
 * determine are.)
 */
void
check_thin_layer()
{
  Triangulation<2> square;
  GridGenerator::subdivided_hyper_cube(square, 8, -1, 1);
  GridTools::distort_random(0.01, square, true, 7);
  for (const auto &cell : square.active_cell_iterators())
    cell->set_material_id(std::abs(cell->center()[0] + 0.125) > 0.1   ? 0
                          : std::abs(cell->center()[1] + 0.125) > 0.1 ? 1
                                                                      : 2);
  const MappingQ<2> mapping(1);
  DoFHandler<2>     dof_handler(square);
  const Sines<2>    sines;
  for (const unsigned int degree : {1, 2, 3})
    {
      dof_handler.distribute_dofs(FE_Q<2>(degree));
      const VectorType solution = interpolate<2>(mapping, dof_handler, sines);
      for (const std::set<types::material_id> &materials :
           std::vector<std::set<types::material_id>>{{1, 2}, {2}})
        {
          if (materials.size() == 1 && degree > 1)
            continue;
          const auto error = [&](const Estimator estimator) {
            SampleRequest<2> selected({1});
            selected.estimator = estimator;
            selected.cells     = IteratorFilters::MaterialIdEqualTo(materials);
            return error_of_order<2>(sample(mapping,
                                            dof_handler,
                                            solution,
                                            QGauss<2>(degree + 1),
                                            selected),
                                     sines,
                                     1);
          };
          check((materials.size() > 1 ? "a layer, Q" : "a cell alone, Q") +
                  std::to_string(degree),
                error(Estimator::recovered) / error(Estimator::raw),
                1.2);
        }
    }
  SampleRequest<2> alone({3});
  alone.estimator = Estimator::recovered;
  alone.cells     = IteratorFilters::MaterialIdEqualTo(2);
  dof_handler.distribute_dofs(FE_Q<2>(1));
  expect_error("a cell alone, third derivatives", [&]() {
    sample(mapping,
           dof_handler,
           interpolate<2>(mapping, dof_handler, sines),
           QGauss<2>(1),
           alone);
  });
}



/**
 * Sines of period one.
 */
template <int dim>
class PeriodicSines : public Sines<dim>
{
public:
  double
  derivative(const Point<dim>  &x,
             const unsigned int component,
             const MultiIndex  &derivative) const override
  {
    const double factor = 2. * numbers::PI;
    return std::pow(factor, order(derivative)) *
           Sines<dim>::derivative(factor * x, component, derivative);
  }
};



/**
 * Recovered derivatives in the unit cube, which is periodic, or has others of
 * its kind at its sides.
 */
template <int dim>
Samples
sample_cube(const MPI_Comm           &communicator,
            const bool                periodic,
            const unsigned int        n_cells,
            const FiniteElement<dim> &fe,
            const Function<dim>      &function)
{
  parallel::distributed::Triangulation<dim> triangulation(communicator);
  Point<dim>                                lower, upper;
  for (unsigned int d = 0; d < dim; ++d)
    {
      lower[d] = periodic ? 0. : -1.;
      upper[d] = periodic ? 1. : 2.;
    }
  GridGenerator::subdivided_hyper_rectangle(
    triangulation,
    std::vector<unsigned int>(dim, periodic ? n_cells : 3 * n_cells),
    lower,
    upper,
    true);
  if (periodic)
    {
      std::vector<
        GridTools::PeriodicFacePair<typename Triangulation<dim>::cell_iterator>>
        faces;
      for (unsigned int d = 0; d < dim; ++d)
        GridTools::collect_periodic_faces(
          triangulation, 2 * d, 2 * d + 1, d, faces);
      triangulation.add_periodicity(faces);
    }
  // hanging nodes at periodic faces; of even degree they are twice in a patch,
  // but not beside an image
  if (n_cells > 2 && fe.degree == 1)
    {
      for (const auto &cell : triangulation.active_cell_iterators())
        {
          const double x = cell->center()[0], y = cell->center()[1];
          if (cell->is_locally_owned() && x - std::floor(x) < 0.4 &&
              y - std::floor(y) < 0.6)
            cell->set_refine_flag();
        }
      triangulation.execute_coarsening_and_refinement();
    }

  const MappingQ<dim> mapping(1);
  DoFHandler<dim>     dof_handler(triangulation);
  dof_handler.distribute_dofs(fe);
  SampleRequest<dim> recovered({0, 1, 2});
  recovered.estimator = Estimator::recovered;
  const Samples samples =
    sample(mapping,
           dof_handler,
           interpolate<dim>(mapping, dof_handler, function),
           QGauss<dim>(fe.degree),
           recovered);
  std::vector<unsigned int> inside;
  for (unsigned int i = 0; i < samples.size(); ++i)
    if (std::all_of(samples.point(i),
                    samples.point(i) + dim,
                    [](const double x) { return x > 0. && x < 1.; }))
      inside.push_back(i);
  return samples.subset(inside);
}



template <int dim>
void
check_periodic(const unsigned int n_cells, const FiniteElement<dim> &fe)
{
  const PeriodicSines<dim> sines;
  const Samples            expected =
    sample_cube<dim>(MPI_COMM_SELF, false, n_cells, fe, sines);
  const Samples samples =
    sample_cube<dim>(MPI_COMM_WORLD, true, n_cells, fe, sines);
  const auto          in_expected = positions<dim>(expected);
  std::vector<double> difference(3, 0.);
  for (const auto &[point, i] : positions<dim>(samples))
    for (unsigned int c = 0; c < samples.columns().size(); ++c)
      {
        double &d = difference[order(samples.columns()[c].derivative)];
        d         = std::max(d,
                     std::abs(samples.observations(i)[c] -
                              expected.observations(in_expected.at(point))[c]));
      }
  const std::string name =
    "periodic, " + fe.get_name() + ", " + std::to_string(n_cells) + " cells";
  check(name + ", the same points",
        Utilities::MPI::sum(samples.size(), MPI_COMM_WORLD) == expected.size());
  for (const unsigned int order : {0, 1, 2})
    check(name + ", order " + std::to_string(order),
          difference[order],
          1e-11 * std::pow(10., order));
}



/**
 * A function that jumps at periodic faces has no derivatives across.
 */
void
check_jump()
{
  const Polynomial<2> linear({1});
  const Samples       samples =
    sample_cube<2>(MPI_COMM_WORLD, true, 8, FE_Q<2>(1), linear);
  for (const unsigned int order : {1, 2})
    check("a jump at periodic faces, order " + std::to_string(order),
          error_of_order<2>(samples, linear, order),
          1e-12 * std::pow(10., order));
}



DERL_TEST(patches)
{
  initlog();

  check_kink();
  check_thin_layer();
  // two cells: a cell is twice in the patch of the other one
  for (const unsigned int n_cells : {2, 8})
    {
      check_periodic<2>(n_cells, FE_Q<2>(1));
      check_periodic<2>(n_cells, FE_Q<2>(2));
      check_periodic<2>(n_cells, FE_DGQ<2>(1));
    }
  check_periodic<3>(2, FE_Q<3>(1));
  check_jump();
}
} // namespace test_patches
