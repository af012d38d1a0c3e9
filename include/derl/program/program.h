// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_program_program_h
#define derl_program_program_h

#include <derl/base/collective.h>

#include <derl/coupling/errors.h>

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/table_handler.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/mapping.h>

#include <deal.II/lac/trilinos_vector.h>

#include <deal.II/numerics/data_postprocessor.h>

#include <array>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
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



  /**
   * Names and values, in the order in which they are to be shown.
   */
  using Figures = std::vector<std::pair<std::string, double>>;

  /**
   * The figures of a run: what summary.json holds. See doc/summary.md for the
   * meaning of its keys.
   */
  struct Summary
  {
    std::string   problem;
    unsigned int  n_ranks      = 0;
    std::uint64_t n_samples    = 0;
    unsigned int  n_parameters = 0;
    unsigned int  seed         = 0;

    std::vector<SumOfSquares::TermValue> terms;
    std::vector<SumOfSquares::Misfit>    misfits;

    std::string  optimizer;
    std::string  stop_reason;
    unsigned int iterations  = 0;
    unsigned int evaluations = 0;
    /** The iteration whose parameters are those of the model. */
    unsigned int kept_iteration = 0;

    double seconds_reference  = 0;
    double seconds_sampling   = 0;
    double seconds_training   = 0;
    double seconds_evaluation = 0;

    /**
     * What was measured of "reference", "surrogate", and what else the problem
     * compares.
     */
    std::vector<std::pair<std::string, Figures>> figures;

    /** What can be said without an exact solution; nothing without a text. */
    Verdict verdict;
  };

  /**
   * Write summary.json into @p folder. Collective.
   */
  void
  write_summary(const MPI_Comm    &communicator,
                const std::string &folder,
                const Summary     &summary);

  /**
   * The entries of @p norms with their keys in summary.json.
   */
  Figures
  named(const ErrorNorms &norms);

  /**
   * A number in a table: whole numbers as they are, others to four or five
   * digits.
   */
  std::string
  short_text(const double number);

  /**
   * Write a table in Markdown, which is also easy to read as it is.
   */
  void
  write_markdown(const dealii::TableHandler &table, std::ostream &out);

  /**
   * Show what was measured: a row for each name, a column for each of
   * @p figures, and, if "reference" and "surrogate" are among them, one for
   * their ratio.
   */
  void
  print_figures(const dealii::ConditionalOStream                   &out,
                const std::vector<std::pair<std::string, Figures>> &figures);



  /**
   * Write fields.pvtu with its pieces, all fields of the postprocessor, into
   * @p folder, and in two dimensions fields.dat for draw_maps(). Collective.
   */
  template <int dim>
  void
  write_fields(const std::string                           &folder,
               const dealii::Mapping<dim>                  &mapping,
               const dealii::DoFHandler<dim>               &dof_handler,
               const dealii::TrilinosWrappers::MPI::Vector &solution,
               const dealii::DataPostprocessor<dim>        &postprocessor);

  /**
   * Run a gnuplot script with the given arguments in @p folder: one of the
   * library's, which are installed in share/derl/gnuplot and say in their first
   * lines what they draw, or one with a path. Where @p progress is active, that
   * is on the first rank, when all have written what is to be drawn; a missing
   * picture is no reason to lose a run's results, and a line tells why there is
   * none and how to draw it later.
   */
  void
  draw_picture(const std::string                &folder,
               const std::string                &script,
               const std::vector<std::string>   &arguments,
               const dealii::ConditionalOStream &progress);

  /**
   * A map of a quantity in a picture: what stands above it, and the quantity as
   * a gnuplot expression of the columns of fields.dat, which are x, y and the
   * fields of the postprocessor; "abs($3)" is the size of the first field.
   */
  struct FieldMap
  {
    std::string title;
    std::string quantity;
  };

  /**
   * Colours by a linear scale for each map, or by one logarithmic scale for all
   * maps, over four powers of ten.
   */
  enum class ColorScale
  {
    linear,
    logarithmic
  };

  /**
   * Draw name.png from fields.dat in @p folder, as draw_picture(): up to three
   * maps side by side, or in one column if the domain is more than twice as
   * wide as high.
   */
  void
  draw_maps(const std::string                &folder,
            const std::string                &name,
            const std::vector<FieldMap>      &maps,
            const ColorScale                  scale,
            const dealii::ConditionalOStream &progress);
} // namespace derl

#endif
