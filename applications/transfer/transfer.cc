// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Learn a physical model in stages, each of which adds a part of the domain, a
// time slab or parameters, while the surrogate of the stage before teaches what
// it knows; and measure what is forgotten.

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/utilities.h>

#include <algorithm>
#include <string>

#include "problems.h"

using namespace dealii;
using namespace derl;

struct TransferParameters : RunParameters
{
  TransferParameters()
    : RunParameters("output/transfer")
  {
    curriculum.regions.clear();
    curriculum.old_points = "stored";
  }

  std::string          problem  = "allen_cahn_domain";
  unsigned int         n_points = 1000;
  std::string          strategy = "old interior: value; old interior: gradient";
  bool                 at_once  = false;
  std::string          order    = "forward";
  CurriculumParameters curriculum;

protected:
  void
  declare_problem(ParameterHandler &prm) override
  {
    prm.add_parameter("Problem",
                      problem,
                      "What is learned in which stages, see doc/transfer.md.",
                      Patterns::Selection(transfer_problems("|")));
    prm.add_parameter("Points",
                      n_points,
                      "Random points in the whole domain, for each parameter.",
                      Patterns::Integer(1));
    prm.add_parameter("Strategy",
                      strategy,
                      "Terms that keep what earlier stages have learned, added "
                      "to those of the problem: 'old interior: gradient', "
                      "'replay interior: equation', or nothing.");
    prm.add_parameter(
      "At once", at_once, "Whether all stages are one, for comparison.");
    prm.add_parameter("Order",
                      order,
                      "Of the stages: as they are, from the last to the first, "
                      "or there and back again to the first.",
                      Patterns::Selection("forward|backward|there and back"));
    prm.enter_subsection("Curriculum");
    curriculum.declare_parameters(prm);
    prm.leave_subsection();
  }
};

std::string
in_order(const std::string &stages, const std::string &order)
{
  auto       entries = Utilities::split_string_list(stages, '|');
  const auto forward = entries;
  if (order == "backward")
    std::reverse(entries.begin(), entries.end());
  if (order == "there and back" && !forward.empty())
    entries.insert(entries.end(), forward.rbegin() + 1, forward.rend());
  std::string result;
  for (const std::string &entry : entries)
    result += (result.empty() ? "" : " | ") + entry;
  return result;
}

void
learn_in_stages(const MPI_Comm           &communicator,
                const CommandLine        &command_line,
                const TransferParameters &parameters)
{
  TransferProblem problem = make_transfer_problem(
    communicator, parameters.problem, parameters.n_points, 30);
  TrainingRun run(communicator,
                  command_line,
                  parameters,
                  problem.description,
                  problem.coordinates,
                  {"u"},
                  OutputMap(),
                  problem.input_map);

  CurriculumParameters curriculum = parameters.curriculum;
  if (curriculum.regions.empty())
    {
      curriculum.regions = problem.curriculum.regions;
      if (curriculum.stages.empty())
        curriculum.stages = problem.curriculum.stages;
    }
  if (curriculum.stages.empty())
    for (unsigned int i = 1;
         i <= Utilities::split_string_list(curriculum.regions, '|').size();
         ++i)
      curriculum.stages += (i > 1 ? " | " : "") + std::to_string(i);
  curriculum.stages    = in_order(curriculum.stages, parameters.order);
  const bool goes_back = parameters.order == "backward";
  if (curriculum.terms.empty())
    curriculum.terms = goes_back && !problem.backward_terms.empty()
                         ? problem.backward_terms
                         : problem.curriculum.terms;
  // what is known at the end in time is for those who begin there
  problem.problem.samples.erase(goes_back ? "initial" : "final");
  if (parameters.at_once)
    std::replace(curriculum.stages.begin(), curriculum.stages.end(), '|', '+');
  if (!parameters.strategy.empty())
    curriculum.terms += "; " + parameters.strategy;

  run.record(run.train_in_stages(curriculum, problem.problem, "exact samples"));
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<TransferParameters>(
    argc,
    argv,
    "Learns a physical model in stages, new parts of a domain, new times or "
    "new "
    "parameters,\nwhile the surrogate so far teaches the next one, and "
    "measures what is forgotten.",
    "transfer",
    learn_in_stages);
}
