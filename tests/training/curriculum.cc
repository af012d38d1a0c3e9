// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Stages must see the samples that their names say, teach the next one, leave
// a table that is right, and go on bitwise where they were interrupted.

#include <derl/data/sources.h>

#include <derl/network/evaluator.h>

#include <derl/training/curriculum.h>

#include <deal.II/base/utilities.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "../../source/training/stage_samples.h"
#include "../check.h"

namespace test_curriculum
{
using namespace dealii;
using namespace derl;

/**
 * u = sin(3 x + t), with two sets of samples.
 */
Curriculum::Problem
make_problem(const MPI_Comm &communicator)
{
  const unsigned int rank  = Utilities::MPI::this_mpi_process(communicator);
  const unsigned int ranks = Utilities::MPI::n_mpi_processes(communicator);
  const auto         table = [&](const unsigned int n, const double shift) {
    const FieldNames names({"x", "t"}, {"u"});
    auto             samples = std::make_shared<Samples>(
      2,
      names.parse(std::vector<std::string>{"u", "u_x", "u_t"}),
      "sine",
      std::vector<std::string>{"set"});
    for (unsigned int i = rank; i < n; i += ranks)
      {
        const std::vector<double> p = {std::fmod(shift + i * 0.618034, 1.),
                                       (i + 0.5) / n};
        const double              s = std::sin(3. * p[0] + p[1]),
                     c              = std::cos(3. * p[0] + p[1]);
        const std::vector<double> u = {s, 3. * c, c};
        const std::vector<double> set(1, p[0] < 0.5 ? 1. : 2.);
        samples->add(
          make_array_view(p), make_array_view(u), 1., make_array_view(set));
      }
    return std::shared_ptr<const Samples>(samples);
  };
  Curriculum::Problem problem;
  problem.samples   = {{"interior", table(150, 0.)}, {"few", table(20, 0.3)}};
  problem.test      = table(200, 0.1);
  problem.equation  = "transport";
  problem.residuals = {
    {"transport",
     residual_with_derivatives<1>(
       {"u_x", "u_t"},
       [](const auto &jet, const auto &, const auto &, auto &derivatives) {
         derivatives[0] = {{1., -3.}};
         return std::array<double, 1>{{jet[0] - 3. * jet[1]}};
       })}};
  return problem;
}



struct Run
{
  CurriculumParameters parameters;
  TrainingParameters   training;
  std::ostringstream   log;

  Run()
  {
    parameters.regions = "x < 0.5 | set = 2";
    parameters.terms   = "interior: gradient; few: value; old interior: value; "
                         "old interior: gradient";
    training.stopping.max_iterations        = 60;
    training.stopping.stagnation_iterations = 0;
    training.stopping.max_seconds           = 0.;
    training.checkpoint_iterations          = 20;
    training.optimizer.method               = "self-scaled Broyden";
  }

  static Surrogate
  network()
  {
    NetworkParameters options;
    options.hidden = {8, 8};
    return Surrogate(options, {"x", "t"}, {"u"});
  }

  ForgettingTable
  operator()(const MPI_Comm    &communicator,
             const std::string &folder,
             const bool         restart = false)
  {
    surrogate = network();
    Curriculum curriculum(communicator,
                          parameters,
                          training,
                          folder,
                          ConditionalOStream(log, true));
    return curriculum.run(make_problem(communicator), surrogate, restart);
  }

