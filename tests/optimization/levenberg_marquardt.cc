// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The method of Levenberg and Marquardt must take the same steps in the space
// of the parameters, in that of the rows, and without matrices; geodesic
// acceleration must pay; auto must choose by what it is given.

#include <derl/base/collective.h>

#include <derl/optimization/optimizers.h>

#include <cstdlib>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

#include "../../source/base/memory.h"
#include "../../source/optimization/automatic.h"
#include "../../source/optimization/damped_system.h"
#include "../check.h"
#include "../tests.h"
#include "least_squares_problem.h"
#include "test_functions.h"

namespace test_levenberg_marquardt
{
using namespace dealii;
using namespace derl;

struct Path
{
  std::vector<Vector<double>> points;
  double                      first_value = 0.;
  OptimizationResult          result;
};

Path
follow(RowsObjective                         objective,
       Vector<double>                        x,
       const LevenbergMarquardt::Parameters &parameters,
       const StoppingCriteria               &criteria)
{
  Path path;
  path.result =
    LevenbergMarquardt(parameters)
      .minimize(objective,
                x,
                criteria,
                [&](const IterationState &state) -> std::optional<StopReason> {
                  if (state.iteration == 0)
                    path.first_value = state.value;
                  path.points.push_back(state.x);
                  return {};
                });
  return path;
}

double
distance(const Path &one, const Path &other, const unsigned int n_points)
{
  double largest = 0.;
  for (unsigned int i = 0; i < n_points; ++i)
    {
      Vector<double> difference = one.points.at(i);
      difference -= other.points.at(i);
      largest = std::max(largest, double(difference.linfty_norm()));
    }
  return largest;
}



void
check_minima()
{
  StoppingCriteria criteria;
  criteria.max_iterations  = 100;
  criteria.value_tolerance = 1e-20;
  for (const unsigned int n : {2, 10})
    {
      const Path path =
        follow(rosenbrock_rows(n), rosenbrock_start(n), {}, criteria);
      check("Rosenbrock " + std::to_string(n),
            path.result.reason == StopReason::value_small);
    }
  const Path path =
    follow(oscillations(3, 40), oscillations_start(3), {}, criteria);
  check("oscillations", path.result.reason == StopReason::value_small);

  // Gauss-Newton steps near a minimum of value zero converge quadratically
  // once the damping has died away
  LevenbergMarquardt::Parameters plain;
  plain.acceleration_limit = 0.;
  const Path other =
    follow(oscillations(3, 40), oscillations_start(3), plain, criteria);
  check("acceleration saves iterations",
        path.result.iterations < other.result.iterations);
}



void
check_spaces()
{
  StoppingCriteria criteria;
  criteria.max_iterations = 6;

  LevenbergMarquardt::Parameters dense, matrix_free;
  matrix_free.max_matrix_size       = 0;
  matrix_free.linear_tolerance      = 1e-12;
  matrix_free.max_linear_iterations = 1000;

  // 90 parameters, which are two blocks of the preconditioner. With more rows
  // than that a dense matrix is one of parameters, with less one of rows.
  for (const unsigned int n_rows : {150, 40})
    {
      const RowsObjective  objective = oscillations(30, n_rows);
      const Vector<double> start     = oscillations_start(30);
      const Path           path = follow(objective, start, dense, criteria);
      check("matrix-free, " + std::to_string(n_rows) + " rows",
            distance(path,
                     follow(objective, start, matrix_free, criteria),
                     path.points.size()),
            1e-6);
      check("decrease", path.result.value < 1e-2 * path.first_value);
    }

  // Ranks but the first own no row
  const RowsObjective::Row line =
    [](const unsigned int row, const Vector<double> &x, Vector<double> &g) {
      g    = 0.;
      g[0] = row;
      g[1] = 1.;
      return row * x[0] + x[1] - 3. * row - 1.;
    };
  criteria.max_iterations = 30;
  const Path fit =
    follow(RowsObjective(2, 1, line), Vector<double>(2), dense, criteria);
  check("one row for all ranks", fit.result.value < 1e-20);
}



void
check_restart()
{
  StoppingCriteria criteria;
  criteria.max_iterations            = 8;
  RowsObjective            objective = oscillations(3, 40);
  Vector<double>           x         = oscillations_start(3);
  LevenbergMarquardt       method({});
  const OptimizationResult whole = method.minimize(
    objective,
    x,
    criteria,
    [](const IterationState &state) -> std::optional<StopReason> {
      if (state.iteration == 4)
        {
          CheckpointWriter writer(MPI_COMM_WORLD, "checkpoint");
          state.save(writer);
          writer.close();
        }
      return {};
    });
  Vector<double>           y(9);
  CheckpointReader         reader(MPI_COMM_WORLD, "checkpoint");
  const OptimizationResult rest =
    method.minimize(objective, y, criteria, {}, &reader);
  check("restart",
        x == y && whole.value == rest.value &&
          whole.iterations == rest.iterations &&
          whole.evaluations == rest.evaluations);
}



/**
 * Rows that contradict each other, so that round-off ends all progress.
 */
RowsObjective
contradictions()
{
  return {
    2,
    5,
    [](const unsigned int row, const Vector<double> &x, Vector<double> &g) {
      const double a = std::sin(1. + row), b = std::cos(7. * row);
      g[0] = a * std::cosh(x[0]);
      g[1] = 2. * b * x[1];
      return a * std::sinh(x[0]) + b * x[1] * x[1] + 0.7 * a * a - 0.3;
    }};
}



void
check_auto()
{
  std::vector<std::string> said;
  const auto               listen = [&](const std::string &text) {
    said.push_back(text.substr(0, text.find_first_of(",0123456789")));
  };
  StoppingCriteria criteria;
  criteria.max_iterations = 2000;

  // To the very end, where line searches fail and another method takes over
  RowsObjective  objective = contradictions();
  Vector<double> x(2);
  x[0] = 1.;
  x[1] = 1.;
  const OptimizationResult without_auto =
    follow(objective, x, {}, criteria).result;
  const double best = without_auto.value;
  deallog << to_string(without_auto.reason) << std::endl;
  unsigned int       last     = 0;
  bool               in_order = true;
  double             seconds  = 0.;
  AutomaticOptimizer method(
    {}, MPI_COMM_WORLD, listen, memory_per_rank(MPI_COMM_WORLD));
  const OptimizationResult result = method.minimize(
    objective,
    x,
    criteria,
    [&](const IterationState &state) -> std::optional<StopReason> {
      in_order =
        in_order && (state.iteration == 0 || state.iteration == last + 1);
      last    = state.iteration;
      seconds = state.seconds;
      return {};
    });
  for (const std::string &text : said)
    deallog << text << std::endl;
  check("auto finds the minimum", result.value / best - 1., 1e-12);
  check("auto counts on",
        in_order && result.iterations == last &&
          result.evaluations == objective.n_evaluations &&
          result.seconds >= seconds);
  deallog << method.name() << std::endl;
}



/**
 * Ranks have different parts of the matrix, but must decide alike: here the
 * matrix fits on one rank and not on another.
 */
void
check_agreed_choice()
{
  const unsigned int n = 50;
  const double       own =
    SelfScaledBroyden({}, MPI_COMM_WORLD).memory_consumption(n);
  const double smallest = Utilities::MPI::min(own, MPI_COMM_WORLD);
  const double largest  = Utilities::MPI::max(own, MPI_COMM_WORLD);
  const bool   is_alone = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) == 1;
  check("ranks differ", is_alone || smallest < largest);

