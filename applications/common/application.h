// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_application_h
#define derl_applications_application_h

#include <derl/base/collective.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <common/command_line.h>

#include <array>
#include <string>

namespace derl
{
  /**
   * What main() of an application does: explain the application if there are no
   * arguments, or else read and check its options and call
   * @p run(communicator, command_line, parameters).
   *
   * @tparam Parameters with the functions declare_parameters(prm) and check().
   * @param purpose of the application, in a sentence or two.
   * @param name of the application, and of the file with all defaults,
   *   name.prm.
   */
  template <typename Parameters, typename Run>
  int
  run_application(const int          argc,
                  char             **argv,
                  const std::string &purpose,
                  const std::string &name,
                  const Run         &run)
  {
    // The arguments are ours. Libraries that start with MPI get the program's
    // name only: PETSc would tell that it did not use the others. Its options
    // are those of the environment, PETSC_OPTIONS.
    std::array<char *, 2> name_only = {{argv[0], nullptr}};
    return run_program(1, name_only.data(), [&](const MPI_Comm &communicator) {
      const CommandLine        command_line(argc, argv);
      Parameters               parameters;
      dealii::ParameterHandler prm;
      parameters.declare_parameters(prm);
      if (command_line.parameter_file.empty())
        return explain(communicator, command_line, purpose, name + ".prm", prm);
      read_parameters(communicator, command_line, prm);
      parameters.check();
      run(communicator, command_line, parameters);
    });
  }
} // namespace derl

#endif
