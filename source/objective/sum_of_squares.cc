// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/communication.h>
#include <derl/base/random.h>

#include <derl/data/resampling.h>

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sample_group.h"

namespace derl
{
  using namespace dealii;

  SumOfSquares::SumOfSquares(const Surrogate         &surrogate,
                             const MPI_Comm          &communicator,
                             const JetPlan::Precision precision)
    : prototype(surrogate)
    , communicator(communicator)
    , precision(precision)
    , agreed_seconds(0)
  {
  }



  SumOfSquares::~SumOfSquares() = default;



  void
  SumOfSquares::add_term(std::unique_ptr<const Term> term)
  {
    const Samples &samples      = *term->samples();
    double         local_weight = 0;
    run_agreed(communicator, [&]() {
      AssertThrow(samples.n_coordinates() == prototype.architecture.n_inputs,
                  ExcMessage("The samples of the term '" + term->name() +
                             "' have " +
                             std::to_string(samples.n_coordinates()) +
                             " coordinates, but the network has " +
                             std::to_string(prototype.architecture.n_inputs) +
                             " inputs. Make them equal."));
      for (const JetEntry &entry : term->jet_entries())
        {
          AssertThrow(entry.component < prototype.architecture.n_outputs,
                      ExcMessage("The term '" + term->name() +
                                 "' needs more components than the network "
                                 "has. Give the network more outputs."));
          AssertThrow(
            entry.derivative.size() == samples.n_coordinates(),
            ExcMessage("The term '" + term->name() + "' is made for " +
                       std::to_string(entry.derivative.size()) +
                       " coordinates, but its samples have " +
                       std::to_string(samples.n_coordinates()) + "."));
        }
      for (const auto &other : terms)
        AssertThrow(other->name() != term->name(),
                    ExcMessage("There are two terms of the name '" +
                               term->name() + "'. Rename one."));
      samples.check();
      for (unsigned int i = 0; i < samples.size(); ++i)
        local_weight += samples.weight(i);
    });

    const double rows = std::accumulate(
      term->row_weights().begin(), term->row_weights().end(), 0.);
    const std::uint64_t n_global =
      Utilities::MPI::sum(std::uint64_t(samples.size()), communicator);
    run_agreed(communicator, [&]() {
      AssertThrow(n_global > 0,
                  ExcMessage("The term '" + term->name() +
                             "' has no samples on any rank. Choose a finer "
                             "mesh, more points, or leave the term out."));
    });
    const double total_weight =
      rows * Utilities::MPI::sum(local_weight, communicator);
    const std::uint64_t n_local  = samples.size();
    std::uint64_t       n_before = 0;
    const int           ierr =
      MPI_Exscan(&n_local, &n_before, 1, MPI_UINT64_T, MPI_SUM, communicator);
    AssertThrowMPI(ierr);

    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto &g) {
      return g->samples == term->samples();
    });
    std::unique_ptr<Group>              new_group;
    std::unique_ptr<JetPlan>            plan;
    std::unique_ptr<JetPlan::Workspace> workspace;
    run_agreed(communicator, [&]() {
      if (group == groups.end())
        new_group = std::make_unique<Group>(term->samples());
      const Group &of_term = new_group ? *new_group : **group;
      plan                 = std::make_unique<JetPlan>(
        prototype.make_plan(of_term.needed_derivatives(*term), precision));
      workspace = std::make_unique<JetPlan::Workspace>(*plan);
    });

    // all checks are passed: a term that was refused leaves no trace
    if (new_group)
      {
        new_group->n_global = n_global;
        new_group->n_before = n_before;
        groups.push_back(std::move(new_group));
        group = std::prev(groups.end());
      }
    (*group)->add_term(
      term.get(), terms.size(), std::move(plan), std::move(workspace));
    total_weights.push_back(total_weight);
    sample_weights.push_back(total_weight / rows / n_global);
    weights.push_back(term->weight());
    terms.push_back(std::move(term));
    values.assign(terms.size(), std::numeric_limits<double>::quiet_NaN());
  }



  void
  SumOfSquares::set_weights(const std::vector<double> &new_weights)
  {
    AssertThrow(new_weights.size() == terms.size(),
                ExcMessage("There must be one weight for each term."));
    for (unsigned int t = 0; t < terms.size(); ++t)
      AssertThrow(std::isfinite(new_weights[t]) && new_weights[t] >= 0,
                  ExcMessage("The weight of the term '" + terms[t]->name() +
                             "' must be a finite number that is not "
                             "negative."));
    weights = new_weights;
  }



  unsigned int
  SumOfSquares::n_parameters() const
  {
    return prototype.architecture.n_parameters();
  }



  std::vector<double>
  SumOfSquares::scales() const
  {
    std::vector<double> result;
    for (const double total : total_weights)
      result.push_back((in_batches ? batches : 1) / total);
    return result;
  }



  void
  SumOfSquares::check_has_terms() const
  {
    AssertThrow(!terms.empty(),
                ExcMessage("There is nothing to minimize: add a term."));
  }



  void
  SumOfSquares::check_is_linearized() const
  {
    AssertThrow(linearization_point.size() == n_parameters(),
                ExcMessage("Choose the point of a product with the Jacobian "
                           "by linearize()."));
  }



  double
  SumOfSquares::finish_evaluation(const double *const sums)
  {
    double value = 0;
    for (unsigned int t = 0; t < terms.size(); ++t)
      {
        values[t] = sums[t];
        // a term without weight may overflow
        if (weights[t] > 0)
          value += weights[t] * values[t];
      }
    agreed_seconds = sums[terms.size()];
    return value;
  }



  double
  SumOfSquares::first_rank_seconds() const
  {
    return Utilities::MPI::this_mpi_process(communicator) == 0
             ? ObjectiveFunction::elapsed_seconds()
             : 0.;
  }



  double
  SumOfSquares::value_and_gradient(const Vector<double> &x,
                                   Vector<double>       &gradient)
  {
    check_has_terms();
    AssertDimension(x.size(), n_parameters());

    // One reduction carries everything that ranks must agree on: gradient,
    // terms, errors and the clock.
    const unsigned int  n = n_parameters();
    std::vector<double> fused(n + terms.size() + 1);
    sum_agreed(communicator, fused, [&]() {
      Vector<double> local_gradient(n);
      double *const  sums  = fused.data() + n;
      const auto     scale = scales();
      for (const auto &group : groups)
        {
          group->plan->set_parameters(x, *group->workspace);
          group->plan->add_gradient(
            group->points(),
            *group->workspace,
            [&](const unsigned int first,
                const JetBlock    &jets,
                const JetBlock    &adjoints) {
              for (Group::Row &row : group->linearize(first, jets, scale))
                {
                  sums[row.term] += row.sum_of_squares(jets.n_points());
                  if (weights[row.term] > 0)
                    row.add_adjoints(
                      [&](const unsigned int k) {
                        return 2 * weights[row.term] * row.weights[k] *
                               row.residuals[k];
                      },
                      adjoints);
                }
            },
            local_gradient);
        }
      std::copy(local_gradient.begin(), local_gradient.end(), fused.begin());
      sums[terms.size()] = first_rank_seconds();
      gradient.reinit(n, true);
    });

    std::copy_n(fused.begin(), n, gradient.begin());
    return finish_evaluation(fused.data() + n);
  }



  void
  SumOfSquares::set_batch_size(const unsigned int size, const unsigned int seed)
  {
    AssertThrow(size > 0, ExcMessage("A mini-batch needs samples."));
    std::uint64_t largest = 0;
    for (const auto &group : groups)
      largest = std::max(largest, group->n_global);
    const std::uint64_t n = (largest + size - 1) / size;
    AssertThrow(n <= std::numeric_limits<unsigned int>::max(),
                ExcMessage("There would be " + std::to_string(n) +
                           " mini-batches. Make them larger."));
    batch_seed = seed;
    batches    = n;
    // steps of the golden ratio visit all parts of a period evenly
    batch_stride = std::max(1L, std::lround(0.6180339887498949 * batches));
    while (std::gcd(batch_stride, std::uint64_t(batches)) > 1)
      ++batch_stride;
    for (const auto &group : groups)
      group->epoch = numbers::invalid_unsigned_int;
  }



  unsigned int
  SumOfSquares::n_batches() const
  {
    return batches;
  }



  void
  SumOfSquares::use_batch(const unsigned int epoch, const unsigned int batch)
  {
    AssertIndexRange(batch, batches);
    in_batches                 = true;
    const unsigned int rank    = Utilities::MPI::this_mpi_process(communicator);
    const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    for (unsigned int g = 0; g < groups.size(); ++g)
      {
        Group     &group  = *groups[g];
        const auto stream = [&](const unsigned int number) {
          // any numbers will do that differ between epochs, streams, tables
          return RandomStream(batch_seed + 2654435761u * epoch +
                              40503u * number + 97u * g);
        };
        if (group.epoch != epoch)
          {
            group.permutation = stream(rank).permutation(group.samples->size());
            // a stream of all ranks
            group.shift = stream(n_ranks).uniform() * batches;
            group.epoch = epoch;
          }

        // The samples of all ranks, one rank after the other, are dealt out
        // like cards. The shift gives each batch the same share on average.
        const std::uint64_t residue =
          (group.shift + batch * batch_stride) % batches;
        std::vector<unsigned int> chosen;
        for (std::uint64_t i =
               (residue + batches - group.n_before % batches) % batches;
             i < group.permutation.size();
             i += batches)
          chosen.push_back(group.permutation[i]);
        group.select(std::move(chosen));
      }
  }



  void
  SumOfSquares::use_all_samples()
  {
    if (!in_batches)
      return;
    in_batches = false;
    for (const auto &group : groups)
      group->select_all();
  }



  double
  SumOfSquares::elapsed_seconds() const
  {
    return agreed_seconds;
  }



  std::vector<SumOfSquares::TermValue>
  SumOfSquares::term_values() const
  {
    std::vector<TermValue> result;
    for (unsigned int t = 0; t < terms.size(); ++t)
      result.push_back({terms[t]->name(), weights[t], values[t]});
    return result;
  }



  std::vector<double>
  SumOfSquares::own_weights() const
  {
    std::vector<double> result;
    for (const auto &term : terms)
      result.push_back(term->weight());
    return result;
  }



  std::vector<double>
  SumOfSquares::mean_sample_weights() const
  {
    return sample_weights;
  }



  std::uint64_t
  SumOfSquares::n_samples() const
  {
    std::uint64_t n = 0;
    for (const auto &group : groups)
      n += group->n_global;
    return n;
  }



  std::pair<std::vector<double>, std::vector<double>>
  SumOfSquares::bounding_box() const
  {
    check_has_terms();
    std::vector<const Samples *> tables;
    for (const auto &group : groups)
      tables.push_back(group->samples.get());
    return derl::bounding_box(communicator, tables);
  }
} // namespace derl
