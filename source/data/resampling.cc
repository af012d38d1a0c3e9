// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/samples.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/numbers.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "../base/communication.h"
#include "hash.h"

namespace derl
{
  using namespace dealii;

  using internal::mix;
  using internal::to_uniform;



  std::pair<std::vector<double>, std::vector<double>>
  bounding_box(const MPI_Comm                     &communicator,
               const std::vector<const Samples *> &tables)
  {
    const unsigned int  n = tables.at(0)->n_coordinates();
    std::vector<double> lower(n, std::numeric_limits<double>::max());
    std::vector<double> upper(n, std::numeric_limits<double>::lowest());
    for (const Samples *const samples : tables)
      for (unsigned int i = 0; i < samples->size(); ++i)
        for (unsigned int d = 0; d < n; ++d)
          {
            lower[d] = std::min(lower[d], samples->point(i)[d]);
            upper[d] = std::max(upper[d], samples->point(i)[d]);
          }
    Utilities::MPI::min(lower, communicator, lower);
    Utilities::MPI::max(upper, communicator, upper);
    count_collective(communicator, 2 * n * sizeof(double));
    return {lower, upper};
  }



  namespace
  {
    constexpr int n_significant_bits = 30;



    /**
     * A number without what is beyond its significant bits.
     */
    double
    rounded(const double x)
    {
      int          exponent;
      const double mantissa = std::frexp(x, &exponent);
      // The offset keeps the places where rounding jumps away from dyadic and
      // other simple fractions, where grids have their points.
      return std::ldexp(std::floor(std::ldexp(mantissa, n_significant_bits) +
                                   (numbers::SQRT2 - 1.) / 2.),
                        exponent - n_significant_bits);
    }
  } // namespace



  std::vector<double>
  largest_magnitudes(const MPI_Comm &communicator, const Samples &samples)
  {
    std::vector<double> result(samples.n_coordinates(), 0.);
    for (unsigned int i = 0; i < samples.size(); ++i)
      for (unsigned int d = 0; d < result.size(); ++d)
        result[d] = std::max(result[d], std::abs(samples.point(i)[d]));
    Utilities::MPI::max(result, communicator, result);
    count_collective(communicator, result.size() * sizeof(double));
    return result;
  }



  PointHash::PointHash(const MPI_Comm     &communicator,
                       const Samples      &samples,
                       const RandomPurpose purpose,
                       const std::uint32_t seed)
    : PointHash(largest_magnitudes(communicator, samples), purpose, seed)
  {
  }



  PointHash::PointHash(const std::vector<double> &magnitudes,
                       const RandomPurpose        purpose,
                       const std::uint32_t        seed)
    : key(mix((static_cast<std::uint64_t>(purpose) << 32) + seed))
  {
    for (const double magnitude : magnitudes)
      negligible.push_back(std::ldexp(magnitude, -44));
  }



  double
  PointHash::uniform(const double *const point,
                     const std::uint64_t number) const
  {
    std::uint64_t hash = mix(key ^ number);
    for (unsigned int d = 0; d < negligible.size(); ++d)
      {
        const double x =
          std::abs(point[d]) > negligible[d] ? rounded(point[d]) : 0.;
        std::uint64_t bits;
        std::memcpy(&bits, &x, sizeof(x));
        hash = mix(hash ^ bits);
      }
    return to_uniform(hash);
  }



  namespace
  {
    /**
     * The position of an auxiliary column, or one past the last.
     */
    std::size_t
    position_of(const std::string &column, const Samples &samples)
    {
      const std::vector<std::string> &names = samples.auxiliary_names();
      return std::find(names.begin(), names.end(), column) - names.begin();
    }
  } // namespace



  std::pair<std::vector<unsigned int>, std::vector<unsigned int>>
  check_indices(const Samples &samples)
  {
    const std::size_t check      = position_of(check_column, samples);
    const bool        has_checks = check < samples.auxiliary_names().size();
    std::vector<unsigned int> for_training, for_checks;
    for (unsigned int i = 0; i < samples.size(); ++i)
      if (has_checks && samples.auxiliary(i)[check] != 0.)
        for_checks.push_back(i);
      else
        for_training.push_back(i);
    return {std::move(for_training), std::move(for_checks)};
  }