  AutomaticOptimizer method(
    {},
    MPI_COMM_WORLD,
    [](const std::string &) {},
    4. * (0.5 * smallest + 0.5 * largest));
  const std::string expected =
    is_alone ? SelfScaledBroyden::method_name : LBFGS::method_name;
  FunctionObjective objective = quadratic(n, 10.);
  Vector<double>    x(n);
  StoppingCriteria  criteria;
  criteria.max_iterations = 0;
  check("same memory on all ranks",
        Utilities::MPI::min(method.memory_consumption(n), MPI_COMM_WORLD) ==
          Utilities::MPI::max(method.memory_consumption(n), MPI_COMM_WORLD));
  method.minimize(objective, x, criteria, {});
  check("same choice on all ranks", method.name() == "auto (" + expected + ")");
}



/**
 * While an object exists, the rank @p rank cannot allocate more than two
 * megabytes.
 */
class ShortOfMemory
{
public:
  explicit ShortOfMemory(const unsigned int rank)
  {
    getrlimit(RLIMIT_AS, &before);
    if (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) != rank)
      return;
    taken.reserve(1 << 16);
    std::uint64_t n_pages = 0;
    std::ifstream("/proc/self/statm") >> n_pages;
    rlimit now   = before;
    now.rlim_cur = n_pages * sysconf(_SC_PAGESIZE) + (4 << 20);
    setrlimit(RLIMIT_AS, &now);
    // take what was freed before, too, and give two megabytes back
    while (void *const block = std::malloc(1 << 20))
      taken.push_back(block);
    for (unsigned int i = 0; i < 2 && !taken.empty(); ++i, taken.pop_back())
      std::free(taken.back());
  }

  ~ShortOfMemory()
  {
    setrlimit(RLIMIT_AS, &before);
    for (void *const block : taken)
      std::free(block);
  }

private:
  rlimit              before;
  std::vector<void *> taken;
};



/**
 * A rank that is short of memory must not leave others waiting, nor be taken
 * for a matrix that is not definite.
 */
void
check_memory()
{
  const unsigned int n = 900;
  RowsObjective      objective(
    n,
    n,
    [](const unsigned int row, const Vector<double> &x, Vector<double> &g) {
      g      = 0.;
      g[row] = 1.;
      return x[row] - 1.;
    });
  objective.linearize(Vector<double>(n));
  const auto system = make_damped_system(objective, {});
  system->assemble();
  {
    const ShortOfMemory fault(0);
    expect_error("for factors", [&]() { system->factorize(1.); });
  }
  check("later there is", system->factorize(1.));

  FunctionObjective large = quadratic(3000, 10.);
  Vector<double>    x(3000);
  StoppingCriteria  criteria;
  criteria.max_iterations = 0;
  const ShortOfMemory fault(Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) -
                            1);
  expect_error("for a matrix", [&]() {
    SelfScaledBroyden({}, MPI_COMM_WORLD).minimize(large, x, criteria, {});
  });
}



DERL_TEST(levenberg_marquardt)
{
  initlog();

  check_minima();
  check_spaces();
  check_restart();
  check_auto();
  check_agreed_choice();
  check_memory();
  FunctionObjective no_sum = quadratic(4, 10.);
  Vector<double>    x(4);
  try
    {
      LevenbergMarquardt({}).minimize(no_sum, x, {}, {});
      check("refuses other objectives", false);
    }
  catch (const std::exception &exception)
    {
      deallog << error_message(exception) << std::endl;
    }
}
} // namespace test_levenberg_marquardt
