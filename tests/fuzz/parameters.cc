// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Parameter files of all applications, and settings on their command lines.

#include <derl/base/collective.h>

#include <derl/optimization/optimizers.h>

#include <derl/program/program.h>

#include <deal.II/base/parameter_handler.h>

#include <allen_cahn_parameters.h>
#include <defaults_parameters.h>
#include <estimator_study.h>
#include <flow_parameters.h>
#include <heat_series_parameters.h>
#include <warm_start_parameters.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <type_traits>

#include "fuzz.h"

namespace fuzz
{
  using namespace dealii;
  using namespace derl;

  namespace
  {
    const std::string setting_mark = "--set ";



    std::string
    to_text(const ParameterHandler &prm)
    {
      std::ostringstream text;
      prm.print_parameters(
        text, ParameterHandler::PRM | ParameterHandler::KeepDeclarationOrder);
      return text.str();
    }



    /**
     * The names of derivatives in a term; others are those of residuals.
     */
    void
    read_names(const TermChoice &term)
    {
      const FieldNames names({"x", "y", "t", "mu"}, {"u", "v"});
      for (const std::string &quantity : term.quantities)
        try
          {
            names.parse(quantity);
          }
        catch (const ExceptionBase &)
          {
          }
    }



    /**
     * What an application does with its parameters before it starts to work.
     */
    template <typename Parameters>
    struct Reader
    {
      Reader()
      {
        parameters.declare_parameters(prm);
      }

      void
      parse(const std::string &bytes)
      {
        ParameterParser parser(prm, "fuzz");
        if (bytes.compare(0, setting_mark.size(), setting_mark) != 0)
          return parser.parse(bytes, "the parameter file 'fuzz.prm'");

        // an argument ends at its first null
        std::string program = "fuzz", file = "fuzz.prm", option = "--set",
                    setting = bytes.substr(setting_mark.size());
        char *arguments[]   = {
            program.data(), file.data(), option.data(), setting.data()};
        const CommandLine command_line(4, arguments);
        parser.parse_setting(command_line.settings.front());
      }

      static void
      read(const std::string &bytes)
      {
        Reader reader;
        reader.parse(bytes);
        reader.parameters.check();
        if constexpr (std::is_base_of<TrainingRunParameters, Parameters>::value)
          for (const TermChoice &term : reader.parameters.term_choices())
            read_names(term);

        must_succeed("used", [&]() {
          make_optimizer(reader.parameters.training.optimizer, MPI_COMM_SELF);
        });
        must_succeed("saved", [&]() {
          const std::string text = to_text(reader.prm);
          Reader            again;
          again.parse(text);
          again.parameters.check();
          require(to_text(again.prm) == text, "saved twice it differs");
        });
      }

      static std::string
      defaults()
      {
        return to_text(Reader().prm);
      }

      Parameters       parameters;
      ParameterHandler prm;
    };



    struct Application
    {
      std::string folder;
      void (*read)(const std::string &);
      std::string (*defaults)();
    };

    template <typename Parameters>
    Application
    application(const std::string &folder)
    {
      return {folder, &Reader<Parameters>::read, &Reader<Parameters>::defaults};
    }

    const std::vector<Application> applications = {
      application<AllenCahnParameters>("allen_cahn"),
      application<FlowParameters>("cylinder_flow"),
      application<DefaultsParameters>("defaults"),
      application<EstimatorStudyParameters>("derivative_estimators"),
      application<HeatSeriesParameters>("heat_series"),
      application<WarmStartParameters>("warm_start")};



    std::vector<std::string>
    lines_of(const std::string &text)
    {
      std::vector<std::string> result;
      std::istringstream       in(text);
      for (std::string line; std::getline(in, line);)
        result.push_back(line);
      return result;
    }



    /**
     * Numbers, lists, maps and words as they are written into such files, with
     * more or less success.
     */
    std::string
    random_value(Dice &dice)
    {
      const std::vector<std::string> words = {
        "",           "nan",         "inf",
        "-inf",       "1e999",       "-1",
        "0",          "1.5",         "0x10",
        "1e-320",     "2147483647",  "2147483648",
        "4294967295", "4294967296",  "18446744073709551616",
        "true",       "auto",        "Adam",
        "L-BFGS",     "noise level", "fixed step",
        "a: 1, a: 2", ",",           ":",
        "|",          "1,,2",        "\\",
        "\\ ",        "# 1",         "1 # 2",
        "=",          "{}"};
      std::ostringstream value;
      switch (dice.below(7))
        {
        case 6:
          {
            // terms, with names of derivatives of any order
            const std::vector<std::string> parts = {"interior: ",
                                                    "boundary: ",
                                                    "u",
                                                    "_x",
                                                    "_mu",
                                                    "gradient",
                                                    " ",
                                                    ": ",
                                                    ": 1; "};
            value << "interior: u";
            if (dice.one_in(20))
              for (std::size_t n = dice.below(100000); n > 0; --n)
                value << "_x";
            for (std::size_t n = dice.below(12); n > 0; --n)
              value << dice.choose(parts);
            break;
          }
        case 0:
          value << dice.any_real();
          break;
        case 1:
          value << std::int64_t(dice.integer());
          break;
        case 2:
          value << dice.text();
          break;
        case 3:
          for (std::size_t n = dice.below(dice.one_in(10) ? 2000 : 4); n > 0;
               --n)
            value << dice.choose(words) << (dice.one_in(3) ? ":" : ",");
          break;
        default:
          value << dice.choose(words);
        }
      return value.str();
    }



