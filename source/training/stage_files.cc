// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/training/curriculum.h>

#include <deal.II/base/exceptions.h>

#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Whether the first rank sees a file.
     */
    bool
    is_there(const MPI_Comm &communicator, const std::string &path)
    {
      const bool result = Utilities::MPI::this_mpi_process(communicator) == 0 &&
                          std::ifstream(path).good();
      return Utilities::MPI::max(result ? 1 : 0, communicator) == 1;
    }
  } // namespace



  std::string
  Curriculum::folder_of(const unsigned int stage) const
  {
    return folder + "/stage_" + std::to_string(stage + 1);
  }



  std::string
  Curriculum::description(const unsigned int stage,
                          const Surrogate   &fresh) const
  {
    std::string result =
      "seeds " + std::to_string(parameters.seed) + " " +
      std::to_string(fresh.provenance.seed) + "; old points " +
      parameters.old_points + " " + std::to_string(parameters.draw_interval) +
      "; replay fraction " + std::to_string(parameters.replay_fraction) +
      "; elastic weight " + std::to_string(parameters.elastic_weight) + ";";
    for (const unsigned int width : fresh.architecture.hidden)
      result += " " + std::to_string(width);
    // what came before is known to the surrogate
    for (unsigned int i = 0; i <= stage; ++i)
      {
        result += "; stage";
        for (const unsigned int region : stages[i].regions)
          result += " (" + regions[region].text() + ")";
        const TrainingParameters &training = stages[i].training;
        result += " " + stages[i].terms + "; " + stages[i].start + "; " +
                  training.optimizer.method + "; " +
                  std::to_string(training.stopping.max_iterations);
      }
    return result;
  }



  void
  Curriculum::write(const unsigned int            stage,
                    const Surrogate              &fresh,
                    const ForgettingTable::Stage &result) const
  {
    const nlohmann::ordered_json document = {
      {"description", description(stage, fresh)},
      {"errors", result.errors},
      {"iterations", result.iterations},
      {"work", result.work},
      {"seconds", result.seconds}};
    write_file(
      communicator, folder_of(stage) + "/stage.json", document.dump(2) + "\n");
  }



  void
  Curriculum::set_scaling(const Problem &problem,
                          Surrogate     &surrogate,
                          const bool     restart) const
  {
    if (stages[0].training.scaling != "automatic" ||
        !surrogate.output_map.is_identity() ||
        !(surrogate.scaling == Scaling::identity(surrogate.n_coordinates(),
                                                 surrogate.n_components())))
      return;
    // on another number of ranks it would be another one, in the last digits
    const std::string path = folder_of(0) + "/start.json";
    if (restart && is_there(communicator, path))
      surrogate.scaling = load(communicator, path).scaling;
    else
      {
        std::vector<const Samples *> tables;
        for (const auto &[name, table] : problem.samples)
          tables.push_back(table.get());
        surrogate.scaling =
          automatic_scaling(communicator, surrogate.n_components(), tables);
        make_output_folder(communicator, folder_of(0));
        save(communicator, path, surrogate);
      }
  }



  bool
  Curriculum::read(const unsigned int      stage,
                   const Surrogate        &fresh,
                   Surrogate              &surrogate,
                   ForgettingTable::Stage &result) const
  {
    const std::string path = folder_of(stage) + "/stage.json";
    if (!is_there(communicator, path))
      return false;

    const std::string text   = read_file(communicator, path, "complete stage");
    const std::string remedy = " Remove the folder '" + folder_of(stage) +
                               "' and those of the stages "
                               "behind it, or run without --restart.";
    run_collectively(communicator, [&]() {
      std::string origin;
      try
        {
          const auto document = nlohmann::json::parse(text);
          document.at("description").get_to(origin);
          document.at("errors").get_to(result.errors);
          document.at("iterations").get_to(result.iterations);
          document.at("work").get_to(result.work);
          document.at("seconds").get_to(result.seconds);
        }
      catch (const std::exception &error)
        {
          AssertThrow(false,
                      ExcMessage("Cannot read '" + path + "': " + error.what() +
                                 "." + remedy));
        }
      AssertThrow(origin == description(stage, fresh),
                  ExcMessage("The stage in '" + path +
                             "' had other options: '" + origin +
                             "' where now there are '" +
                             description(stage, fresh) + "'." + remedy));
      bool is_good = result.errors.size() == regions.size();
      for (const auto &of_region : result.errors)
        {
          is_good = is_good && of_region.size() == result.errors[0].size();
          for (const double error : of_region)
            is_good = is_good && std::isfinite(error) && error >= 0.;
        }
      AssertThrow(is_good,
                  ExcMessage("The errors in '" + path +
                             "' are not numbers for each region." + remedy));
    });
    surrogate = load(communicator, folder_of(stage) + "/model.json");
    return true;
  }
} // namespace derl
