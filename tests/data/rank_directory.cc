// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Whoever asks the directory of boxes for points must learn of every box that
// has one of them, whatever the sizes of boxes, and of few others.

#include <derl/data/sources.h>

#include "../../source/data/rank_directory.h"
#include "../check.h"

namespace test_rank_directory
{
using namespace dealii;
using namespace derl;

/**
 * Boxes of a rank: many small ones in a corner, some of all sizes, one that is
 * flat, and on the first rank one around everything.
 */
template <int dim>
std::vector<BoundingBox<dim>>
boxes_of(const unsigned int rank)
{
  std::vector<BoundingBox<dim>> boxes;
  Point<dim>                    lower, upper;
  for (unsigned int d = 0; d < dim; ++d)
    upper[d] = 3. - d;
  const auto add = [&](const Point<dim> &x, const double size) {
    Point<dim> y = x;
    for (unsigned int d = 0; d < dim; ++d)
      y[d] += size / (1 + d);
    boxes.emplace_back(std::make_pair(x, y));
  };
  unsigned int n = 0;
  for (const Point<dim> &x : random_points<dim>(lower, upper, 60, rank + 1))
    {
      add(0.01 * x, 1e-3);
      add(x, std::ldexp(1., -int(++n % 12)));
    }
  add(upper, 0.);
  if (rank == 0)
    boxes.emplace_back(std::make_pair(lower, 2. * upper));
  return boxes;
}



template <int dim>
void
check_directory()
{
  const unsigned int rank    = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  const derl::internal::RankDirectory<dim> directory(MPI_COMM_WORLD,
                                                     boxes_of<dim>(rank));
  Point<dim>                               lower, upper;
  for (unsigned int d = 0; d < dim; ++d)
    {
      lower[d] = -0.5;
      upper[d] = 4.;
    }
  unsigned int n_found = 0, n_missed = 0, n_others = 0;
  for (unsigned int i = 0; i < 50; ++i)
    {
      std::vector<Point<dim>> points =
        random_points<dim>(lower, upper, 1 + i % 3, 100 * rank + i);
      // on the small boxes, and nowhere at all
      points.push_back(0.01 * points[0]);
      points.push_back(1e9 * points[0]);
      // the last rank asks of nothing every third time
      if (i % 3 == 0 && rank + 1 == n_ranks)
        points.clear();
      const auto around  = directory.around(points);
      const auto has_one = [&](const BoundingBox<dim> &box) {
        return std::any_of(
          points.begin(), points.end(), [&](const Point<dim> &x) {
            return box.point_inside(x);
          });
      };
      for (unsigned int other = 0; other < n_ranks; ++other)
        for (const BoundingBox<dim> &box : boxes_of<dim>(other))
          if (has_one(box))
            {
              ++n_found;
              n_missed += std::none_of(
                around.begin(), around.end(), [&](const auto &pair) {
                  return pair.second == other &&
                         pair.first.get_boundary_points() ==
                           box.get_boundary_points();
                });
            }
      for (const auto &pair : around)
        n_others += !has_one(pair.first);
    }
  check("some are there", n_found > 0);
  check("none is missed", n_missed == 0);
  check("few others", n_others < 0.25 * 50 * n_ranks * boxes_of<dim>(1).size());

  // nobody has a box
  const derl::internal::RankDirectory<dim> empty(MPI_COMM_WORLD, {});
  check("nothing in it", empty.around({lower, upper}).empty());
}



DERL_TEST(rank_directory)
{
  initlog();
  check_directory<2>();
  check_directory<3>();
}
} // namespace test_rank_directory
