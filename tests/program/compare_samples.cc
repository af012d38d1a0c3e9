// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Figures and tables of a surrogate and a reference that are compared with
// exact samples, spread over any number of ranks, of which one has none.

#include <derl/equations/sacado_residual.h>

#include <derl/program/training_run.h>

#include <fstream>
#include <iterator>

#include "../check.h"

namespace test_compare_samples
{
using namespace dealii;
using namespace derl;

DERL_TEST(compare_samples)
{
  initlog();
  std::string           program   = "program";
  std::array<char *, 1> arguments = {{program.data()}};
  const CommandLine     command_line(1, arguments.data());
  RunParameters         parameters("folder");
  TrainingRun           run(
    MPI_COMM_WORLD, command_line, parameters, "constants", {"x", "t"}, {"u"});
  // the surrogate is one half everywhere
  run.surrogate.parameters                                      = 0.;
  run.surrogate.parameters(run.surrogate.parameters.size() - 1) = 0.5;

  // the last of several ranks has none; weights make errors differ in time
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  const unsigned int rank    = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int n_with  = std::max(n_ranks, 2u) - 1;
  const auto columns = run.surrogate.names().parse({"u_x", "u", "u_xx", "u_t"});
  Samples    exact(2, columns, "exact"), reference(2, columns, "reference");
  for (unsigned int i = 0; i < 6; ++i)
    if (i % n_with == rank)
      {
        const double                t     = i / 3;
        const std::array<double, 2> point = {{0.1 * (i % 3), t}};
        const std::array<double, 4> u     = {{2., 1. + t, 4., 2.}};
        const std::array<double, 4> v     = {{1., 1.25 + t, 5., 3.}};
        exact.add({point.data(), 2}, {u.data(), 4}, 1. + t);
        reference.add({point.data(), 2}, {v.data(), 4}, 1. + t);
      }
  const auto equation = residual(
    {"u", "u_x"}, [](const auto &jet, const auto &, const auto &point) {
      return rows(jet[1] - 2. * jet[0] - point[1]);
    });
  run.compare(exact, reference, equation);

  for (const auto &[of, figures] : run.summary.figures)
    for (const auto &[name, value] : figures)
      deallog << of << ' ' << name << ' ' << value << std::endl;
  if (rank == 0)
    for (const char *const file : {"errors.csv", "fields.dat"})
      {
        std::ifstream in(std::string("folder/") + file);
        for (std::string line; std::getline(in, line);)
          deallog << line << std::endl;
      }

  // a fourth of the weight has the error
  SampleErrors errors(MPI_COMM_WORLD, run.surrogate, equation);
  errors.add(exact, reference, 2.);
  errors.add(exact, exact, 6.);
  const Figures  twice = errors.figures()[0].second;
  const Figures &once  = run.summary.figures[0].second;
  check("tables add up",
        std::abs(twice[0].second / once[0].second - 0.5) +
          std::abs(twice[2].second / once[2].second - 0.5),
        1e-12);

  expect_error("other points", [&]() {
    run.compare(exact, Samples(2, columns, "none"), equation);
  });
}
} // namespace test_compare_samples