    void
    mutate_line(std::string &line, const std::string &other, Dice &dice)
    {
      const auto equals = line.find('=');
      switch (equals == std::string::npos ? dice.below(3) : dice.below(16))
        {
        case 0:
          mutate_bytes(line, other, dice);
          break;
        case 1:
          line = other;
          break;
        case 2:
          {
            const std::vector<std::string> commands = {"end",
                                                       "subsection Training",
                                                       "subsection",
                                                       "set",
                                                       "set x = 1",
                                                       "include fuzz.prm",
                                                       "INCLUDE /dev/null",
                                                       "in\\",
                                                       "clude fuzz.prm",
                                                       "\\",
                                                       "DEFAULTS",
                                                       "<xml>",
                                                       "{"};
            line                                    = dice.choose(commands);
            break;
          }
        case 3:
        case 4:
        case 5:
          {
            // the value of another entry
            const auto there = other.find('=');
            if (there != std::string::npos)
              line.replace(equals, std::string::npos, other, there);
            break;
          }
        default:
          line.resize(equals + 1);
          line += random_value(dice);
        }
    }



    void
    mutate_lines(std::vector<std::string>       &lines,
                 const std::vector<std::string> &others,
                 Dice                           &dice)
    {
      for (unsigned int i = dice.a_few(); i > 0 && !lines.empty(); --i)
        {
          const std::size_t k = dice.below(lines.size());
          switch (dice.below(20))
            {
            case 0:
              lines.erase(lines.begin() + k);
              break;
            case 1:
              lines.insert(lines.begin() + k, dice.choose(lines));
              break;
            case 2:
              std::swap(lines[k], dice.choose(lines));
              break;
            case 3:
              lines.insert(lines.begin() + k,
                           dice.below(200),
                           dice.one_in(2) ? "subsection Training" : "end");
              break;
            default:
              mutate_line(lines[k], dice.choose(others), dice);
            }
        }
    }



    /**
     * A line "set Entry = value" of a file as a setting.
     */
    std::string
    to_setting(const std::vector<std::string> &lines, const std::size_t k)
    {
      std::vector<std::string> path;
      for (std::size_t i = 0; i < k; ++i)
        {
          std::istringstream line(lines[i]);
          std::string        word, rest;
          line >> word;
          std::getline(line >> std::ws, rest);
          if (word == "subsection")
            path.push_back(rest);
          else if (word == "end" && !path.empty())
            path.pop_back();
        }
      std::string result;
      for (const std::string &section : path)
        result += section + "/";
      const auto begin = lines[k].find("set ");
      return begin == std::string::npos ? result + lines[k]
                                        : result + lines[k].substr(begin + 4);
    }



    class ParameterTarget : public Target
    {
    public:
      ParameterTarget()
        : files(applications.size())
      {
        for (unsigned int a = 0; a < applications.size(); ++a)
          {
            files[a].push_back(lines_of(applications[a].defaults()));
            // sorted, so that inputs are the same on all machines
            std::map<std::string, std::vector<std::string>> found;
            for (const auto &entry :
                 std::filesystem::recursive_directory_iterator(
                   DERL_APPLICATIONS_FOLDER "/" + applications[a].folder))
              if (entry.path().extension() == ".prm")
                {
                  std::ifstream in(entry.path());
                  found[entry.path().string()] =
                    lines_of({std::istreambuf_iterator<char>(in), {}});
                }
            for (const auto &file : found)
              files[a].push_back(file.second);
          }
      }

      unsigned int
      n_variants() const override
      {
        return applications.size();
      }

      Input
      make(Dice &dice) const override
      {
        Input input;
        input.variant                   = dice.below(applications.size());
        std::vector<std::string> lines  = dice.choose(files[input.variant]);
        const auto              &others = dice.choose(dice.choose(files));
        if (dice.one_in(10))
          {
            std::string setting = to_setting(lines, dice.below(lines.size()));
            mutate_line(setting, dice.choose(others), dice);
            input.bytes = setting_mark + setting;
            return input;
          }
        const bool is_plain = dice.one_in(10);
        if (!is_plain)
          mutate_lines(lines, others, dice);
        for (const std::string &line : lines)
          input.bytes += line + '\n';
        if (is_plain)
          {
            std::string other;
            for (const std::string &line : others)
              other += line + '\n';
            mutate_bytes(input.bytes, other, dice);
          }
        return input;
      }

      void
      read(const Input &input) override
      {
        applications[input.variant].read(input.bytes);
      }

    private:
      /** The lines of files of each application. */
      std::vector<std::vector<std::vector<std::string>>> files;
    };
  } // namespace



  std::unique_ptr<Target>
  make_parameter_target()
  {
    return std::make_unique<ParameterTarget>();
  }
} // namespace fuzz