  std::pair<std::vector<unsigned int>, std::vector<unsigned int>>
  held_out_indices(const MPI_Comm     &communicator,
                   const Samples      &samples,
                   const double        fraction,
                   const std::uint32_t seed)
  {
    const PointHash hash(communicator, samples, RandomPurpose::hold_out, seed);
    const std::uint64_t key =
      mix((static_cast<std::uint64_t>(RandomPurpose::hold_out) << 32) + seed);
    const std::size_t cells     = position_of("cell", samples);
    const bool        has_cells = cells < samples.auxiliary_names().size();
    const auto        random    = [&](const unsigned int i) {
      return has_cells ? to_uniform(mix(
                           key ^ std::uint64_t(samples.auxiliary(i)[cells])))
                                 : hash.uniform(samples.point(i), 0);
    };
    auto [for_training, held_out] = check_indices(samples);
    std::vector<unsigned int> rest;
    for (const unsigned int i : for_training)
      if (random(i) < fraction)
        held_out.push_back(i);
      else
        rest.push_back(i);
    std::sort(held_out.begin(), held_out.end());

    const std::uint64_t n_rest = global_count(communicator, rest.size());
    const std::uint64_t n_held_out =
      global_count(communicator, held_out.size());
    run_collectively(communicator, [&]() {
      AssertThrow(n_rest > 0 && n_held_out > 0,
                  ExcMessage("Of " + std::to_string(n_rest + n_held_out) +
                             " samples (" + samples.origin() + ") " +
                             std::to_string(n_held_out) +
                             " would be held out. There must be some of both: "
                             "take more samples, another fraction or "
                             "another seed."));
    });
    return {std::move(rest), std::move(held_out)};
  }



  Samples
  add_noise(const MPI_Comm     &communicator,
            const Samples      &samples,
            const double        deviation,
            const std::uint32_t seed,
            const NoiseScale    scale)
  {
    const unsigned int  n_columns = samples.columns().size();
    std::vector<double> sums(n_columns + 1, 0.);
    for (unsigned int i = 0; i < samples.size(); ++i)
      {
        for (unsigned int c = 0; c < n_columns; ++c)
          sums[c] +=
            samples.weight(i) * std::pow(samples.observations(i)[c], 2);
        sums[n_columns] += samples.weight(i);
      }
    Utilities::MPI::sum(sums, communicator, sums);
    std::vector<double> deviations(n_columns, deviation);
    if (scale == NoiseScale::relative)
      for (unsigned int c = 0; c < n_columns; ++c)
        deviations[c] *= std::sqrt(sums[c] / sums[n_columns]);

    const PointHash     hash(communicator, samples, RandomPurpose::noise, seed);
    Samples             result(samples.n_coordinates(),
                   samples.columns(),
                   samples.origin() + ", with noise",
                   samples.auxiliary_names());
    std::vector<double> observations(n_columns);
    for (unsigned int i = 0; i < samples.size(); ++i)
      {
        const double *const point = samples.point(i);
        for (unsigned int c = 0; c < n_columns; ++c)
          {
            // Box and Muller
            const double gauss =
              std::sqrt(-2. * std::log1p(-hash.uniform(point, 2 * c))) *
              std::cos(2. * numbers::PI * hash.uniform(point, 2 * c + 1));
            observations[c] =
              samples.observations(i)[c] + deviations[c] * gauss;
          }
        result.add(ArrayView<const double>(point, samples.n_coordinates()),
                   ArrayView<const double>(observations.data(), n_columns),
                   samples.weight(i),
                   ArrayView<const double>(samples.auxiliary(i),
                                           samples.auxiliary_names().size()));
      }
    if (samples.has_factors())
      result.set_factors({samples.factors(0), samples.factors(samples.size())});

    std::vector<double> errors = samples.estimated_errors();
    errors.resize(n_columns, 0.);
    for (unsigned int c = 0; c < n_columns; ++c)
      errors[c] = std::hypot(errors[c], deviations[c]);
    result.set_estimated_errors(errors, sums[n_columns]);
    return result;
  }
} // namespace derl