  Surrogate surrogate;
};



void
check_regions()
{
  const std::vector<std::string> names = {"x", "t"};
  const std::vector<double>      p     = {0.5, -1.};
  for (const auto &[text, expected] :
       std::vector<std::pair<std::string, bool>>{{"all", true},
                                                 {"x <= 0.5", true},
                                                 {"x < 0.5", false},
                                                 {"x = 0.5", true},
                                                 {"x >= 0.5 and t < 0", true},
                                                 {"x >= 0.5 and t > -1", false},
                                                 {"t > -1.5", true}})
    check(text, Region(text).contains(names, make_array_view(p)) == expected);
  for (const std::string text :
       {"", "x", "x < 1 or t < 1", "x < 1 and", "x ~ 1", "x < nan"})
    expect_error("region '" + text + "'", [&]() { Region region(text); });
  expect_error("unknown",
               [&]() { Region("y < 1").contains(names, make_array_view(p)); });
}



/**
 * Three regions that are learned one after the other, in closed form.
 */
void
check_figures()
{
  ForgettingTable table;
  table.quantities = {"value"};
  table.regions    = {"a", "b", "c"};
  table.start      = {{1.}, {2.}, {4.}};
  table.stages     = {{{0}, {{.1}, {1.}, {2.}}, 0, 0., 0.},
                      {{1}, {{.05}, {.1}, {1.}}, 0, 0., 0.},
                      {{2}, {{.2}, {.8}, {.1}}, 0, 0., 0.}};
  // a: 0.1 -> 0.2, best 0.05; b: 0.1 -> 0.8; forward: b 2 -> 1, c 4 -> 1
  check("forgetting", std::abs(table.forgetting(0) - 4.), 1e-14);
  check("since best",
        std::abs(table.forgetting_since_best(0) - std::sqrt(32.)),
        1e-14);
  check("forward", std::abs(table.forward_transfer(0) - std::sqrt(8.)), 1e-14);
  table.stages.resize(1);
  check("one stage", table.forgetting(0) == 1.);
}



/**
 * The errors of the table are those of the model in the stage's folder.
 */
void
check_errors(const ForgettingTable &table, const std::string &folder)
{
  const Curriculum::Problem problem = make_problem(MPI_COMM_WORLD);
  const Surrogate model = load(MPI_COMM_WORLD, folder + "/stage_1/model.json");
  const Evaluator evaluator(model, {"u", "u_x", "u_t"});
  Evaluator::Workspace workspace(evaluator);
  const Samples       &test = *problem.test;
  std::vector<double>  jets(3 * test.size());
  evaluator.evaluate(
    make_array_view(test.points()), workspace, make_array_view(jets));
  // of the second region: errors and sizes of value and gradient, residual
  std::vector<double> sums(6);
  for (unsigned int i = 0; i < test.size(); ++i)
    if (test.point(i)[0] >= 0.5)
      {
        const double *const u = test.observations(i);
        const double *const v = &jets[3 * i];
        sums[0] += std::pow(v[0] - u[0], 2);
        sums[1] += u[0] * u[0];
        sums[2] += std::pow(v[1] - u[1], 2) + std::pow(v[2] - u[2], 2);
        sums[3] += u[1] * u[1] + u[2] * u[2];
        sums[4] += std::pow(v[1] - 3. * v[2], 2);
        sums[5] += 1.;
      }
  Utilities::MPI::sum(sums, MPI_COMM_WORLD, sums);
  for (unsigned int q = 0; q < 3; ++q)
    {
      const double expected = std::sqrt(sums[2 * q] / sums[2 * q + 1]);
      check("measured " + table.quantities[q],
            std::abs(table.stages[0].errors[1][q] - expected),
            1e-10 * expected);
    }
}



void
check_strategies()
{
  Run                   derivatives;
  const ForgettingTable kept = derivatives(MPI_COMM_WORLD, "curriculum_kept");
  check("three quantities", kept.quantities.size() == 3);
  check("two stages", kept.stages.size() == 2);
  check("learned", kept.stages[0].errors[0][1] < 0.05);
  check("and the next", kept.stages[1].errors[1][1] < 0.05);
  check("kept", kept.forgetting(0) < 3.);
  check("box",
        derivatives.surrogate.provenance.box_lower[0] < 0.05 &&
          derivatives.surrogate.provenance.box_upper[0] > 0.95);
  check_errors(kept, "curriculum_kept");

  const auto forgetting = [&](const std::string &terms, const double elastic) {
    Run run;
    run.parameters.terms          = terms;
    run.parameters.elastic_weight = elastic;
    return run(MPI_COMM_WORLD, "curriculum_other").forgetting(0);
  };
  const double none = forgetting("interior: gradient; few: value", 0.);
  check("forgotten", none > 5. * kept.forgetting(0));
  check("elastic",
        forgetting("interior: gradient; few: value", 100.) < 0.8 * none);
  check("replay",
        forgetting("interior: gradient; few: value; replay interior: gradient; "
                   "replay interior: value",
                   0.) < 0.5 * none);
  check("all",
        forgetting("all interior: gradient; all few: value", 0.) < 0.5 * none);
}



/**
 * A stage's number of iterations follows from its work: 75 points in the region
 * (of each half of 150), three entries, and ten points, one entry.
 */
void
check_work()
{
  Run run;
  run.parameters.stages = "1 + 2";
  run.parameters.terms  = "interior: gradient; few: value";
  run.parameters.work   = 2350.;
  const auto one        = run(MPI_COMM_WORLD, "curriculum_work");
  check("one stage", one.stages.size() == 1);
  check("five iterations", one.stages[0].iterations == 5);
  check("work", one.stages[0].work >= 2350. && one.stages[0].work < 4700.);

  Run wider;
  wider.parameters.starts     = "fresh | 12, 8";
  wider.parameters.iterations = "10 | 5";
  wider.parameters.methods    = "Adam | L-BFGS";
  const auto table            = wider(MPI_COMM_WORLD, "curriculum_wider");
  check("wider", wider.surrogate.architecture.hidden[0] == 12);
  check("iterations",
        table.stages[0].iterations == 10 && table.stages[1].iterations == 5);
  check("methods",
        wider.log.str().find("Adam") != std::string::npos &&
          wider.log.str().find("L-BFGS") != std::string::npos);
}



bool
equal(const ForgettingTable &a, const ForgettingTable &b)
{
  bool result = a.start == b.start && a.stages.size() == b.stages.size();
  for (unsigned int i = 0; result && i < a.stages.size(); ++i)
    result = a.stages[i].errors == b.stages[i].errors &&
             a.stages[i].iterations == b.stages[i].iterations &&
             a.stages[i].work == b.stages[i].work;
  return result;
}



void
remove_on_first_rank(const std::string &file)
{
  if (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    std::remove(file.c_str());
  MPI_Barrier(MPI_COMM_WORLD);
}



void
check_restart()
{
  const std::string folder = "curriculum_restart";
  for (const std::string points : {"stored", "resampled", "mismatch"})
    {
      Run run;
      run.parameters.draw_interval = 15;
      run.parameters.regions       = "x < 0.5 | x >= 0.5";
      run.parameters.old_points    = points;
      const ForgettingTable whole  = run(MPI_COMM_WORLD, folder);
      check("all is there", equal(run(MPI_COMM_WORLD, folder, true), whole));
      check("nothing was trained again",
            run.log.str().find("Stage 2 is complete.") != std::string::npos);
      // as if it was killed in the second stage after a checkpoint
      remove_on_first_rank(folder + "/stage_2/stage.json");
      check("half of it is there",
            equal(run(MPI_COMM_WORLD, folder, true), whole));
      // or before one
      remove_on_first_rank(folder + "/stage_2/stage.json");
      remove_on_first_rank(folder + "/stage_2/checkpoint.derl");
      remove_on_first_rank(folder + "/stage_2/checkpoint.derl.previous");
      check("no checkpoint", equal(run(MPI_COMM_WORLD, folder, true), whole));
    }
  Run other;
  other.parameters.replay_fraction = 0.5;
  try
    {
      other(MPI_COMM_WORLD, folder, true);
      check("other options are refused", false);
    }
  catch (const AgreedError &error)
    {
      check("other options are refused",
            error_message(error).find("had other options") !=
              std::string::npos);
    }
  for (const std::string text : {"{", "[1]", "{\"description\": 3}"})
    {
      if (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
        std::ofstream(folder + "/stage_1/stage.json") << text;
      MPI_Barrier(MPI_COMM_WORLD);
      Run run;
      try
        {
          run(MPI_COMM_WORLD, folder, true);
          check("a damaged file is refused", false);
        }
      catch (const AgreedError &error)
        {
          check("a damaged file is refused",
                error_message(error).find("Remove the folder") !=
                  std::string::npos);
        }
    }
}



void
check_messages()
{
  const auto expect = [](const std::string                &what,
                         const std::function<void(Run &)> &change) {
    expect_error(what, [&]() {
      Run run;
      run.training.stopping.max_iterations = 1;
      change(run);
      run(MPI_COMM_WORLD, "curriculum_messages");
    });
  };
  expect("region 3", [](Run &run) { run.parameters.stages = "1 | 3"; });
  expect("first start", [](Run &run) { run.parameters.starts = "previous"; });
  expect("no samples",
         [](Run &run) { run.parameters.regions = "x < 0.5 | x > 2"; });
  expect("iterations", [](Run &run) { run.parameters.iterations = "x"; });
  expect("unknown samples",
         [](Run &run) { run.parameters.terms = "young interior: value"; });
  expect("sets cannot be drawn", [](Run &run) {
    run.parameters.regions    = "set = 1 | set = 2";
    run.parameters.old_points = "resampled";
  });
  expect("points", [](Run &run) { run.parameters.old_points = "stored | x"; });
  expect("narrower", [](Run &run) { run.parameters.starts = "fresh | 4, 4"; });
}



/**
 * Points that are chosen where two surrogates differ: with the density that is
 * asked for, with weights that keep means, on any number of ranks.
 */
void
check_mismatch()
{
  NetworkParameters options;
  options.hidden = {8, 8};
  options.seed   = 1;
  const Surrogate teacher(options, {"x", "t"}, {"u"});
  Surrogate       student(teacher);
  student.parameters[0] += 2.;
  const std::vector<std::string> entries = {"u"};

  const unsigned int  rank  = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int  ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  constexpr unsigned  n_candidates = 20000, n = 4000;
  std::vector<double> points;
  for (unsigned int i = rank; i < n_candidates; i += ranks)
    {
      points.push_back(std::fmod(i * 0.618034, 1.));
      points.push_back((i + 0.5) / n_candidates);
    }
  const auto everywhere = [](const ArrayView<const double> &) { return true; };
  const Samples candidates =
    sample_teachers(MPI_COMM_WORLD,
                    {{std::make_shared<const Surrogate>(teacher), everywhere}},
                    points,
                    entries);
  const Samples chosen =
    choose_by_mismatch(MPI_COMM_WORLD, candidates, student, n, 30);

  // count, and sums of the weights, of the distance in the values and of its
  // square, without and with weights; of the coordinates
  const auto sums_of = [&](const Samples &samples) {
    const Evaluator      evaluator(student, entries);
    Evaluator::Workspace workspace(evaluator);
    std::vector<double>  jets(samples.size()), sums(5);
    evaluator.evaluate(
      make_array_view(samples.points()), workspace, make_array_view(jets));
    for (unsigned int i = 0; i < samples.size(); ++i)
      {
        const double d = std::abs(jets[i] - samples.observations(i)[0]);
        sums[0] += 1.;
        sums[1] += samples.weight(i);
        sums[2] += d;
        sums[3] += samples.weight(i) * d * d;
        sums[4] += samples.point(i)[0];
      }
    Utilities::MPI::sum(sums, MPI_COMM_WORLD, sums);
    return sums;
  };
  const auto all = sums_of(candidates), some = sums_of(chosen);
  check("as many as wanted", some[0] == n);
  check("sum of the weights", std::abs(some[1] / all[1] - 1.), 0.02);
  check("weighted mean", std::abs(some[3] / all[3] - 1.), 0.05);
  // the mean of d over points whose density grows as d / (mean of d) + 1
  const double mean     = all[2] / all[0];
  const double expected = (all[3] / all[0] / mean + mean) / 2.;
  check("they lie where the mismatch is",
        std::abs(some[2] / some[0] / expected - 1.),
        0.02);
  check("and that is elsewhere", expected > 1.05 * mean);
  deallog << "mean of x: " << some[4] / some[0] << std::endl;
  deallog << "of all: " << all[4] / all[0] << ", distance " << all[2] / all[0]
          << ", of the chosen ones " << some[2] / some[0] << std::endl;

  // where all agree, all are alike
  const auto any =
    sums_of(choose_by_mismatch(MPI_COMM_WORLD, candidates, teacher, n, 30));
  check("without a mismatch",
        std::abs(any[2] / any[0] / (all[2] / all[0]) - 1.),
        0.05);
}



DERL_TEST(curriculum)
{
  initlog();
  check_mismatch();
  check_regions();
  check_figures();
  check_strategies();
  check_work();
  check_restart();
  check_messages();
}
} // namespace test_curriculum
