// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_rank_directory_h
#define derl_data_rank_directory_h

#include <deal.II/base/bounding_box.h>
#include <deal.II/base/exceptions.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/point.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "../base/communication.h"
#include "hash.h"

namespace derl
{
  namespace internal
  {
    /**
     * Finds the ranks whose boxes may have some points.
     *
     * deal.II's RemotePointEvaluation and
     * GridTools::distributed_compute_point_locations() let every rank gather
     * the boxes of all. Here the boxes are in a directory that is distributed
     * over the ranks: space is divided into bins of several sizes, each in the
     * charge of a rank, and a box is known to those bins of about its size that
     * it touches, at most 2^dim of them. Who looks for points asks those in
     * charge of the bins around them, one for each size of bins that is in use.
     * So a rank sends and keeps as much as it has boxes and bins around its
     * points, whatever the number of ranks. Only a box that is larger than a
     * bin of one rank's share of the domain is known to more bins, and the
     * ranks in charge of bins where very many ranks meet keep the boxes of all
     * these.
     */
    template <int dim>
    class RankDirectory
    {
    public:
      using Boxes =
        std::vector<std::pair<dealii::BoundingBox<dim>, unsigned int>>;

      /**
       * Collective.
       *
       * @param boxes of this rank.
       */
      RankDirectory(const MPI_Comm                              &communicator,
                    const std::vector<dealii::BoundingBox<dim>> &boxes)
        : communicator(communicator)
        , n_ranks(dealii::Utilities::MPI::n_mpi_processes(communicator))
      {
        set_bounds(boxes);
        const unsigned int rank =
          dealii::Utilities::MPI::this_mpi_process(communicator);
        std::map<unsigned int, std::vector<Entry>> entries;
        for (const auto &box : boxes)
          {
            const unsigned int level = level_of(box);
            levels |= std::uint64_t(1) << level;
            for (const std::uint64_t bin : bins_at(box, level))
              entries[bin % n_ranks].push_back({bin, box, rank});
          }
        const int ierr = MPI_Allreduce(
          MPI_IN_PLACE, &levels, 1, MPI_UINT64_T, MPI_BOR, communicator);
        AssertThrowMPI(ierr);
        count_collective(communicator, sizeof(levels));
        for (const auto &[from, parts] :
             dealii::Utilities::MPI::some_to_some(communicator, entries))
          for (const Entry &entry : parts)
            in_charge[entry.bin].emplace_back(entry.box, entry.rank);
      }

      /**
       * The boxes, with their ranks, that may have one of the points. Boxes may
       * occur several times. Collective.
       */
      Boxes
      around(const std::vector<dealii::Point<dim>> &points) const
      {
        std::set<std::uint64_t> bins;
        for (const dealii::Point<dim> &x : points)
          for (unsigned int level = 0; level <= max_level; ++level)
            if ((levels >> level) & 1)
              {
                const Index index = index_of(x, level);
                bins.insert(number(index, level));
              }
        std::map<unsigned int, std::vector<std::uint64_t>> questions;
        for (const std::uint64_t bin : bins)
          questions[bin % n_ranks].push_back(bin);

        std::map<unsigned int, std::vector<Entry>> answers;
        for (const auto &[rank, asked] :
             dealii::Utilities::MPI::some_to_some(communicator, questions))
          for (const std::uint64_t bin : asked)
            if (const auto boxes = in_charge.find(bin);
                boxes != in_charge.end())
              for (const auto &[box, owner] : boxes->second)
                answers[rank].push_back({bin, box, owner});
        Boxes result;
        for (const auto &[rank, entries] :
             dealii::Utilities::MPI::some_to_some(communicator, answers))
          for (const Entry &entry : entries)
            result.emplace_back(entry.box, entry.rank);
        return result;
      }

    private:
      static constexpr unsigned int max_level = 40;

      using Index = std::array<std::uint64_t, dim>;

      struct Entry
      {
        std::uint64_t            bin;
        dealii::BoundingBox<dim> box;
        unsigned int             rank;

        template <class Archive>
        void
        serialize(Archive &archive, const unsigned int)
        {
          archive &bin &box &rank;
        }
      };

      /**
       * The bounds of all boxes.
       */
      void
      set_bounds(const std::vector<dealii::BoundingBox<dim>> &boxes)
      {
        // lower bounds, and upper ones with the other sign
        std::vector<double> bounds(2 * dim, std::numeric_limits<double>::max());
        for (const auto &box : boxes)
          for (unsigned int d = 0; d < dim; ++d)
            {
              bounds[d]       = std::min(bounds[d], box.lower_bound(d));
              bounds[dim + d] = std::min(bounds[dim + d], -box.upper_bound(d));
            }
        dealii::Utilities::MPI::min(bounds, communicator, bounds);
        count_collective(communicator, bounds.size() * sizeof(double));
        for (unsigned int d = 0; d < dim; ++d)
          {
            lower[d]  = bounds[d];
            extent[d] = std::max(-bounds[dim + d] - bounds[d],
                                 std::numeric_limits<double>::min());
          }
        while ((std::uint64_t(2) << (dim * min_level)) <= n_ranks)
          ++min_level;
      }

      /**
       * The level whose bins, 2^level in each direction, are just as large as a
       * box.
       */
      unsigned int
      level_of(const dealii::BoundingBox<dim> &box) const
      {
        unsigned int level = max_level;
        for (unsigned int d = 0; d < dim; ++d)
          while (level > min_level &&
                 std::ldexp(box.side_length(d), level) > extent[d])
            --level;
        return level;
      }

      Index
      index_of(const dealii::Point<dim> &x, const unsigned int level) const
      {
        Index        index;
        const double n = std::ldexp(1., level);
        for (unsigned int d = 0; d < dim; ++d)
          // in this order what is not a number becomes zero
          index[d] = std::uint64_t(std::min(
            n - 1.,
            std::max(0., std::floor((x[d] - lower[d]) / extent[d] * n))));
        return index;
      }

      /**
       * A number for a bin. Two bins with the same one become one.
       */
      static std::uint64_t
      number(const Index &index, const unsigned int level)
      {
        std::uint64_t result = mix(level);
        for (const std::uint64_t i : index)
          result = mix(result ^ i);
        return result;
      }

      std::vector<std::uint64_t>
      bins_at(const dealii::BoundingBox<dim> &box,
              const unsigned int              level) const
      {
        const auto                &corners = box.get_boundary_points();
        const Index                first   = index_of(corners.first, level);
        const Index                last    = index_of(corners.second, level);
        Index                      index   = first;
        std::vector<std::uint64_t> result;
        while (true)
          {
            result.push_back(number(index, level));
            unsigned int d = 0;
            while (d < dim && index[d] == last[d])
              {
                index[d] = first[d];
                ++d;
              }
            if (d == dim)
              return result;
            ++index[d];
          }
      }

      const MPI_Comm     communicator;
      const unsigned int n_ranks;

      dealii::Point<dim> lower, extent;
      /** The level of the largest bins, about as many as there are ranks. */
      unsigned int min_level = 0;
      /** A bit for each level that has boxes. */
      std::uint64_t levels = 0;

      std::map<std::uint64_t, Boxes> in_charge;
    };
  } // namespace internal
} // namespace derl

#endif
