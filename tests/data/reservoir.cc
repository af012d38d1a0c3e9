// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A reservoir that chooses points before they are evaluated must end with the
// samples that it would have kept of all of them, and evaluate no others; saved
// and read on any number of ranks it must go on with the same samples, and
// refuse a state that it could not have saved.

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>

#include <map>

#include "../../source/base/checkpoint.h"
#include "../../source/base/communication.h"
#include "estimator_tests.h"
#include "sample_sets.h"

namespace test_reservoir
{
constexpr unsigned int n_steps = 6, n_max = 150;

/**
 * A solution on an adaptively refined disk at some times.
 */
struct Series
{
  Series()
    : mesh(MPI_COMM_WORLD)
    , dof_handler(mesh)
  {
    GridGenerator::hyper_ball(mesh);
    mesh.refine_global(2);
    for (const auto &cell : mesh.active_cell_iterators())
      if (cell->is_locally_owned() && cell->center()[0] > 0.3)
        cell->set_refine_flag();
    mesh.execute_coarsening_and_refinement();
    dof_handler.distribute_dofs(FE_Q<2>(2));
    IndexSet relevant;
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    // copies of vectors have no ghost values
    solutions.reserve(n_steps);
    for (unsigned int step = 0; step < n_steps; ++step)
      {
        solutions.emplace_back(
          dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
        VectorTools::interpolate(
          mapping,
          dof_handler,
          ScalarFunctionFromFunctionObject<2>([step](const Point<2> &x) {
            return std::exp(x[0] - 0.1 * step) * std::cos(2. * x[1]);
          }),
          solutions.back());
        solutions.back().update_ghost_values();
      }
  }

  /**
   * What is sampled of a step, in cells or at the boundary.
   */
  Samples
  samples(const unsigned int      step,
          const SampleRequest<2> &request,
          const bool              at_boundary) const
  {
    const Snapshot<VectorType> snapshot(solutions[step], {time(step)});
    return at_boundary
             ? sample_boundary(
                 mapping, dof_handler, snapshot, QGauss<1>(2), request)
             : sample(mapping, dof_handler, snapshot, QGauss<2>(2), request);
  }

  static double
  time(const unsigned int step)
  {
    return 0.1 * (step + 1);
  }

  const MappingQ<2>                       mapping = MappingQ<2>(2);
  parallel::distributed::Triangulation<2> mesh;
  DoFHandler<2>                           dof_handler;
  std::vector<VectorType>                 solutions;
};



double
indicator(const ArrayView<const double> &point, const double weight)
{
  return (point[1] > 0. ? 5. : 1.) / weight;
}



std::vector<double>
indicators(const Samples &samples)
{
  std::vector<double> result;
  for (unsigned int i = 0; i < samples.size(); ++i)
    result.push_back(indicator(ArrayView<const double>(samples.point(i), 3),
                               samples.weight(i)));
  return result;
}



void
check_choice(const Series           &series,
             const std::string      &what,
             const SampleRequest<2> &request,
             const bool              at_boundary = false)
{
  deallog << what << std::endl;
  for (const bool with_indicator : {false, true})
    {
      SampleReservoir all(MPI_COMM_WORLD, n_max, 3);
      SampleReservoir some(MPI_COMM_WORLD, n_max, 3);
      std::uint64_t   n_evaluated  = 0;
      bool            none_in_vain = true;
      const auto add = [&](SampleReservoir &reservoir, const Samples &samples) {
        reservoir.add(samples,
                      0.1,
                      with_indicator ? indicators(samples)
                                     : std::vector<double>());
      };
      for (unsigned int step = 0; step < n_steps; ++step)
        {
          add(all, series.samples(step, request, at_boundary));
          SampleRequest<2> choosing = request;
          choosing.choice =
            some.choice(0.1, with_indicator ? indicator : nullptr);
          const Samples chosen = series.samples(step, choosing, at_boundary);
          add(some, chosen);
          n_evaluated += global_count(MPI_COMM_WORLD, chosen.size());
          // all that was evaluated is in the reservoir now
          std::uint64_t n_new = 0;
          const Samples kept  = some.samples();
          for (unsigned int i = 0; i < kept.size(); ++i)
            n_new += (kept.point(i)[2] == Series::time(step));
          none_in_vain = none_in_vain && n_new == chosen.size();
        }
      check("  the same samples",
            difference(all_rows_of(all.samples()), all_rows_of(some.samples())),
            1e-12);
      check("  the same numbers",
            all.n_kept() == some.n_kept() && all.n_added() == some.n_added());
      check("  none evaluated in vain", none_in_vain);
      check("  few evaluated",
            n_evaluated < all.n_added() / (at_boundary ? 1 : 4));
    }
}



void
check_choices()
{
  const Series     series;
  SampleRequest<2> request = {jet_values, jet_gradients};
  check_choice(series, "raw", request);
  check_choice(series, "boundary", request, true);
  request.weighting = SampleWeighting::cell;
  request.estimator = Estimator::recovered;
  check_choice(series, "recovered", request);
  request.estimator = Estimator::difference;
  check_choice(series, "difference", request);

  // any choice will do, of nothing as well
  request.estimator = Estimator::raw;
  request.choice    = [](const auto &visit) {
    visit([](const ArrayView<const double> &, const double) {});
    return std::vector<std::size_t>();
  };
  check("nothing", series.samples(0, request, false).size() == 0);
  request.choice = [](const auto &) { return std::vector<std::size_t>(); };
  expect_error("no visit", [&]() { series.samples(0, request, false); });
  request.choice = [](const auto &visit) {
    visit([](const ArrayView<const double> &, const double) {});
    return std::vector<std::size_t>{1, 1};
  };
  expect_error("twice", [&]() { series.samples(0, request, false); });
  expect_error("no quadrature", [&]() {
    sample(series.mapping,
           series.dof_handler,
           Snapshot<VectorType>(series.solutions[0], {0.}),
           request);
  });
  SampleReservoir reservoir(MPI_COMM_WORLD, n_max, 3);
  request.choice = reservoir.choice(-1.);
  expect_error("time weight", [&]() { series.samples(0, request, false); });
  request.choice = reservoir.choice(
    1., [](const ArrayView<const double> &, const double) { return 0.; });
  expect_error("indicator", [&]() { series.samples(0, request, false); });
}



/**
 * This rank's part of 100 samples of a step, with factors.
 */
Samples
samples_at(const unsigned int step)
{
  const unsigned int  rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int  n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  Samples             samples(2, {{0, {0, 0}}}, "a function", {"number"});
  std::vector<double> factors;
  // unequal parts
  for (unsigned int i = 0; i < 100; ++i)
    if (std::min(i % 4, n_ranks - 1) == rank)
      {
        const double point[] = {std::sin(1. + i), 1. + step};
        const double number  = i;
        samples.add(ArrayView<const double>(point, 2),
                    ArrayView<const double>(point, 1),
                    1. + point[0] * point[0],
                    ArrayView<const double>(&number, 1));
        factors.push_back(1. + number);
      }
  samples.set_factors(factors);
  return samples;
}



/**
 * Rows with all that samples have.
 */
SampleSet
full_rows(const Samples &samples)
{
  SampleSet rows;
  for (unsigned int i = 0; i < samples.size(); ++i)
    rows.push_back({samples.point(i)[0],
                    samples.point(i)[1],
                    samples.weight(i),
                    samples.observations(i)[0],
                    samples.auxiliary(i)[0],
                    samples.factors(i)[0]});
  return rows;
}



/**
 * Save on some ranks, as one does with a smaller job, and go on on all.
 */
void
check_restart()
{
  const std::string path    = "reservoir.derl";
  const auto        add_all = [](SampleReservoir   &reservoir,
                          const unsigned int begin,
                          const unsigned int end) {
    for (unsigned int step = begin; step < end; ++step)
      reservoir.add(samples_at(step), 0.5);
  };
  SampleReservoir without(MPI_COMM_WORLD, 60, 7), before(MPI_COMM_WORLD, 60, 7);
  add_all(without, 0, 9);
  add_all(before, 0, 4);
  before.save(path);
  SampleReservoir(MPI_COMM_WORLD, 5, 1).save("empty.derl");
  SampleReservoir after(MPI_COMM_WORLD, 60, 7);
  after.load(path);
  check("each rank has its samples back",
        full_rows(after.samples()) == full_rows(before.samples()));
  check("numbers", after.n_added() == 400 && after.n_kept() == before.n_kept());
  add_all(after, 4, 9);
  check("goes on as if nothing had been",
        full_rows(after.samples()) == full_rows(without.samples()) &&
          after.n_added() == without.n_added());
  SampleReservoir empty(MPI_COMM_WORLD, 5, 1);
  empty.load("empty.derl");
  check("an empty one", empty.n_added() == 0);

  // all of the file on each rank for itself, as on another number of ranks
  SampleReservoir alone(MPI_COMM_SELF, 60, 7);
  alone.load(path);
  check("on one rank",
        difference(rows_of(alone.samples()), all_rows_of(before.samples())),
        0.);

  expect_error("other seed",
               [&]() { SampleReservoir(MPI_COMM_WORLD, 60, 8).load(path); });
  expect_error("other size",
               [&]() { SampleReservoir(MPI_COMM_WORLD, 61, 7).load(path); });
  expect_error("no such state", [&]() { after.load("none.derl"); });
  check("unharmed", full_rows(after.samples()) == full_rows(without.samples()));
}



/**
 * A state of two samples, written by hand, in which some numbers are replaced.
 */
void
check_state(const std::string                          &what,
            const std::map<std::string, std::uint64_t> &integers,
            const double                                threshold  = 0.25,
            const std::vector<double>                  &magnitudes = {1., 2.},
            const std::vector<double>                  &sizes      = {2.},
            const std::vector<double> &entries = {3., 1., 1., 4., 2., 1.},
            const unsigned int         n_rows  = 2)
{
  const std::string path = "by_hand.derl";
  const bool is_first = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
  const auto integer = [&](const std::string &name, const std::uint64_t usual) {
    return integers.count(name) ? integers.at(name) : usual;
  };
  {
    CheckpointWriter writer(MPI_COMM_WORLD, path);
    writer.add("reservoir/maximal number", integer("maximal number", 9));
    writer.add("reservoir/seed", std::uint64_t(1));
    writer.add("reservoir/steps", integer("steps", 2));
    writer.add("reservoir/added", integer("added", 5));
    writer.add("reservoir/threshold", threshold);
    writer.add("reservoir/magnitudes",
               Vector<double>(magnitudes.begin(), magnitudes.end()));
    writer.add_rows(
      "reservoir/sizes", sizes.data(), is_first ? sizes.size() : 0, 1, 1);
    writer.add("reservoir/coordinates", integer("coordinates", 2));
    writer.add("reservoir/columns", std::string("0 0 0\n"));
    writer.add("reservoir/auxiliary", std::string());
    writer.add("reservoir/origin", std::string("by hand"));
    writer.add("reservoir/factors", std::uint64_t(0));
    writer.add("reservoir/estimated errors", std::string());
    const std::vector<double> rows = {0.1, 0.2, 5., 1., 0.3, 0.4, 6., 1.};
    writer.add_rows("reservoir/rows", rows.data(), is_first ? n_rows : 0, 4, 4);
    writer.add_rows("reservoir/entries",
                    entries.data(),
                    is_first ? entries.size() / 3 : 0,
                    3,
                    3);
    writer.close(false);
  }
  const auto load = [&]() { SampleReservoir(MPI_COMM_SELF, 9, 1).load(path); };
  expect_error(what, load);
}



void
check_enemies()
{
  check_state("a good one", {});
  check_state("less added than kept", {{"added", 1}});
  check_state("too many steps", {{"steps", 1ull << 40}});
  check_state("coordinates", {{"coordinates", 3}});
  check_state("threshold", {}, -1.);
  check_state("above the threshold", {}, 3.5);
  check_state("magnitudes", {}, 0.25, {1., -2.});
  check_state("number of magnitudes", {}, 0.25, {1.});
  check_state("too large a part", {}, 0.25, {1., 2.}, {3.});
  check_state("too small a part", {}, 0.25, {1., 2.}, {1.});
  check_state("half a sample", {}, 0.25, {1., 2.}, {1.5});
  check_state("weight", {}, 0.25, {1., 2.}, {2.}, {3., 1., 0., 4., 2., 1.});
  check_state("priority", {}, 0.25, {1., 2.}, {2.}, {0.5, 1., 1., 4., 2., 1.});
  check_state("more entries than samples",
              {},
              0.25,
              {1., 2.},
              {2.},
              {3., 1., 1., 4., 2., 1.},
              1);
  check_state("more samples than fit",
              {},
              0.25,
              {1., 2.},
              {10.},
              std::vector<double>(30, 1.));
}



DERL_TEST(reservoir)
{
  initlog();
  check_choices();
  check_restart();
  check_enemies();
}
} // namespace test_reservoir
