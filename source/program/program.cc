// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/program/program.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "parameter_names.h"

namespace derl
{
  using namespace dealii;

  CommandLine::CommandLine(const int argc, char **argv)
    : program(std::filesystem::path(argv[0]).filename().string())
  {
    for (int i = 1; i < argc; ++i)
      {
        const std::string argument = argv[i];
        const auto        next     = [&]() -> std::string {
          AssertThrow(i + 1 < argc,
                      ExcMessage("The option " + argument +
                                 " needs a value.\n" + usage("")));
          return argv[++i];
        };
        if (argument == "--evaluate")
          evaluate = next();
        else if (argument == "--resume")
          resume = next();
        else if (argument == "--restart")
          restart = true;
        else if (argument == "--set")
          {
            settings.push_back(next());
            const auto equals = settings.back().find('=');
            AssertThrow(
              equals != std::string::npos &&
                !Utilities::trim(settings.back().substr(0, equals)).empty(),
              ExcMessage("The option --set needs 'path=value', as "
                         "in --set \"Network/Random seed=42\", not '" +
                         settings.back() + "'."));
          }
        else
          {
            AssertThrow(
              argument.compare(0, 1, "-") != 0,
              ExcMessage("There is no option " + argument + ".\n" + usage("")));
            AssertThrow(parameter_file.empty(),
                        ExcMessage("Give one parameter file, not '" +
                                   parameter_file + "' and '" + argument +
                                   "'.\n" + usage("")));
            parameter_file = argument;
          }
      }
    AssertThrow(argc == 1 || !parameter_file.empty(),
                ExcMessage("The parameter file is missing.\n" + usage("")));
    AssertThrow(evaluate.empty() || (resume.empty() && !restart),
                ExcMessage("--evaluate does not train: leave out --resume and "
                           "--restart."));
  }



  std::string
  CommandLine::usage(const std::string &purpose) const
  {
    std::ostringstream text;
    if (!purpose.empty())
      text << purpose << "\n\n";
    text << "Usage: mpirun -np N " << program
         << " parameters.prm [options]\n"
            "  --evaluate model.json   do not train: measure this model\n"
            "  --resume model.json     start training from this model's "
            "parameters\n"
            "  --restart               go on from the checkpoint in the output "
            "folder, if any\n"
            "  --set \"path=value\"      override an entry of the file, as in\n"
            "                          --set \"Network/Random seed=42\"";
    return text.str();
  }



  ParameterParser::ParameterParser(ParameterHandler  &parameters,
                                   const std::string &program)
    : parameters(parameters)
    , program(program)
    , names(std::make_shared<const ParameterNames>(parameters))
  {
  }



  void
  ParameterParser::refuse(const std::string &origin,
                          const std::string &complaint) const
  {
    AssertThrow(false,
                ExcMessage("In " + origin + ": " + complaint + "\nRun " +
                           program +
                           " without arguments for a file with all entries "
                           "and what they mean."));
  }



  void
  ParameterParser::parse(const std::string &text, const std::string &origin)
  {
    // the parser's messages would show such a line as it is
    if (std::any_of(text.begin(), text.end(), [](const unsigned char c) {
          return std::iscntrl(c) != 0 && std::isspace(c) == 0;
        }))
      refuse(origin, "this is not a text, but binary data.");
    const unsigned int line = ParameterNames::line_of_include(text);
    if (line > 0)
      refuse(origin,
             "line " + std::to_string(line) +
               ": other files cannot be included. Write their entries into "
               "this one.");
    try
      {
        parameters.parse_input_from_string(text);
      }
    catch (const std::exception &error)
      {
        const std::string complaint = names->complaint(text);
        refuse(origin, complaint.empty() ? error_message(error) : complaint);
      }
  }



  void
  ParameterParser::parse_setting(const std::string &setting)
  {
    const std::string origin = "--set '" + setting + "'";
    const auto        equals = setting.find('=');
    std::string       opening, closing;
    auto path = Utilities::split_string_list(setting.substr(0, equals), '/');
    const std::string entry = path.back();
    path.pop_back();
    const std::string complaint = names->complaint(path, entry);
    if (!complaint.empty())
      refuse(origin, complaint);
    for (const std::string &section : path)
      {
        opening += "subsection " + section + "\n";
        closing += "end\n";
      }
    parse(opening + "set " + entry + " = " + setting.substr(equals + 1) + "\n" +
            closing,
          origin);
  }



  void
  read_parameters(const MPI_Comm    &communicator,
                  const CommandLine &command_line,
                  ParameterHandler  &parameters)
  {
    ParameterParser parser(parameters, command_line.program);
    parser.parse(
      read_file(communicator, command_line.parameter_file, "parameter file"),
      "the parameter file '" + command_line.parameter_file + "'");
    for (const std::string &setting : command_line.settings)
      parser.parse_setting(setting);
  }



  void
  explain(const MPI_Comm         &communicator,
          const CommandLine      &command_line,
          const std::string      &purpose,
          const std::string      &default_file,
          const ParameterHandler &parameters)
  {
    run_collectively(communicator, [&]() {
      if (Utilities::MPI::this_mpi_process(communicator) != 0)
        return;
      std::cout << command_line.usage(purpose) << std::endl << std::endl;
      if (std::filesystem::exists(default_file))
        {
          std::cout << "The file " << default_file
                    << " exists and was left as it is." << std::endl;
          return;
        }
      std::ostringstream text;
      parameters.print_parameters(
        text, ParameterHandler::PRM | ParameterHandler::KeepDeclarationOrder);
      write_file_atomically(default_file, text.str());
      std::cout << "Wrote " << default_file
                << " with all entries, their meaning and their defaults."
                << std::endl;
    });
  }
} // namespace derl
