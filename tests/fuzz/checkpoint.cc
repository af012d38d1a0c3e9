// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Checkpoints of training runs with all optimizers. Training that goes on from
// one must at first be in the state that the file says.

#include <derl/base/collective.h>

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <allen_cahn/manufactured_solution.h>

#include <derl/training/trainer.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <stdlib.h>

#include "../../source/base/checkpoint.h"
#include "checkpoint_records.h"

namespace fuzz
{
  using namespace dealii;
  using namespace derl;

  namespace
  {
    /**
     * A folder that is removed in the end; in memory where possible.
     */
    class Folder
    {
    public:
      Folder()
      {
        const std::filesystem::path memory = "/dev/shm";
        std::string pattern = ((std::filesystem::is_directory(memory)
                                  ? memory
                                  : std::filesystem::temp_directory_path()) /
                               "fuzz-XXXXXX")
                                .string();
        require(mkdtemp(pattern.data()) != nullptr,
                "there is no room for files");
        path = pattern;
      }

      ~Folder()
      {
        std::error_code error;
        std::filesystem::remove_all(path, error);
      }

      std::string
      operator/(const std::string &name) const
      {
        return path + "/" + name;
      }

    private:
      std::string path;
    };



    /** The iteration that the good files are of. */
    constexpr unsigned int n_before = 6;

    struct Run
    {
      std::string method;
      std::string step_rule = "strong Wolfe";
      double      held_out  = 0.;
      std::string weights   = "fixed";
    };

    const std::vector<Run> runs = {
      {"self-scaled Broyden"},
      {"L-BFGS"},
      {"L-BFGS", "fixed step"},
      {"Adam"},
      {"Levenberg-Marquardt"},
      {"auto"},
      {"self-scaled Broyden", "strong Wolfe", 0.3, "gradient norm"}};



    std::string
    contents(const std::string &path)
    {
      std::ifstream in(path, std::ios::binary);
      return {std::istreambuf_iterator<char>(in), {}};
    }



    /** Numbers of rows and of columns. */
    using Sizes = std::set<std::pair<std::uint64_t, std::uint64_t>>;



    /**
     * Ask for a record in every way there is; each may refuse. That a record is
     * missing is found before its size matters.
     */
    void
    ask_for(CheckpointReader  &reader,
            const std::string &name,
            const Sizes       &sizes)
    {
      const auto may_refuse = [](const std::function<void()> &work) {
        try
          {
            work();
          }
        catch (const AgreedError &)
          {
          }
      };
      may_refuse([&]() { reader.text(name); });
      may_refuse([&]() { reader.number(name); });
      may_refuse([&]() { reader.integer(name, 7); });
      if (!reader.has(name))
        return;
      for (const auto &size : sizes)
        {
          may_refuse([&]() {
            Vector<double> vector(size.first);
            reader.read(name, vector);
          });
          may_refuse([&]() {
            std::vector<double> rows(size.first * size.second);
            reader.read_rows(
              name, rows.data(), size.first, size.second, size.second);
          });
        }
    }



    class CheckpointTarget : public Target
    {
    public:
      CheckpointTarget();

      unsigned int
      n_variants() const override
      {
        return runs.size();
      }

      Input
      make(Dice &dice) const override;

      void
      read(const Input &input) override;

    private:
      using Observer = std::function<void(const IterationState &)>;

      /**
       * Train until some iteration, from the checkpoint if @p is_restart, and
       * write checkpoints.
       */
      Surrogate
      train(const Run         &run,
            const bool         is_restart,
            const unsigned int n_iterations,
            const Observer    &observer) const;

      /**
       * Whether @p state, the first of a run that went on from @p checkpoint,
       * is the one that is written there.
       */
      void
      compare(const Checkpoint &checkpoint, const IterationState &state) const;

      const Folder                         folder;
      const std::string                    path;
      const std::shared_ptr<const Samples> samples;
      std::vector<Checkpoint>              goods;

      /** What sizes to ask for, by the names in the good files. */
      std::map<std::string, Sizes> sizes_of_records;
    };



    CheckpointTarget::CheckpointTarget()
      : path(folder / "checkpoint.derl")
      , samples(std::make_shared<const Samples>(
          sample_function<2>(MPI_COMM_SELF,
                             ManufacturedSolution<2>(),
                             grid_points<2>({-1, -1}, {1, 1}, 4),
                             {jet_values, jet_gradients})))
    {
      for (const Run &run : runs)
        {
          train(run, false, n_before, [](const IterationState &) {});
          goods.push_back(take_apart(contents(path)));
        }
      // the second stage of the automatic choice takes over in the end only
      Checkpoint second = goods[5];
      for (const Record &record : goods[4].records)
        {
          const auto same = std::find_if(
            second.records.begin(), second.records.end(), [&](const Record &r) {
              return r.name == record.name;
            });
          if (same == second.records.end())
            second.records.push_back(record);
          else
            *same = record;
        }
      for (Record &record : second.records)
        if (record.name == "auto/method")
          {
            record.payload = runs[4].method;
            record.n_rows  = record.payload.size();
          }
      goods.push_back(second);
      for (const Checkpoint &good : goods)
        for (const Record &record : good.records)
          {
            Sizes &sizes = sizes_of_records[record.name];
            sizes.insert({{0, 1}, {1, 1}, {7, 1}, {2, 7}, {7, 0}});
            sizes.emplace(record.n_rows, record.n_columns);
          }
    }



