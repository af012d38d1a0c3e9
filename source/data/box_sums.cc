// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "box_sums.h"

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "../base/communication.h"

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    namespace
    {
      /**
       * What a rank tells the one in charge.
       */
      struct Message
      {
        std::vector<std::uint64_t> keys;
        std::vector<double>        numbers;

        template <class Archive>
        void
        serialize(Archive &archive, const unsigned int)
        {
          archive &keys &numbers;
        }
      };



      /**
       * The answers to all messages, where lower ranks come first.
       */
      std::map<unsigned int, std::vector<double>>
      combined(const std::map<unsigned int, Message> &messages,
               const Combination                      combination)
      {
        std::map<unsigned int, std::vector<double>>            answers;
        std::unordered_map<std::uint64_t, std::vector<double>> all;
        const auto go = [&](const bool takes, const bool gives) {
          for (const auto &[rank, message] : messages)
            {
              const std::size_t n =
                message.numbers.size() / message.keys.size();
              for (std::size_t k = 0; k < message.keys.size(); ++k)
                {
                  const double *const  part  = message.numbers.data() + k * n;
                  std::vector<double> &total = all[message.keys[k]];
                  const bool           is_first = total.empty();
                  if (is_first)
                    total.assign(n, 0.);
                  if (gives)
                    answers[rank].insert(
                      answers[rank].end(), total.begin(), total.end());
                  if (takes)
                    for (std::size_t i = 0; i < n; ++i)
                      total[i] = combination != Combination::minimum
                                   ? total[i] + part[i]
                                 : is_first ? part[i]
                                            : std::min(total[i], part[i]);
                }
            }
        };
        if (combination == Combination::sum_before)
          go(true, true);
        else
          {
            go(true, false);
            go(false, true);
          }
        return answers;
      }
    } // namespace



    void
    combine_by_key(const MPI_Comm                   &communicator,
                   const std::vector<std::uint64_t> &keys,
                   const Combination                 combination,
                   std::vector<double>              &numbers)
    {
      const unsigned int n_ranks =
        Utilities::MPI::n_mpi_processes(communicator);
      const std::size_t n = keys.empty() ? 0 : numbers.size() / keys.size();
      std::map<unsigned int, Message>                  messages;
      std::map<unsigned int, std::vector<std::size_t>> positions;
      for (std::size_t k = 0; k < keys.size(); ++k)
        {
          const unsigned int in_charge = keys[k] % n_ranks;
          Message           &message   = messages[in_charge];
          message.keys.push_back(keys[k]);
          message.numbers.insert(message.numbers.end(),
                                 numbers.begin() + k * n,
                                 numbers.begin() + (k + 1) * n);
          positions[in_charge].push_back(k);
        }
      const auto answers = Utilities::MPI::some_to_some(
        communicator,
        combined(Utilities::MPI::some_to_some(communicator, messages),
                 combination));
      for (const auto &[rank, answer] : answers)
        for (std::size_t k = 0; k < positions[rank].size(); ++k)
          std::copy(answer.begin() + k * n,
                    answer.begin() + (k + 1) * n,
                    numbers.begin() + positions[rank][k] * n);
      for (unsigned int round = 0; round < 2; ++round)
        count_collective(communicator, numbers.size() * sizeof(double));
    }



    void
    combine_everywhere(const MPI_Comm      &communicator,
                       const Combination    combination,
                       std::vector<double> &numbers)
    {
      count_collective(communicator, numbers.size() * sizeof(double));
      if (combination == Combination::sum)
        Utilities::MPI::sum(numbers, communicator, numbers);
      else if (combination == Combination::minimum)
        Utilities::MPI::min(numbers, communicator, numbers);
      else
        {
          // the first rank's remains as it is
          std::vector<double> before(numbers.size(), 0.);
          const int           ierr = MPI_Exscan(numbers.data(),
                                      before.data(),
                                      numbers.size(),
                                      MPI_DOUBLE,
                                      MPI_SUM,
                                      communicator);
          AssertThrowMPI(ierr);
          numbers = before;
        }
    }
  } // namespace internal
} // namespace derl
