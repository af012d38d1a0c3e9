// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/training/trainer.h>

#include <deal.II/base/exceptions.h>

#include <iomanip>
#include <sstream>

#include "validation.h"
#include "../base/checkpoint.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    Vector<double>
    weights(const SumOfSquares &objective)
    {
      std::vector<double> result;
      for (const auto &term : objective.term_values())
        result.push_back(term.weight);
      return Vector<double>(result.begin(), result.end());
    }

  } // namespace



  std::string
  Trainer::description() const
  {
    std::ostringstream text;
    text << std::setprecision(17);
    const auto list = [&](const std::string &name, const auto &entries) {
      text << name << ':';
      for (const auto &entry : entries)
        text << ' ' << entry;
      text << '\n';
    };
    const Architecture &architecture = surrogate.architecture;
    list("coordinates", surrogate.coordinates);
    list("components", surrogate.components);
    list("hidden layers", architecture.hidden);
    text << "activation: " << to_string(architecture.activation);
    if (architecture.activation == Activation::softplus)
      text << ' ' << architecture.softplus_beta;
    text << '\n';
    if (!surrogate.input_map.is_affine() || !surrogate.output_map.is_identity())
      text << "maps: " << describe_maps(surrogate) << '\n';
    text << "scaling: " << parameters.scaling << '\n';
    if (!is_scaled_automatically())
      {
        list("input shift", surrogate.scaling.input_shift);
        list("input scale", surrogate.scaling.input_scale);
        list("output shift", surrogate.scaling.output_shift);
        list("output scale", surrogate.scaling.output_scale);
      }
    if (!surrogate.fixed_layers.empty())
      list("fixed layers", surrogate.fixed_layers);
    text << "weights: " << parameters.term_weights.mode << '\n';
    const auto                terms = sum_of_squares.term_values();
    const std::vector<double> initial_weights =
      sum_of_squares.initial_weights();
    for (unsigned int t = 0; t < terms.size(); ++t)
      text << "term " << terms[t].name << ": " << initial_weights[t] << '\n';
    if (validation->is_active())
      text << "validation: fraction " << parameters.validation.fraction
           << ", seed " << parameters.validation.seed << '\n';
    text << "batch size: " << parameters.batch_size << '\n';
    return text.str();
  }



  void
  Trainer::exchange_findings(CheckpointArchive archive, BestParameters &best)
  {
    if (validation->is_active())
      validation->exchange(archive);
    best.exchange(archive);
  }



  void
  Trainer::exchange_units(CheckpointArchive archive)
  {
    const auto exchange = [&](const std::string   &name,
                              std::vector<double> &numbers) {
      Vector<double> variable(numbers.begin(), numbers.end());
      archive(name, variable);
      numbers.assign(variable.begin(), variable.end());
    };
    if (is_scaled_automatically())
      {
        has_automatic_scaling = true;
        exchange("scaling/input shift", surrogate.scaling.input_shift);
        exchange("scaling/input scale", surrogate.scaling.input_scale);
        exchange("scaling/output shift", surrogate.scaling.output_shift);
        exchange("scaling/output scale", surrogate.scaling.output_scale);
      }
    std::vector<double> units = sum_of_squares.row_units();
    exchange("training/units", units);
    run_collectively(communicator, [&]() {
      if (has_automatic_scaling)
        surrogate.scaling.check(surrogate.coordinates.size(),
                                surrogate.components.size());
      sum_of_squares.set_row_units(units);
    });
  }



  void
  Trainer::save_checkpoint(const IterationState &state, BestParameters &best)
  {
    try
      {
        CheckpointWriter writer(communicator, checkpoint_path);
        writer.add("training/description", description());
        writer.add("training/samples", sum_of_squares.n_samples());
        writer.add("training/weights", weights(sum_of_squares));
        exchange_units(CheckpointArchive(writer));
        exchange_findings(CheckpointArchive(writer), best);
        state.save(writer);
        writer.close();

        Surrogate best_surrogate  = surrogate;
        best_surrogate.parameters = best.parameters();
        derl::save(communicator, model_path, best_surrogate);
      }
    catch (const AgreedError &error)
      {
        progress << "Warning: no checkpoint at iteration " << state.iteration
                 << ". " << error.what() << std::endl;
      }
  }



  std::unique_ptr<CheckpointReader>
  Trainer::open_checkpoint()
  {
    if (!is_restart)
      return nullptr;
    if (!CheckpointReader::exists(communicator, checkpoint_path))
      {
        progress << "There is no checkpoint '" << checkpoint_path
                 << "': training begins at the start." << std::endl;
        return nullptr;
      }
    auto reader =
      std::make_unique<CheckpointReader>(communicator, checkpoint_path);
    if (!reader->warning().empty())
      progress << "Warning: " << reader->warning() << std::endl;

    std::istringstream here(description());
    std::istringstream there(reader->text("training/description"));
    while (here || there)
      {
        std::string line, other_line;
        std::getline(here, line);
        std::getline(there, other_line);
        if (line != other_line)
          throw AgreedError("The checkpoint '" + reader->path() +
                            "' is of another training run: it has '" +
                            other_line + "', this run '" + line +
                            "'. Remove it or train without a restart.");
      }
    const std::uint64_t n_samples =
      reader->integer("training/samples", ~std::uint64_t(0));
    if (n_samples != sum_of_squares.n_samples())
      progress << "Warning: the checkpoint was made with " << n_samples
               << " samples, now there are " << sum_of_squares.n_samples()
               << "." << std::endl;

    // what was chosen at the start of training
    exchange_units(CheckpointArchive(*reader));
    Vector<double> chosen = weights(sum_of_squares);
    reader->read("training/weights", chosen);
    sum_of_squares.set_weights({chosen.begin(), chosen.end()});
    return reader;
  }
} // namespace derl
