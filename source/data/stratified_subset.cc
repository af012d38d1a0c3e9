// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/samples.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/numbers.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <tuple>

#include "../base/communication.h"
#include "box_sums.h"
#include "hash.h"

namespace derl
{
  using namespace dealii;
  using internal::mix;
  using internal::to_uniform;

  namespace
  {
    /**
     * While there are not more boxes than this, all ranks hold all of them, as
     * each has samples of very many ranks. Then a rank holds those that it has
     * samples in, which few others have.
     */
    constexpr std::size_t max_n_boxes_everywhere = 128;



    /**
     * A part of the bounding box and what is to be taken of it. All but the
     * last member are the same on all ranks that hold it.
     */
    struct Box
    {
      /** of the way to the box; of a million boxes two have the same one with a
          probability of 3e-8 */
      std::uint64_t hash;
      /** samples in the box, and how many of them to take */
      std::uint64_t n_samples, size;
      /** sum of their weights, and what the ones taken are to have */
      double weight, target;

      /** this rank's samples in the box */
      std::vector<unsigned int> indices;

      /** whether other ranks have samples in it, too */
      bool
      is_shared() const
      {
        return indices.size() < n_samples;
      }
    };



    /**
     * Divides boxes, and collects what is taken of them.
     */
    class Stratification
    {
    public:
      Stratification(const MPI_Comm     &communicator,
                     const Samples      &samples,
                     const std::uint64_t size,
                     const std::uint32_t seed)
        : communicator(communicator)
        , samples(samples)
        , size(size)
        , hash(communicator, samples, RandomPurpose::subset, seed)
        , new_weights(samples.size(), 0.)
      {
        std::tie(lower, extent) = bounding_box(communicator, {&samples});
        for (unsigned int d = 0; d < lower.size(); ++d)
          extent[d] = extent[d] > lower[d] ? extent[d] - lower[d] : 1.;

        Box all{mix(seed), 0, size, 0., 0., {}};
        all.indices.resize(samples.size());
        std::iota(all.indices.begin(), all.indices.end(), 0u);
        std::vector<double> sums = {double(samples.size()),
                                    weight_of(all.indices)};
        internal::combine_everywhere(
          communicator, internal::Combination::sum, sums);
        all.n_samples = std::uint64_t(sums[0]);
        all.weight = all.target = sums[1];
        sort_in(std::move(all));
      }

      Samples
      take()
      {
        const unsigned int n_coordinates = samples.n_coordinates();
        for (unsigned int depth = 0;
             depth < n_bits * n_coordinates && has_divisible();
             ++depth)
          {
            divide(depth % n_coordinates, n_bits - 1 - depth / n_coordinates);
            if (everywhere && divisible.size() + last_everywhere.size() >
                                max_n_boxes_everywhere)
              {
                everywhere = false;
                divisible.erase(std::remove_if(divisible.begin(),
                                               divisible.end(),
                                               [](const Box &box) {
                                                 return box.indices.empty();
                                               }),
                                divisible.end());
              }
          }
        // samples at the same point
        std::vector<Box> &undivided = everywhere ? last_everywhere : last;
        std::move(
          divisible.begin(), divisible.end(), std::back_inserter(undivided));
        take_some(last_everywhere, true);
        if (!everywhere)
          take_some(last, false);

        std::vector<unsigned int> chosen;
        std::vector<double>       weights;
        for (unsigned int i = 0; i < samples.size(); ++i)
          if (new_weights[i] > 0.)
            {
              chosen.push_back(i);
              weights.push_back(new_weights[i]);
            }
        Samples result = samples.subset(chosen);
        result.set_weights(weights);
        return result;
      }

    private:
      static constexpr unsigned int n_bits = 30;

      double
      weight_of(const std::vector<unsigned int> &indices) const
      {
        double result = 0;
        for (const unsigned int i : indices)
          result += samples.weight(i);
        return result;
      }

      bool
      has_divisible() const
      {
        return everywhere ? !divisible.empty()
                          : global_count(communicator, divisible.size()) > 0;
      }

      /**
       * Combine numbers of boxes, given as [box][number], over the ranks that
       * hold these, which are either all or those with samples in a box.
       */
      void
      combine(const std::vector<Box>     &boxes,
              const bool                  on_all_ranks,
              const internal::Combination combination,
              std::vector<double>        &numbers) const
      {
        if (on_all_ranks)
          {
            internal::combine_everywhere(communicator, combination, numbers);
            return;
          }
        const std::size_t n = boxes.empty() ? 0 : numbers.size() / boxes.size();
        std::vector<std::uint64_t> keys;
        std::vector<double>        of_shared;
        for (std::size_t b = 0; b < boxes.size(); ++b)
          if (boxes[b].is_shared())
            {
              keys.push_back(boxes[b].hash);
              of_shared.insert(of_shared.end(),
                               numbers.begin() + b * n,
                               numbers.begin() + (b + 1) * n);
            }
        internal::combine_by_key(communicator, keys, combination, of_shared);
        auto next = of_shared.begin();
        for (std::size_t b = 0; b < boxes.size(); ++b)
          if (boxes[b].is_shared())
            {
              std::copy(next, next + n, numbers.begin() + b * n);
              next += n;
            }
          else if (combination == internal::Combination::sum_before)
            std::fill(
              numbers.begin() + b * n, numbers.begin() + (b + 1) * n, 0.);
      }

