// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/maps.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace derl
{
  using namespace dealii;

  InputMap::InputMap(const std::vector<unsigned int>        &linear_coordinates,
                     const std::vector<std::vector<double>> &waves)
    : linear(linear_coordinates)
    , frequencies(waves)
  {
  }



  InputMap
  InputMap::periodic(const unsigned int                     n_coordinates,
                     const std::vector<PeriodicCoordinate> &coordinates)
  {
    std::vector<bool>                is_linear(n_coordinates, true);
    std::vector<std::vector<double>> waves;
    for (const PeriodicCoordinate &periodic : coordinates)
      {
        AssertThrow(periodic.coordinate < n_coordinates &&
                      is_linear[periodic.coordinate],
                    ExcMessage("A periodic coordinate does not exist or is "
                               "given twice."));
        AssertThrow(std::isfinite(periodic.period) && periodic.period > 0,
                    ExcMessage("A period must be a positive number."));
        AssertThrow(periodic.n_harmonics > 0,
                    ExcMessage("A periodic coordinate needs at least one "
                               "wave."));
        is_linear[periodic.coordinate] = false;
        for (unsigned int h = 1; h <= periodic.n_harmonics; ++h)
          {
            std::vector<double> wave(n_coordinates, 0.);
            wave[periodic.coordinate] = h / periodic.period;
            waves.push_back(wave);
          }
      }
    if (waves.empty())
      return InputMap();
    std::vector<unsigned int> linear;
    for (unsigned int d = 0; d < n_coordinates; ++d)
      if (is_linear[d])
        linear.push_back(d);
    return InputMap(linear, waves);
  }



  bool
  InputMap::is_affine() const
  {
    return linear.empty() && frequencies.empty();
  }



  unsigned int
  InputMap::n_features(const unsigned int n_coordinates) const
  {
    return is_affine() ? n_coordinates : linear.size() + 2 * frequencies.size();
  }



  const std::vector<unsigned int> &
  InputMap::linear_coordinates() const
  {
    return linear;
  }



  const std::vector<std::vector<double>> &
  InputMap::waves() const
  {
    return frequencies;
  }



  double
  InputMap::period(const unsigned int coordinate) const
  {
    if (std::find(linear.begin(), linear.end(), coordinate) != linear.end())
      return 0.;
    double lowest = 0.;
    for (const auto &wave : frequencies)
      if (wave[coordinate] != 0. &&
          (lowest == 0. || std::abs(wave[coordinate]) < lowest))
        lowest = std::abs(wave[coordinate]);
    if (lowest == 0.)
      return 0.;
    for (const auto &wave : frequencies)
      {
        const double harmonic = wave[coordinate] / lowest;
        if (std::abs(harmonic - std::round(harmonic)) >
            1e-12 * std::abs(harmonic))
          return 0.;
      }
    return 1. / lowest;
  }



  void
  InputMap::check(const unsigned int n_coordinates) const
  {
    std::vector<bool> is_linear(n_coordinates, false);
    for (const unsigned int coordinate : linear)
      {
        AssertThrow(coordinate < n_coordinates && !is_linear[coordinate],
                    ExcMessage("A linear feature of the input map is of a "
                               "coordinate that does not exist or that has "
                               "one already."));
        is_linear[coordinate] = true;
      }
    for (const auto &wave : frequencies)
      {
        AssertThrow(wave.size() == n_coordinates,
                    ExcMessage("A wave of the input map must have one "
                               "frequency for each of the " +
                               std::to_string(n_coordinates) +
                               " coordinates."));
        for (const double frequency : wave)
          AssertThrow(std::isfinite(frequency),
                      ExcMessage("A frequency of the input map is not a finite "
                                 "number."));
      }
  }



  bool
  InputMap::operator==(const InputMap &other) const
  {
    return linear == other.linear && frequencies == other.frequencies;
  }
} // namespace derl
