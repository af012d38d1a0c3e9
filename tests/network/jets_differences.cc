// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Jets of networks of realistic shape: each derivative must be the derivative
// of the next lower one, and the same in whatever set it is computed.

#include <derl/network/jet_plan.h>

#include "network_tests.h"

namespace test_jets_differences
{
using namespace dealii;
using namespace derl;

constexpr unsigned int n_points = 21;



/**
 * Central difference quotients with steps h, h/2, h/4 of column @p lower in
 * coordinate @p d, at all points and for all components.
 */
struct Differences
{
  Differences(const std::function<std::vector<double>(const double)> &jets_at,
              const unsigned int                                      n_entries,
              const unsigned int                                      lower,
              const double                                            h)
  {
    for (unsigned int k = 0; k < 3; ++k)
      {
        const double step  = h / (1 << k);
        const auto   right = jets_at(step), left = jets_at(-step);
        for (std::size_t i = lower; i < right.size(); i += n_entries)
          quotients[k].push_back((right[i] - left[i]) / (2. * step));
      }
  }

  /**
   * Euclidean norm over the points of the error of difference @p k, after one
   * Richardson step if wanted.
   */
  double
  error(const std::vector<double> &exact,
        const unsigned int         k,
        const bool                 extrapolate) const
  {
    double sum = 0.;
    for (std::size_t i = 0; i < exact.size(); ++i)
      {
        const double value =
          extrapolate ? (4. * quotients[k + 1][i] - quotients[k][i]) / 3.
                      : quotients[k][i];
        sum += (value - exact[i]) * (value - exact[i]);
      }
    return std::sqrt(sum);
  }

  std::vector<double> quotients[3];
};



void
test_differences(const Architecture  &kind,
                 const DerivativeSet &set,
                 const unsigned int   n_outputs,
                 const std::string   &what)
{
  const unsigned int dim = set.n_coordinates();
  RandomNetwork      network(kind, dim, {13, 20, 7}, n_outputs, true);
  const auto         points = network.points(n_points);
  const JetPlan      plan(network.architecture, network.scaling, set);
  const auto jets = all_jets(plan, network.parameters, points, n_outputs);

  // beta is the inverse of the length over which softplus bends
  const double h =
    kind.activation == Activation::softplus ? 0.1 / kind.softplus_beta : 0.05;
  for (unsigned int k = 1; k <= set.max_order(); ++k)
    {
      unsigned int n_checked = 0, n_good = 0;
      double       worst = 0.;
      std::string  names;
      for (unsigned int e = 0; e < set.size(); ++e)
        for (unsigned int d = 0; d < dim; ++d)
          if (order(set[e]) == k && set[e][d] > 0)
            {
              MultiIndex lower = set[e];
              --lower[d];
              const Differences differences(
                [&](const double step) {
                  auto shifted = points;
                  for (std::size_t i = d; i < shifted.size(); i += dim)
                    shifted[i] += step;
                  return all_jets(plan, network.parameters, shifted, n_outputs);
                },
                set.size(),
                set.index_of(lower),
                h);
              std::vector<double> exact;
              double              size = 0.;
              for (std::size_t i = e; i < jets.size(); i += set.size())
                {
                  exact.push_back(jets[i]);
                  size += jets[i] * jets[i];
                }
              const auto observed_order = [&](const bool extrapolate) {
                return std::lround(
                  std::log2(differences.error(exact, 0, extrapolate) /
                            differences.error(exact, 1, extrapolate)));
              };
              const double relative =
                differences.error(exact, 1, true) / std::sqrt(size);
              ++n_checked;
              if (observed_order(false) == 2 && observed_order(true) == 4)
                ++n_good;
              else
                names += " " + std::to_string(e);
              if (!(relative <= worst))
                worst = relative;
            }
      const std::string title = activation_name(kind) + ", " + what +
                                ", order " + std::to_string(k) + ": ";
      deallog << title << n_checked
              << " differences, of order 2 and 4: " << n_good << names
              << std::endl;
      check_error(title + "size of the error", worst, 1e-5);
    }

  // the same jets as part of all derivatives up to order four
  const auto    full = DerivativeSet::up_to_order(dim, 4);
  const JetPlan full_plan(network.architecture, network.scaling, full);
  const auto    full_jets =
    all_jets(full_plan, network.parameters, points, n_outputs);
  std::vector<double> same;
  for (std::size_t i = 0; i < full_jets.size(); i += full.size())
    for (const MultiIndex &derivative : set)
      same.push_back(full_jets[i + full.index_of(derivative)]);
  check_error(activation_name(kind) + ", " + what +
                ", same jets in a larger set",
              relative_error(jets, same, n_outputs * set.size()),
              1e-13);
}



DERL_TEST(jets_differences)
{
  initlog();
  for (const Architecture &kind : all_activations())
    {
      test_differences(
        kind, DerivativeSet::up_to_order(2, 4), 3, "all in x, y");
      test_differences(
        kind, DerivativeSet(2, {{3, 0}, {0, 1}}), 1, "{u_xxx, u_t}");
      test_differences(kind,
                       DerivativeSet(3, {{2, 0, 0}, {0, 2, 0}, {1, 1, 2}}),
                       2,
                       "{u_xx, u_yy, u_xytt}");
    }
  test_differences(
    Architecture(), DerivativeSet::up_to_order(3, 4), 1, "all in x, y, t");
}
} // namespace test_jets_differences
