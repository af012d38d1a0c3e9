// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Mistakes of a user in the command line and in the parameter file are told by
// the same message on all ranks, before anything is computed; bad_input.sh
// tests what the program makes of a message.


#include <derl/program/program.h>

#include <filesystem>
#include <fstream>

#include "../../check.h"
#include "allen_cahn_parameters.h"

namespace test_bad_options
{
using namespace dealii;
using namespace derl;

/**
 * What the program does with its arguments before it computes.
 */
void
read_options(const std::vector<std::string> &arguments)
{
  std::vector<std::string> words = {"allen_cahn"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char *> argv;
  for (std::string &word : words)
    argv.push_back(word.data());
  const CommandLine   command_line(argv.size(), argv.data());
  AllenCahnParameters parameters;
  ParameterHandler    prm;
  parameters.declare_parameters(prm);
  read_parameters(MPI_COMM_WORLD, command_line, prm);
  parameters.check();
}



/**
 * The message for these arguments contains all @p phrases, and is the same on
 * all ranks. It is returned.
 */
std::string
bad(const std::vector<std::string> &phrases,
    const std::vector<std::string> &arguments)
{
  std::string message = "NO ERROR";
  try
    {
      read_options(arguments);
    }
  catch (const std::exception &error)
    {
      message = error_message(error);
    }
  std::string call;
  for (const std::string &argument : arguments)
    call += (call.empty() ? "" : " ") + argument;
  bool good = true;
  for (const std::string &phrase : phrases)
    good = good && message.find(phrase) != std::string::npos;
  check(call, good);
  if (!good)
    deallog << message << std::endl;
  for (const std::string &other :
       Utilities::MPI::all_gather(MPI_COMM_WORLD, message))
    if (other != message)
      deallog << "DIFFERENT: " << other << std::endl;
  return message;
}



/**
 * The same for an entry of the parameter file.
 */
std::string
bad_setting(const std::vector<std::string> &phrases, const std::string &setting)
{
  return bad(phrases, {"tiny.prm", "--set", setting});
}



void
write(const std::string &file, const std::string &text)
{
  std::ofstream(file, std::ios::binary) << text;
}



void
write_files()
{
  if (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    {
      const std::string reference =
        "subsection Reference\n  set Global refinements = 1\nend\n";
      const std::string network =
        "subsection Network\n  set Hidden layers = 4, 4\nend\n";
      write("tiny.prm", reference + network);
      write("binary.prm", std::string("PK\3\4\0\1set Dimension = 2\n", 24));
      write("words.prm", "Dimension = 2\n");
      write("itself.prm", "include itself.prm\n");
      write("continued.prm", "in\\\nclude itself.prm # really\n");
      write("unbalanced.prm",
            reference + network.substr(0, network.size() - 4));
      write("entry.prm",
            reference + "subsection Network\n  set Hiden layers = 4, 4\nend\n");
      write("section.prm",
            reference + "subsection Netwerk\n  set Hidden layers = 4\nend\n");
      write("end.prm", reference.substr(0, reference.size() - 4) + network);
      std::filesystem::create_directory("folder.prm");
    }
  MPI_Barrier(MPI_COMM_WORLD);
}



void
check_command_line()
{
  bad({"There is no option --refine", "Usage: mpirun"},
      {"tiny.prm", "--refine"});
  bad({"The option --set needs a value"}, {"tiny.prm", "--set"});
  bad({"The option --evaluate needs a value"}, {"tiny.prm", "--evaluate"});
  for (const std::string setting : {"Dimension", "=3", " = 3"})
    bad_setting({"needs 'path=value'"}, setting);
  bad({"Give one parameter file"}, {"tiny.prm", "tiny.prm"});
  bad({"The parameter file is missing"}, {"--set", "Dimension=2"});
  bad({"leave out --resume"},
      {"tiny.prm", "--resume", "model.json", "--evaluate", "model.json"});
  bad({"leave out --resume and --restart"},
      {"tiny.prm", "--restart", "--evaluate", "model.json"});
}



void
check_files()
{
  bad({"'none.prm' does not exist"}, {"none.prm"});
  bad({"'folder.prm' is not a regular file"}, {"folder.prm"});
  bad({"'binary.prm': this is not a text"}, {"binary.prm"});
  bad({"could not be parsed"}, {"words.prm"});
  // a parser that follows would do so until the stack is full
  bad({"line 1: other files cannot be included"}, {"itself.prm"});
  bad({"line 2: other files cannot be included"}, {"continued.prm"});
  bad({"unequal numbers of 'subsection' and 'end'"}, {"unbalanced.prm"});
  bad({"In the parameter file 'entry.prm': line 5: There is no entry 'Hiden "
       "layers' in the section 'Network'. Did you mean 'Network/Hidden "
       "layers'?",
       "There are the entries 'Hidden layers', 'Activation',"},
      {"entry.prm"});
  bad({"line 4: There is no section 'Netwerk' outside of the sections. Did you "
       "mean 'Network'?"},
      {"section.prm"});
  bad({"line 3: There is no section 'Network' in the section 'Reference'",
       "Is an 'end' missing before this line?"},
      {"end.prm"});
}



void
check_names()
{
  bad_setting({"There is no section 'Refernce' outside of the sections. Did "
               "you mean 'Reference'?"},
              "Refernce/Lambda=1");
  bad_setting({"There is no entry 'Random seed' outside of the sections. Did "
               "you mean 'Samples/Random seed' or 'Network/Random seed'?"},
              "Random seed=42");
  bad_setting({"There is no entry 'Network' outside of the sections, but a "
               "section of that name.",
               "In it are the entries 'Hidden"},
              "Network=3");
  check("nothing is similar",
        bad_setting({"There are the sections 'Reference', "}, "Tolerance=1")
            .find("Did you mean") == std::string::npos);
}



void
check_values()
{
  for (const std::string setting : {"Network/Hidden layers=0",
                                    "Network/Hidden layers=2.5",
                                    "Network/Hidden layers=8, -3",
                                    "Network/Hidden layers=abc",
                                    "Network/Hidden layers=",
                                    "Network/Activation=relu",
                                    "Reference/Lambda=-1",
                                    "Reference/Finite element degree=0",
                                    "Training/Maximal number of iterations=-1",
                                    "Training/Method=SGD",
                                    "Training/Validation fraction=1.5",
                                    "Training/Adam/Schedule=linear",
                                    "Reference/Distortion=0.5",
                                    "Samples/Noise=-0.1",
                                    "Dimension=1"})
    bad_setting({"does not match the given pattern"}, setting);
  for (const std::string weight : {"-1", "nan"})
    bad_setting({"is not a finite number"},
                "Training/Terms=interior: gradient: " + weight);
  bad_setting({"There are no samples 'inside', only: interior, boundary"},
              "Training/Terms=inside: gradient");
  bad_setting({"Cannot read the term 'gradient'"}, "Training/Terms=gradient");
  bad_setting({"There are no terms"}, "Training/Terms=");

  // entries that do not fit together
  bad({"A solution of degree 1 has no second derivatives"},
      {"tiny.prm",
       "--set",
       "Reference/Finite element degree=1",
       "--set",
       "Training/Terms=interior: Hessian"});
  bad_setting({"'Continuation lambdas' must be positive and decreasing"},
              "Reference/Continuation lambdas=0.1, 1");
}



DERL_TEST(bad_options)
{
  initlog();
  write_files();
  // what is below must fail because of the mistake alone
  bad({"NO ERROR"}, {"tiny.prm", "--set", "Dimension=3"});
  check_command_line();
  check_files();
  check_names();
  check_values();
}
} // namespace test_bad_options
