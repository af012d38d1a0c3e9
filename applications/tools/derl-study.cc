// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Run a program many times, with several parameter files, settings and seeds,
// and make one table and one picture of what comes of it.

#include <derl/base/collective.h>

#include <derl/program/program.h>

#include <deal.II/base/exceptions.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "study_plan.h"
#include "study_runs.h"
#include "study_table.h"

using namespace dealii;
using namespace derl;

namespace
{
  const std::string usage =
    "Usage: derl-study STUDY.prm [--set \"path=value\"]... COMMAND...\n\n"
    "Runs a program of this library, COMMAND as in \"mpirun -np 2 ./program\", "
    "many times, and makes\na table and a picture of what comes of it. A study "
    "that was interrupted goes on when it is\nstarted again. STUDY.prm says "
    "which parameter files, settings and seeds; it has the entries that\n"
    "derl-study writes without arguments.\n";



  void
  study(const int argc, char **argv)
  {
    StudyParameters  parameters;
    ParameterHandler prm;
    parameters.declare_parameters(prm);
    if (argc == 1)
      {
        std::cerr << usage;
        prm.print_parameters(std::cout,
                             ParameterHandler::PRM |
                               ParameterHandler::KeepDeclarationOrder);
        return;
      }
    const std::filesystem::path path = argv[1];
    std::ifstream               file(path);
    AssertThrow(
      file, ExcMessage("There is no file '" + path.string() + "'.\n" + usage));
    ParameterParser parser(prm, "derl-study");
    parser.parse({std::istreambuf_iterator<char>(file), {}},
                 "the study '" + path.string() + "'");
    int next = 2;
    for (; next + 1 < argc && argv[next] == std::string("--set"); next += 2)
      parser.parse_setting(argv[next + 1]);
    AssertThrow(next < argc,
                ExcMessage("The command to be run is missing.\n" + usage));

    StudyPlan plan = make_plan(
      parameters, path.parent_path().string(), {argv + next, argv + argc});
    run_study(plan, parameters.n_at_once, std::cout);
    write_study(parameters, plan, std::cout);
  }
} // namespace



int
main(int argc, char **argv)
{
  // not run_program(): MPI belongs to the runs
  try
    {
      study(argc, argv);
      return 0;
    }
  catch (const std::exception &error)
    {
      std::cerr << error_message(error) << std::endl;
      return 1;
    }
}
