// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Training must not depend on the units of the problem: the network gets its
// own from the samples, unless the user has set them or wants none. They go
// with the surrogate, stay when it is trained again, and survive a restart.

#include <derl/base/collective.h>

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <allen_cahn/manufactured_solution.h>

#include <derl/training/trainer.h>

#include <filesystem>
#include <iostream>
#include <sstream>

#include "../check.h"

namespace test_units
{
using namespace dealii;
using namespace derl;

/**
 * The sines of the Allen-Cahn problem in other units.
 */
class ScaledSines : public Function<2>
{
public:
  ScaledSines(const double length, const double unit)
    : length(length)
    , unit(unit)
  {
  }

  double
  value(const Point<2> &x, const unsigned int = 0) const override
  {
    return unit * exact.value(Point<2>(x / length));
  }

  Tensor<1, 2>
  gradient(const Point<2> &x, const unsigned int = 0) const override
  {
    return unit / length * exact.gradient(Point<2>(x / length));
  }

private:
  const ManufacturedSolution<2> exact;
  const double                  length, unit;
};



Surrogate
network()
{
  NetworkParameters options;
  options.hidden = {10, 10};
  return Surrogate(options, {"x", "y"}, {"u"});
}



struct Options
{
  double       length     = 1.;
  double       unit       = 1.;
  std::string  scaling    = "automatic";
  unsigned int iterations = 30;
  std::string  checkpoint;
  bool         is_restart = false;
};



TrainingResult
train(Surrogate &surrogate, const Options &options, std::string *text = nullptr)
{
  TrainingParameters parameters;
  parameters.scaling                 = options.scaling;
  parameters.stopping.max_iterations = options.iterations;
  parameters.checkpoint_iterations   = options.checkpoint.empty() ? 0 : 10;
  std::ostringstream stream;
  Trainer            trainer(
    surrogate, parameters, MPI_COMM_WORLD, ConditionalOStream(stream, true));
  const ScaledSines exact(options.length, options.unit);
  const Point<2>    corner(options.length, options.length);
  trainer.add_term("gradient",
                   std::make_shared<const Samples>(
                     sample_function<2>(MPI_COMM_WORLD,
                                        exact,
                                        grid_points<2>(-corner, corner, 12),
                                        {jet_gradients})),
                   match({jet_gradients}));
  trainer.add_term("boundary",
                   std::make_shared<const Samples>(sample_function<2>(
                     MPI_COMM_WORLD,
                     exact,
                     boundary_grid_points<2>(-corner, corner, 13),
                     {jet_values})),
                   match({jet_values}));
  if (!options.checkpoint.empty())
    trainer.write_checkpoints_to(options.checkpoint, "units.json");
  if (options.is_restart)
    trainer.restart();
  const TrainingResult result = trainer.train();
  if (text != nullptr)
    *text = stream.str();
  return result;
}



void
compare_units()
{
  Surrogate    metres = network(), millimetres = network(), none = network();
  std::string  text;
  const double value = train(metres, {}, &text).optimization.value;
  Options      other;
  other.length = 1000.;
  other.unit   = 2e5;
  check("loss in other units",
        std::abs(train(millimetres, other).optimization.value / value - 1.),
        1e-4);
  check("it is told",
        text.find("Units of the network: x 1 y 1 u 1.") != std::string::npos);
  check("stored with the surrogate",
        std::abs(millimetres.scaling.input_scale[0] - 1000.) < 1e-9 &&
          std::abs(millimetres.scaling.output_scale[0] /
                     metres.scaling.output_scale[0] -
                   2e5) < 1e-4);

  other.scaling = "none";
  train(none, other);
  check("none means none", none.scaling == Scaling::identity(2, 1));

  Surrogate  round_off = network();
  const auto warned    = [&]() {
    return text.find("round-off of zero") != std::string::npos;
  };
  check("no warning of usual units", !warned());
  other      = Options();
  other.unit = 1e-16;
  train(round_off, other, &text);
  check("a warning of tiny ones", warned());
}



void
keep_units()
{
  Surrogate surrogate = network();
  train(surrogate, {});
  const Scaling before = surrogate.scaling;
  Options       other;
  other.unit = 3.;
  train(surrogate, other);
  check("a trained surrogate keeps its units", surrogate.scaling == before);

  Surrogate by_hand            = network();
  by_hand.scaling.output_scale = {7.};
  train(by_hand, {});
  check("units by hand are kept",
        by_hand.scaling.output_scale[0] == 7. &&
          by_hand.scaling.input_scale[0] == 1.);
}



void
restart()
{
  const std::string path   = "units.derl";
  const auto        remove = [&]() {
    MPI_Barrier(MPI_COMM_WORLD);
    if (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
      for (const std::string &file : {path, path + ".previous"})
        std::filesystem::remove(file);
    MPI_Barrier(MPI_COMM_WORLD);
  };
  remove();
  Surrogate    whole = network(), first = network(), second = network();
  Options      options;
  const double value = train(whole, options).optimization.value;
  options.checkpoint = path;
  options.iterations = 10;
  train(first, options);
  options.iterations = 30;
  options.is_restart = true;
  check("after a restart",
        std::abs(train(second, options).optimization.value / value - 1.),
        1e-6);
  check("the units are those before",
        second.scaling == first.scaling && second.scaling == whole.scaling);
  options.scaling = "none";
  expect_error("other units", [&]() {
    Surrogate third = network();
    train(third, options);
  });
  remove();
}



void
announce_the_end()
{
  Surrogate   surrogate = network();
  std::string text;
  train(surrogate, {}, &text);
  check("the end is announced",
        text.find(
          "It ends when 300 iterations lower the loss by less than 0.1%, "
          "after 30 iterations or 60 s at the latest.") != std::string::npos);
  check("seconds to go", text.find("to go at most") != std::string::npos);
}



DERL_TEST(units)
{
  initlog();
  compare_units();
  keep_units();
  restart();
  announce_the_end();
}
} // namespace test_units