      /**
       * Where a sample lies along a coordinate, as one of 2^n_bits equal parts
       * of the bounding box.
       */
      std::uint64_t
      position(const unsigned int sample, const unsigned int coordinate) const
      {
        const double distance =
          samples.point(sample)[coordinate] - lower[coordinate];
        // The offset keeps the cuts away from dyadic and other simple fractions
        // of the box, where grids have their points.
        const double part =
          std::floor(std::ldexp(distance / extent[coordinate], n_bits) +
                     (numbers::SQRT2 - 1.) / 2.);
        return std::min(std::uint64_t(part), (std::uint64_t(1) << n_bits) - 1);
      }

      /**
       * Take all of a box, or none, or put it where it belongs.
       */
      void
      sort_in(Box &&box)
      {
        if (box.size == 0 || (!everywhere && box.indices.empty()))
          return;
        if (box.size >= box.n_samples)
          for (const unsigned int i : box.indices)
            new_weights[i] = samples.weight(i) * (box.target / box.weight);
        else
          (box.size > 1 ? divisible
           : everywhere ? last_everywhere
                        : last)
            .push_back(std::move(box));
      }

      /**
       * Bisect all divisible boxes by a bit of the positions of their samples.
       */
      void
      divide(const unsigned int coordinate, const unsigned int bit)
      {
        std::vector<Box> boxes;
        boxes.swap(divisible);
        std::vector<double>                                   sums;
        std::vector<std::array<std::vector<unsigned int>, 2>> halves(
          boxes.size());
        for (unsigned int b = 0; b < boxes.size(); ++b)
          {
            for (const unsigned int i : boxes[b].indices)
              halves[b][(position(i, coordinate) >> bit) & 1].push_back(i);
            sums.push_back(halves[b][0].size());
            sums.push_back(weight_of(halves[b][0]));
            sums.push_back(weight_of(halves[b][1]));
          }
        combine(boxes, everywhere, internal::Combination::sum, sums);

        for (std::size_t b = 0; b < boxes.size(); ++b)
          {
            const Box          &box    = boxes[b];
            const std::uint64_t n[2]   = {std::uint64_t(sums[3 * b]),
                                          box.n_samples -
                                            std::uint64_t(sums[3 * b])};
            const double *const weight = &sums[3 * b + 1];

            const double share =
              double(box.size) * double(n[0]) / double(box.n_samples);
            std::uint64_t size[2];
            size[0] = std::min(
              {std::uint64_t(share + to_uniform(box.hash)), n[0], box.size});
            // against round-off in the share
            if (box.size - size[0] > n[1])
              size[0] = box.size - n[1];
            size[1] = box.size - size[0];

            for (unsigned int h = 0; h < 2; ++h)
              sort_in({mix(box.hash ^ (h + 1)),
                       n[h],
                       size[h],
                       weight[h],
                       size[1 - h] == 0
                         ? box.target
                         : box.target * weight[h] / (weight[0] + weight[1]),
                       std::move(halves[b][h])});
          }
      }

      /**
       * Take one sample of each of these boxes, with probability in proportion
       * to its weight: the first event of Poisson processes with these rates.
       * Or several, if they are at the same point. Lower ranks come first. The
       * numbers depend on the size: those of samples that were chosen for a
       * larger subset tend to be small.
       */
      void
      take_some(const std::vector<Box> &boxes, const bool on_all_ranks)
      {
        const auto time = [&](const unsigned int i) {
          return -std::log1p(-hash.uniform(samples.point(i), size)) /
                 samples.weight(i);
        };
        std::vector<double> first(boxes.size(),
                                  std::numeric_limits<double>::max());
        for (std::size_t b = 0; b < boxes.size(); ++b)
          for (const unsigned int i : boxes[b].indices)
            first[b] = std::min(first[b], time(i));
        combine(boxes, on_all_ranks, internal::Combination::minimum, first);

        std::vector<std::vector<unsigned int>> candidates(boxes.size());
        std::vector<double>                    before(boxes.size());
        for (std::size_t b = 0; b < boxes.size(); ++b)
          {
            for (const unsigned int i : boxes[b].indices)
              if (boxes[b].size > 1 || time(i) == first[b])
                candidates[b].push_back(i);
            before[b] = candidates[b].size();
          }
        combine(boxes, on_all_ranks, internal::Combination::sum_before, before);

        for (std::size_t b = 0; b < boxes.size(); ++b)
          for (std::size_t k = 0; k < candidates[b].size(); ++k)
            if (before[b] + k < boxes[b].size)
              new_weights[candidates[b][k]] = boxes[b].target / boxes[b].size;
      }

      const MPI_Comm      communicator;
      const Samples      &samples;
      const std::uint64_t size;
      const PointHash     hash;
      std::vector<double> new_weights;

      /** the bounding box */
      std::vector<double> lower, extent;

      /** whether each rank holds all boxes now */
      bool everywhere = true;
      /** boxes of which several samples are to be taken, but not all */
      std::vector<Box> divisible;
      /** boxes that are not divided, those that all ranks hold and the others
       */
      std::vector<Box> last_everywhere, last;
    };
  } // namespace



  Samples
  stratified_subset(const MPI_Comm     &communicator,
                    const Samples      &samples,
                    const std::uint64_t size,
                    const std::uint32_t seed)
  {
    run_collectively(communicator, [&]() {
      AssertThrow(size > 0,
                  ExcMessage("A subset must have at least one sample."));
      samples.check();
    });
    return Stratification(communicator, samples, size, seed).take();
  }
} // namespace derl
