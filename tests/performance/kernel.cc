// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The speed of the network kernel: one loss with its parameter gradient, for
// the networks and derivative sets that training runs use, in units of a matrix
// product over all points at the speed of the core's multiply-add units. Each
// time stands beside a calibration of that speed, and is taken again when the
// core was disturbed.
//
//   kernel                  the table of all cases
//   kernel --write folder   the data of all cases, for rivals.py
//   kernel --time case      the seconds of one evaluation, median of several

#include <derl/base/file.h>
#include <derl/base/random.h>

#include <derl/network/jet_plan.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "fma_peak.h"

using namespace dealii;
using namespace derl;

struct Case
{
  std::string               name;
  std::vector<unsigned int> hidden;
  unsigned int              n_components;
  DerivativeSet             derivatives;
  unsigned int              n_points;
  /** Entries of the set that the loss contains; the others are by-products. */
  std::vector<MultiIndex> observed;
};

std::vector<Case>
all_cases()
{
  const std::vector<unsigned int> h50      = {50, 50, 50, 50};
  const std::vector<unsigned int> h20      = {20, 20, 20};
  const std::vector<unsigned int> h64      = {64, 64, 64, 64};
  const auto                      gradient = [](const unsigned int d) {
    return DerivativeSet::up_to_order(d, 1);
  };
  const auto first = [](const unsigned int d) {
    return derivatives_of_order(d, 1);
  };
  const DerivativeSet           hessian = DerivativeSet::up_to_order(2, 2);
  const std::vector<MultiIndex> kdv = {{0, 0}, {1, 0}, {0, 1}, {2, 0}, {3, 0}};
  return {
    {"4x50, gradient, 2 inputs", h50, 1, gradient(2), 10000, first(2)},
    {"4x50, gradient, 4 inputs", h50, 1, gradient(4), 10000, first(4)},
    {"4x50, value+gradient+Hessian, 2 inputs",
     h50,
     1,
     hessian,
     10000,
     {hessian.begin(), hessian.end()}},
    {"4x50, {u, u_x, u_t, u_xx, u_xxx}",
     h50,
     1,
     DerivativeSet(2, kdv),
     10000,
     kdv},
    {"3x20, gradient, 2 inputs", h20, 1, gradient(2), 10000, first(2)},
    {"3x20, gradient, 2 inputs, N = 500", h20, 1, gradient(2), 500, first(2)},
    {"4x64, 3 components, gradient, 2 inputs",
     h64,
     3,
     gradient(2),
     10000,
     first(2)},
    {"4x50, value, 2 inputs", h50, 1, DerivativeSet(2), 10000, {{0, 0}}}};
}



/**
 * A case with its data: random points, targets and parameters, and the mean
 * squared mismatch of the observed entries as the loss.
 */
class Evaluation
{
public:
  explicit Evaluation(const Case &c)
    : c(c)
    , architecture{c.derivatives.n_coordinates(),
                   c.hidden,
                   c.n_components,
                   Activation::tanh,
                   1.}
    , plan(architecture,
           Scaling::identity(architecture.n_inputs, c.n_components),
           c.derivatives)
    , workspace(plan)
    , parameters(initial_parameters(architecture, 30))
    , gradient(parameters.size())
  {
    RandomStream random(42);
    points.resize(c.n_points * architecture.n_inputs);
    for (double &x : points)
      x = 2 * random.uniform() - 1;
    targets.resize(c.n_components * c.observed.size() * c.n_points);
    for (double &t : targets)
      t = 2 * random.uniform() - 1;
    for (const MultiIndex &derivative : c.observed)
      entries.push_back(c.derivatives.index_of(derivative));
  }

  void
  evaluate()
  {
    const double scale = 1. / targets.size();
    gradient           = 0;
    loss               = 0;
    plan.set_parameters(parameters, workspace);
    plan.add_gradient(
      ArrayView<const double>(points.data(), points.size()),
      workspace,
      [&](const unsigned int first,
          const JetBlock    &jets,
          const JetBlock    &adjoints) {
        for (unsigned int o = 0; o < c.n_components; ++o)
          for (unsigned int e = 0; e < entries.size(); ++e)
            {
              const double *const jet = jets(o, entries[e]);
              double *const       bar = adjoints(o, entries[e]);
              const double *const target =
                &targets[(o * entries.size() + e) * c.n_points + first];
              for (unsigned int k = 0; k < jets.n_points(); ++k)
                {
                  const double r = jet[k] - target[k];
                  loss += scale * r * r;
                  bar[k] = 2 * scale * r;
                }
            }
      },
      gradient);
  }

