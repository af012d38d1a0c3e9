// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The speed of the network kernel: one loss with its parameter gradient, for
// the networks and derivative sets that training runs use, in units of a matrix
// product over all points at the speed of the core's multiply-add units, which
// is calibrated in turns with the evaluations.
//
//   kernel                  the table of all cases, and of Jacobians
//   kernel --write folder   the data of all cases, for rivals.py
//   kernel --time case      the seconds of one evaluation
//   mpirun -np 2 kernel --ranks    one rank against all ranks

#include <derl/base/collective.h>

#include <derl/network/jet_plan.h>

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "../../source/base/random.h"
#include "measure.h"

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
  explicit Evaluation(
    const Case              &c,
    const Precision precision = Precision::double_precision)
    : c(c)
    , architecture{c.derivatives.n_coordinates(),
                   c.hidden,
                   c.n_components,
                   Activation::tanh,
                   1.}
    , plan(architecture,
           Scaling::identity(architecture.n_inputs, c.n_components),
           c.derivatives,
           JetPlan::Algorithm::automatic,
           precision)
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



void
print_cases(const Precision precision)
{
  const bool is_double = precision == Precision::double_precision;
  std::printf("%-40s %9s %8s %8s %6s %6s %9s %8s\n",
              is_double ? "double precision" : "single precision",
              "ms",
              "GFLOP/s",
              "peak",
              "share",
              "units",
              "KiB/point",
              "median");
  for (const Case &c : all_cases())
    {
      Evaluation   evaluation(c, precision);
      const Timing timing = measure([&]() { evaluation.evaluate(); });
      const double peak   = timing.peak * (is_double ? 1 : 2);
      const double units  = timing.seconds / evaluation.unit_seconds(peak);
      const double useful = evaluation.plan.n_matrix_products() / units * peak;
      std::printf("%-40s %9.3f %8.1f %8.1f %5.0f%% %6.2f %9.3f %7.2fx\n",
                  c.name.c_str(),
                  1e3 * timing.seconds,
                  1e-9 * useful,
                  1e-9 * peak,
                  100 * useful / peak,
                  units,
                  evaluation.workspace.memory_consumption() / 1024. /
                    c.n_points,
                  timing.disturbance);
    }
}



/**
 * Products with the Jacobian of 2000 rows, the gradients of the first case at
 * 1000 points.
 */
void
print_jacobians()
{
  Case c     = all_cases()[0];
  c.n_points = 1000;
  Evaluation evaluation(c);
  evaluation.evaluate();
  const JetPlan                &plan = evaluation.plan;
  const ArrayView<const double> points(evaluation.points.data(),
                                       evaluation.points.size());
  const unsigned int            n_rows = 2 * c.n_points;
  JacobianFactors               factors;
  const auto                    factorize = [&]() {
    plan.factorize_jacobian(
      points,
      2,
      evaluation.workspace,
      [](const unsigned int,
         const unsigned int row,
         const JetBlock    &jets,
         const JetBlock    &adjoints) {
        for (unsigned int k = 0; k < jets.n_points(); ++k)
          adjoints(0, 1 + row)[k] = 1;
      },
      factors);
  };
  FullMatrix<double> rows(n_rows, evaluation.parameters.size());
  FullMatrix<double> products(n_rows, n_rows);

  std::printf("%-40s %9s %6s %8s\n",
              "Jacobian of 2000 rows, 7851 parameters",
              "ms",
              "units",
              "median");
  const auto print = [&](const char *name, const Timing &timing) {
    std::printf("%-40s %9.3f %6.2f %7.2fx\n",
                name,
                1e3 * timing.seconds,
                timing.seconds / evaluation.unit_seconds(timing.peak),
                timing.disturbance);
    return timing.seconds * timing.peak;
  };
  print("J' w", measure([&]() { evaluation.evaluate(); }));
  print("J v", measure([&]() {
          plan.apply_jacobian(
            points,
            evaluation.parameters,
            evaluation.workspace,
            [](const unsigned int, const JetBlock &, const JetBlock &) {});
        }));
  const double factor_flops = print("factors", measure(factorize));
  print("rows from factors",
        measure([&]() { plan.expand_rows(factors, 0, rows); }));
  const double product_flops =
    print("J J' from factors",
          measure([&]() { plan.inner_products(factors, factors, products); }));
  std::printf("factors and J J': %.2f GFLOP at the peak\n",
              1e-9 * (factor_flops + product_flops));
}



/**
 * How much faster all ranks together do what one rank does, the sum of the
 * gradients included. Times are those of the wall clock.
 */
void
compare_ranks()
{
  const MPI_Comm     world    = MPI_COMM_WORLD;
  const unsigned int n        = Utilities::MPI::n_mpi_processes(world);
  const bool         is_first = Utilities::MPI::this_mpi_process(world) == 0;
  for (const Case &all : {all_cases()[0], all_cases()[4]})
    {
      Case part     = all;
      part.n_points = all.n_points / n;
      Evaluation          whole(all), share(part);
      std::vector<double> alone, together;
      const auto          wall = [](const auto &work) {
        const double start = MPI_Wtime();
        work();
        return MPI_Wtime() - start;
      };
      whole.evaluate();
      share.evaluate();
      constexpr unsigned int n_rounds = 100;
      for (unsigned int i = 0; i < n_rounds; ++i)
        {
          MPI_Barrier(world);
          if (is_first)
            alone.push_back(wall([&]() { whole.evaluate(); }));
          MPI_Barrier(world);
          together.push_back(wall([&]() {
            share.evaluate();
            Utilities::MPI::sum(share.gradient, world, share.gradient);
          }));
        }
      if (is_first)
        {
          // the fastest twentieth, as in measure()
          std::sort(alone.begin(), alone.end());
          std::sort(together.begin(), together.end());
          std::printf("%-40s %u ranks: %.2f times as fast\n",
                      all.name.c_str(),
                      n,
                      alone[n_rounds / 20] / together[n_rounds / 20]);
        }
    }
}



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
      std::printf("%.9e\n", measure([&]() { evaluation.evaluate(); }).seconds);
    }
  else if (mode == "--ranks")
    {
      Utilities::MPI::MPI_InitFinalize initialization(argc, argv, 1);
      compare_ranks();
    }
  else if (mode.empty())
    {
      print_cases(Precision::double_precision);
      print_cases(Precision::single_precision);
      print_jacobians();
      std::printf("instruction set: %s\n",
                  Evaluation(cases[0]).plan.instruction_set().c_str());
    }
  else
    {
      std::cerr << "Usage: kernel [--write folder | --time case | --ranks]"
                << std::endl;
      return 1;
    }
}
