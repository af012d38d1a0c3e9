// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_program_program_h
#define derl_program_program_h

#include <derl/base/collective.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace derl
{
  class ParameterNames;



  /**
   * What all applications understand on their command line:
   * program file.prm [--evaluate model] [--resume model] [--restart]
   * [--set path=value]...
   */
  struct CommandLine
  {
    /**
     * Throws with a message that shows the usage on an unknown argument.
     */
    CommandLine(const int argc, char **argv);

    /**
     * The text that explains the program, @p purpose in a sentence or two.
     */
    std::string
    usage(const std::string &purpose) const;

    std::string program;
    /** Empty if the program was called without arguments. */
    std::string parameter_file;
    /** A model to evaluate instead of training, or empty. */
    std::string evaluate;
    /** A model whose parameters training starts from, or empty. */
    std::string resume;
    /** Whether to continue from a checkpoint in the output folder, if any. */
    bool restart = false;
    /** "Section/Subsection/Entry=value" */
    std::vector<std::string> settings;
  };

  /**
   * Parses texts of parameter files and settings of a command line. Errors
   * begin with where the text comes from, and end with how the program shows
   * what can be written; they leave the ParameterHandler in the middle of a
   * section, so that it is of no further use.
   */
  class ParameterParser
  {
  public:
    /**
     * Parse the entries that are declared in @p parameters by now.
     */
    ParameterParser(dealii::ParameterHandler &parameters,
                    const std::string        &program);

    /**
     * Parse the text of a file, which may not include others: all ranks would
     * read them, and a file that includes itself would never end. @p origin is
     * for error messages: "the file ...".
     */
    void
    parse(const std::string &text, const std::string &origin);

    /**
     * Parse "path=value".
     */
    void
    parse_setting(const std::string &setting);

  private:
    void
    refuse(const std::string &origin, const std::string &complaint) const;

    dealii::ParameterHandler                   &parameters;
    const std::string                           program;
    const std::shared_ptr<const ParameterNames> names;
  };

  /**
   * Read the parameter file of @p command_line on the first rank, parse it and
   * then the settings of the command line on all ranks. Errors name the file.
   * Collective.
   */
  void
  read_parameters(const MPI_Comm           &communicator,
                  const CommandLine        &command_line,
                  dealii::ParameterHandler &parameters);

  /**
   * What a program does that was called without arguments: explain itself,
   * and write an annotated parameter file with all defaults, unless a file of
   * that name exists. Collective.
   */
  void
  explain(const MPI_Comm                 &communicator,
          const CommandLine              &command_line,
          const std::string              &purpose,
          const std::string              &default_file,
          const dealii::ParameterHandler &parameters);



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