    Surrogate
    CheckpointTarget::train(const Run         &run,
                            const bool         is_restart,
                            const unsigned int n_iterations,
                            const Observer    &observer) const
    {
      NetworkParameters network;
      network.hidden = {3, 2};
      Surrogate          surrogate(network, {"x", "y"}, {"u"});
      TrainingParameters parameters;
      parameters.optimizer.method             = run.method;
      parameters.optimizer.lbfgs.history_size = 3;
      parameters.optimizer.lbfgs.step_rule    = run.step_rule;
      parameters.optimizer.adam.learning_rate = 0.01;
      parameters.stopping.max_iterations      = n_iterations;
      parameters.batch_size                   = run.method == "Adam" ? 5 : 0;
      parameters.term_weights.mode            = run.weights;
      parameters.validation.fraction          = run.held_out;
      parameters.validation.interval          = 2;
      parameters.checkpoint_interval          = 0.;
      parameters.checkpoint_iterations        = is_restart ? 1 : n_iterations;

      std::ostream silence(nullptr);
      Trainer      trainer(surrogate,
                      parameters,
                      MPI_COMM_SELF,
                      ConditionalOStream(silence, false));
      trainer.add_term("data", samples, match({jet_values, jet_gradients}));
      trainer.write_checkpoints_to(path, folder / "model.json");
      if (is_restart)
        trainer.restart();
      trainer.observe(observer);
      trainer.train();
      return surrogate;
    }



    Input
    CheckpointTarget::make(Dice &dice) const
    {
      Input             input;
      const std::size_t good       = dice.below(goods.size());
      Checkpoint        checkpoint = goods[good];
      const Checkpoint &other      = dice.choose(goods);
      const bool        is_plain   = dice.one_in(6);
      if (!is_plain)
        for (unsigned int i = dice.a_few(); i > 0; --i)
          mutate_checkpoint(checkpoint, other, dice);
      input.bytes = put_together(checkpoint);
      if (is_plain)
        mutate_bytes(input.bytes, put_together(other), dice);
      input.variant = dice.one_in(50)      ? dice.below(runs.size())
                      : good < runs.size() ? good
                                           : 5;
      return input;
    }



    void
    CheckpointTarget::compare(const Checkpoint     &checkpoint,
                              const IterationState &state) const
    {
      CheckpointWriter writer(MPI_COMM_SELF, folder / "state");
      state.save(writer);
      writer.close();
      for (const Record &record :
           take_apart(contents(folder / "state")).records)
        {
          const auto there = std::find_if(
            checkpoint.records.begin(),
            checkpoint.records.end(),
            [&](const Record &r) { return r.name == record.name; });
          require(there != checkpoint.records.end(),
                  "the state has another record: " + record.name);
          // the clock goes on, and the start was evaluated
          require(record.payload == there->payload ||
                    record.name == "run/seconds" ||
                    (record.name == "run/evaluations" &&
                     there->payload == std::string(8, '\0')),
                  "the state differs in " + record.name);
        }
    }



    void
    CheckpointTarget::read(const Input &input)
    {
      const std::string previous = AtomicFile::previous_path(path);
      std::filesystem::remove(previous);
      std::ofstream(path, std::ios::binary) << input.bytes;

      if (input.bytes.size() % 8 == 0)
        {
          CheckpointReader reader(MPI_COMM_SELF, path);
          for (const auto &[name, sizes] : sizes_of_records)
            ask_for(reader, name, sizes);
        }

      bool            is_first = true;
      const Surrogate surrogate =
        train(runs[input.variant],
              true,
              n_before + 2,
              [&](const IterationState &state) {
                if (is_first)
                  must_succeed("saved again", [&]() {
                    compare(take_apart(input.bytes), state);
                  });
                is_first = false;
              });
      must_succeed("saved", [&]() {
        to_model_text(surrogate);
        require(CheckpointReader(MPI_COMM_SELF, path).warning().empty(),
                "the new checkpoint is damaged");
      });
    }
  } // namespace



  std::unique_ptr<Target>
  make_checkpoint_target()
  {
    return std::make_unique<CheckpointTarget>();
  }
} // namespace fuzz