  /**
   * Seconds of one evaluation and the peak beside it: medians over the
   * repetitions during which the peak stayed near its own median, so that
   * neither a disturbed core nor a stumbling clock counts.
   */
  std::pair<double, double>
  measure()
  {
    const auto now = []() {
      timespec time;
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
      return time.tv_sec + 1e-9 * time.tv_nsec;
    };
    const auto median = [](std::vector<double> numbers) {
      std::sort(numbers.begin(), numbers.end());
      return numbers[numbers.size() / 2];
    };
    constexpr unsigned int n_repetitions = 15;
    evaluate();
    std::vector<double> peaks = {fma_peak()}, all_seconds;
    for (unsigned int i = 0; i < n_repetitions; ++i)
      {
        const double start = now();
        evaluate();
        all_seconds.push_back(now() - start);
        peaks.push_back(fma_peak());
      }
    const double        peak = median(peaks);
    std::vector<double> seconds;
    for (unsigned int i = 0; i < n_repetitions; ++i)
      if (std::abs(peaks[i] / peak - 1) < 0.05 &&
          std::abs(peaks[i + 1] / peak - 1) < 0.05)
        seconds.push_back(all_seconds[i]);
    if (seconds.empty())
      throw std::runtime_error(
        "The machine is too busy to measure on. Try again later.");
    return {median(seconds), peak};
  }

  void
  write(const std::string &stem) const
  {
    std::string description = std::to_string(architecture.n_inputs) + " " +
                              std::to_string(c.n_components) + " " +
                              std::to_string(c.n_points) + "\n";
    for (const unsigned int width : c.hidden)
      description += std::to_string(width) + " ";
    description += "\n";
    for (const MultiIndex &derivative : c.observed)
      {
        for (const unsigned int k : derivative)
          description += std::to_string(k) + " ";
        description += "\n";
      }
    write_file_atomically(stem + ".txt", description);

    std::vector<double> numbers(points);
    numbers.insert(numbers.end(), targets.begin(), targets.end());
    numbers.insert(numbers.end(), parameters.begin(), parameters.end());
    numbers.push_back(loss);
    numbers.insert(numbers.end(), gradient.begin(), gradient.end());
    write_file_atomically(
      stem + ".bin",
      std::string(reinterpret_cast<const char *>(numbers.data()),
                  numbers.size() * sizeof(double)));
  }

  /**
   * Seconds that a matrix product with all hidden layers' weights takes at
   * the given peak.
   */
  double
  unit_seconds(const double peak) const
  {
    double flops = 0;
    for (unsigned int l = 1; l < c.hidden.size(); ++l)
      flops += 2. * c.hidden[l - 1] * c.hidden[l] * c.n_points;
    return flops / peak;
  }

  const Case                c;
  const Architecture        architecture;
  JetPlan                   plan;
  JetPlan::Workspace        workspace;
  Vector<double>            parameters;
  std::vector<double>       points;
  std::vector<double>       targets;
  std::vector<unsigned int> entries;
  Vector<double>            gradient;
  double                    loss = 0;
};



int
main(int argc, char **argv)
{
  const std::vector<Case> cases = all_cases();
  const std::string       mode  = argc > 1 ? argv[1] : "";
  if (mode == "--write" && argc == 3)
    for (unsigned int i = 0; i < cases.size(); ++i)
      {
        Evaluation evaluation(cases[i]);
        evaluation.evaluate();
        evaluation.write(std::string(argv[2]) + "/" + std::to_string(i));
        std::cout << cases[i].name << std::endl;
      }
  else if (mode == "--time" && argc == 3)
    {
      Evaluation evaluation(cases.at(std::stoul(argv[2])));
      std::printf("%.9e\n", evaluation.measure().first);
    }
  else if (mode.empty())
    {
      std::printf("%-40s %9s %8s %8s %7s %7s %9s\n",
                  "case",
                  "ms",
                  "GFLOP/s",
                  "peak",
                  "share",
                  "units",
                  "KiB/point");
      for (const Case &c : cases)
        {
          Evaluation evaluation(c);
          const auto [seconds, peak] = evaluation.measure();
          const double units         = seconds / evaluation.unit_seconds(peak);
          const double useful =
            evaluation.plan.n_matrix_products() / units * peak;
          std::printf("%-40s %9.3f %8.1f %8.1f %6.0f%% %7.2f %9.3f\n",
                      c.name.c_str(),
                      1e3 * seconds,
                      1e-9 * useful,
                      1e-9 * peak,
                      100 * useful / peak,
                      units,
                      evaluation.workspace.memory_consumption() / 1024. /
                        c.n_points);
        }
      std::printf("instruction set: %s\n",
                  Evaluation(cases[0]).plan.instruction_set().c_str());
    }
  else
    {
      std::cerr << "Usage: kernel [--write folder | --time case]" << std::endl;
      return 1;
    }
}
