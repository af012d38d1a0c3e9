// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A student must learn the same from a teacher on any number of ranks; points
// must go to the teacher in whose region they are, and to none outside.

#include <derl/data/sources.h>

#include <derl/network/evaluator.h>

#include <derl/training/trainer.h>

#include <deal.II/base/conditional_ostream.h>

#include <cmath>
#include <sstream>

#include "../../source/base/communication.h"
#include "../check.h"

namespace test_teacher
{
using namespace dealii;
using namespace derl;

std::shared_ptr<Surrogate>
random_teacher(const unsigned int seed)
{
  NetworkParameters options;
  options.hidden = {8, 8};
  options.seed   = seed;
  auto teacher   = std::make_shared<Surrogate>(
    options, std::vector<std::string>{"x", "t"}, std::vector<std::string>{"u"});
  teacher->provenance.reference = "seed " + std::to_string(seed);
  teacher->provenance.box_lower = {0., 0.};
  teacher->provenance.box_upper = {1., 1.};
  return teacher;
}



/**
 * Every n-th of 97 points, from the given one on.
 */
std::vector<double>
points(const unsigned int begin, const unsigned int n)
{
  std::vector<double> x;
  for (unsigned int i = begin; i < 97; i += n)
    x.insert(x.end(), {std::fmod(i * 0.618034, 1.), (i + 0.5) / 97});
  return x;
}



const std::vector<std::string> entries = {"u_x", "u_t", "u_xxt", "u_xxxx"};

/**
 * The losses of the first ten iterations of a student of these points.
 */
std::vector<double>
losses(const MPI_Comm &communicator, const std::vector<double> &x)
{
  NetworkParameters options;
  options.hidden = {6};
  Surrogate          student(options, {"x", "t"}, {"u"});
  TrainingParameters parameters;
  parameters.optimizer.method        = "L-BFGS";
  parameters.stopping.max_iterations = 10;
  std::ostringstream log;
  Trainer            trainer(
    student, parameters, communicator, ConditionalOStream(log, false));
  const auto samples = std::make_shared<const Samples>(
    sample_teachers(communicator, {{random_teacher(42), {}}}, x, entries));
  trainer.add_term("derivatives", samples, match(entries));
  std::vector<double> values;
  trainer.observe(
    [&](const IterationState &state) { values.push_back(state.value); });
  trainer.train();
  return values;
}



void
check_student()
{
  const unsigned int rank    = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  const std::vector<double> alone = losses(MPI_COMM_SELF, points(0, 1));
  const std::vector<double> together =
    losses(MPI_COMM_WORLD, points(rank, n_ranks));
  double difference = alone.size() == together.size() ? 0. : 1.;
  for (unsigned int i = 0; i < std::min(alone.size(), together.size()); ++i)
    difference = std::max(difference, std::abs(together[i] / alone[i] - 1.));
  check("iterations", alone.size() == 11 && alone[10] < alone[0] / 2);
  check("the same student", difference, 1e-10);
}



void
check_regions()
{
  const auto                left    = random_teacher(30);
  const auto                right   = random_teacher(2025);
  const std::vector<double> x       = points(0, 1);
  const Samples             samples = sample_teachers(
    MPI_COMM_WORLD,
    {{left, [](const ArrayView<const double> &p) { return p[0] < 0.5; }},
                 {right, {}}},
    x,
    {"u", "u_xt"});
  deallog << samples.origin() << std::endl;

  double error = 0.;
  for (const auto &teacher : {left, right})
    {
      const Evaluator      evaluator(*teacher,
                                std::vector<std::string>{"u", "u_xt"});
      Evaluator::Workspace workspace(evaluator);
      std::vector<double>  results(samples.size() * 2);
      evaluator.evaluate(
        make_array_view(x), workspace, make_array_view(results));
      for (unsigned int i = 0; i < samples.size(); ++i)
        if ((samples.point(i)[0] < 0.5) == (teacher == left))
          for (unsigned int c = 0; c < 2; ++c)
            error = std::max(
              error, std::abs(samples.observations(i)[c] - results[2 * i + c]));
    }
  check("each point by its teacher", error, 1e-14);

  left->domain_lower = {0., 0.};
  left->domain_upper = {3., 1.};
  check(
    "a domain is larger than the training box",
    sample_teachers(MPI_COMM_WORLD, {{left, {}}}, {2., 0.5}, {"u"}).size() ==
      1);
  check("no points",
        sample_teachers(MPI_COMM_WORLD, {{left, {}}}, {}, {"u"}).size() == 0);
}



void
check_errors()
{
  const auto teacher = random_teacher(30);
  const auto sample  = [&](const std::vector<Teacher>     &teachers,
                          const std::vector<double>      &x,
                          const std::vector<std::string> &names) {
    sample_teachers(MPI_COMM_WORLD, teachers, x, names);
  };
  const bool is_first = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
  expect_error("outside on one rank", [&]() {
    sample({{teacher, {}}},
           is_first ? std::vector<double>{0.5, 1.5} : std::vector<double>(),
           {"u"});
  });
  expect_error("an unknown derivative", [&]() {
    sample({{teacher, {}}}, {}, {"u_y"});
  });
  expect_error("fifth derivatives", [&]() {
    sample({{teacher, {}}}, {}, {"u_xxxxx"});
  });
  expect_error("no teachers", [&]() { sample({}, {}, {"u"}); });
  const auto other  = random_teacher(30);
  other->components = {"v"};
  expect_error("another component", [&]() {
    sample({{teacher, {}}, {other, {}}}, {}, {"u"});
  });
}



DERL_TEST(teacher)
{
  initlog();
  check_student();
  check_regions();
  check_errors();
}
} // namespace test_teacher
