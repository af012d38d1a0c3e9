// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/samples.h>

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "../base/communication.h"
#include "sample_group.h"

namespace derl
{
  using namespace dealii;

  SumOfSquares::SumOfSquares(const Surrogate &surrogate,
                             const MPI_Comm  &communicator,
                             const Precision  precision)
    : surrogate(surrogate)
    , communicator(communicator)
    , precision(precision)
    , agreed_seconds(0)
  {
  }



  SumOfSquares::~SumOfSquares() = default;



  void
  SumOfSquares::add_term(const Term &term)
  {
    Residual::Binding binding;
    run_collectively(communicator, [&]() {
      const std::string label = "The term '" + term.name + "' ";
      AssertThrow(term.samples != nullptr && term.residual != nullptr,
                  ExcMessage(label + "has no samples or no residual."));
      AssertThrow(std::isfinite(term.weight) && term.weight >= 0,
                  ExcMessage("The weight of the term '" + term.name +
                             "' must be a finite number that is not "
                             "negative."));
      for (const auto &other : terms)
        AssertThrow(other.term.name != term.name,
                    ExcMessage("There are two terms of the name '" + term.name +
                               "'. Rename one."));
      const Samples     &samples = *term.samples;
      const unsigned int dim     = surrogate.n_coordinates();
      AssertThrow(
        samples.n_coordinates() == dim,
        ExcMessage("The samples of the term '" + term.name + "' have " +
                   std::to_string(samples.n_coordinates()) +
                   " coordinates, but the network has " + std::to_string(dim) +
                   " inputs. Make them "
                   "equal."));
      for (const JetEntry &column : samples.columns())
        AssertThrow(column.component < surrogate.n_components(),
                    ExcMessage("The samples of the term '" + term.name +
                               "' have more components than the network. Give "
                               "the network more outputs."));
      samples.check();
      try
        {
          binding = term.residual->bind(
            surrogate.names(), {samples.columns(), samples.auxiliary_names()});
        }
      catch (const std::exception &exception)
        {
          AssertThrow(
            false,
            ExcMessage(label + "does not fit: " + error_message(exception)));
        }
      Residual::check(binding,
                      dim,
                      samples.columns().size() +
                        samples.auxiliary_names().size());
      for (const JetEntry &entry : binding.entries)
        AssertThrow(order(entry.derivative) <= 4,
                    ExcMessage(label + "reads a derivative of an order above "
                                       "four."));
    });

    unsigned int g = 0;
    while (g < groups.size() && groups[g]->samples != term.samples)
      ++g;
    if (g == groups.size())
      {
        auto group = std::make_unique<Group>(term.samples);
        group->count(communicator, group->training);
        group->count(communicator, group->held_out);
        run_collectively(communicator, [&]() {
          AssertThrow(group->training.n_global > 0,
                      ExcMessage("The term '" + term.name +
                                 "' has no samples on any rank. Choose a finer "
                                 "mesh, more points, or leave the term out."));
        });
        groups.push_back(std::move(group));
      }

    // all checks are passed: a term that was refused leaves no trace
    double multiplicity = 0.;
    for (const Residual::Row &row : binding.rows)
      multiplicity += row.multiplicity;
    groups[g]->add_term(terms.size(), term.residual, binding);
    terms.push_back(
      {term, multiplicity, g, std::vector<double>(binding.rows.size(), 1.)});
    weights.push_back(term.weight);
    values.assign(terms.size(), std::numeric_limits<double>::quiet_NaN());
    is_prepared = false;
  }



  void
  SumOfSquares::hold_out(const double fraction, const std::uint32_t seed)
  {
    check_has_terms();
    held_out_share = fraction;
    held_out_seed  = seed;
    for (const auto &group : groups)
      split(*group);
    is_prepared = false;
  }



  void
  SumOfSquares::split(Group &group) const
  {
    std::tie(group.training.indices, group.held_out.indices) =
      held_out_share > 0.
        ? held_out_indices(
            communicator, *group.samples, held_out_share, held_out_seed)
        : check_indices(*group.samples);
    group.count(communicator, group.training);
    group.count(communicator, group.held_out);
    group.in_use.indices = group.training.indices;
  }



  std::shared_ptr<const Samples>
  SumOfSquares::replace_samples(const std::string                    &name,
                                const std::shared_ptr<const Samples> &samples)
  {
    std::shared_ptr<const Samples> old_samples;
    run_collectively(communicator, [&]() {
      for (const TermData &data : terms)
        if (data.term.name == name)
          old_samples = data.term.samples;
      AssertThrow(old_samples != nullptr,
                  ExcMessage("There is no term '" + name + "'."));
      const Samples &old = *old_samples;
      AssertThrow(samples->n_coordinates() == old.n_coordinates() &&
                    samples->columns() == old.columns() &&
                    samples->auxiliary_names() == old.auxiliary_names() &&
                    samples->has_factors() == old.has_factors(),
                  ExcMessage("Samples for the term '" + name +
                             "' must have the coordinates and columns of those "
                             "that they replace, and factors if these have."));
      samples->check();
    });
    // a table without any is refused before the old one is given up
    Group trial(samples);
    split(trial);
    run_collectively(communicator, [&]() {
      AssertThrow(trial.training.n_global > 0,
                  ExcMessage("There are no new samples for the term '" + name +
                             "' on any rank."));
    });

    for (TermData &data : terms)
      if (data.term.samples == old_samples)
        data.term.samples = samples;
    for (const auto &group : groups)
      if (group->samples == old_samples)
        group->take_samples(trial);
    linearization_point.reinit(0);
    is_prepared = false;
    ++n_replacements;
    return old_samples;
  }



  unsigned int
  SumOfSquares::revision() const
  {
    return n_replacements;
  }



  double
  SumOfSquares::held_out_value(const Vector<double> &x)
  {
    prepare();
    AssertDimension(x.size(), n_parameters());
    std::vector<double> scale;
    for (const TermData &data : terms)
      scale.push_back(
        1. / (data.multiplicity * groups[data.group]->judged().weight));
    std::vector<double> sums(terms.size());
    sum_agreed(communicator, sums, [&]() {
      for (const auto &group : groups)
        {
          group->gather_judged();
          group->plan->set_parameters(x, *group->workspace);
          group->plan->evaluate(
            group->of_judged.points(),
            *group->workspace,
            [&](const unsigned int first, const JetBlock &jets) {
              for (const Group::Row &row :
                   group->evaluate(group->of_judged, first, jets, scale))
                sums[row.term] += row.sum_of_squares(jets.n_points());
            });
        }
    });
    return weighted_sum(sums.data());
  }



  void
  SumOfSquares::prepare()
  {
    check_has_terms();
    if (is_prepared && surrogate_of_plans.has_equal_plans(surrogate))
      return;
    run_collectively(communicator, [&]() {
      for (const auto &group : groups)
        group->prepare(surrogate, precision);
    });
    surrogate_of_plans = surrogate;
    is_prepared        = true;
  }



  void
  SumOfSquares::set_weights(const std::vector<double> &new_weights)
  {
    AssertThrow(new_weights.size() == terms.size(),
                ExcMessage("There must be one weight for each term."));
    for (unsigned int t = 0; t < terms.size(); ++t)
      AssertThrow(std::isfinite(new_weights[t]) && new_weights[t] >= 0,
                  ExcMessage("The weight of the term '" + terms[t].term.name +
                             "' must be a finite number that is not "
                             "negative."));
    weights = new_weights;
  }



  unsigned int
  SumOfSquares::n_parameters() const
  {
    return surrogate.architecture.n_parameters();
  }



  std::vector<double>
  SumOfSquares::scales() const
  {
    std::vector<double> result;
    for (const TermData &data : terms)
      result.push_back(
        (in_batches ? batches : 1) /
        (data.multiplicity * groups[data.group]->training.weight));
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
    values.assign(sums, sums + terms.size());
    agreed_seconds = sums[terms.size()];
    return weighted_sum(sums);
  }



  double
  SumOfSquares::weighted_sum(const double *const sums) const
  {
    double value = 0;
    for (unsigned int t = 0; t < terms.size(); ++t)
      // a term without weight may overflow
      if (weights[t] > 0)
        value += weights[t] * sums[t];
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
    prepare();
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
            group->in_use.points(),
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
    for (unsigned int i = 0; i < penalty_factors.size(); ++i)
      gradient(i) += 2. * penalty_factors(i) * (x(i) - penalty_center(i));
    return finish_evaluation(fused.data() + n) + penalty(x);
  }



  double
  SumOfSquares::elapsed_seconds() const
  {
    return agreed_seconds;
  }



  void
  SumOfSquares::restart_clock()
  {
    ObjectiveFunction::restart_clock();
    agreed_seconds = 0;
  }



  std::vector<SumOfSquares::TermValue>
  SumOfSquares::term_values() const
  {
    std::vector<TermValue> result;
    for (unsigned int t = 0; t < terms.size(); ++t)
      result.push_back({terms[t].term.name, weights[t], values[t]});
    return result;
  }



  std::vector<double>
  SumOfSquares::initial_weights() const
  {
    std::vector<double> result;
    for (const TermData &data : terms)
      result.push_back(data.term.weight);
    return result;
  }



  std::vector<double>
  SumOfSquares::mean_sample_weights() const
  {
    std::vector<double> result;
    for (const TermData &data : terms)
      {
        const Group::Part &part = groups[data.group]->training;
        result.push_back(part.weight / part.n_global);
      }
    return result;
  }



  std::uint64_t
  SumOfSquares::n_samples() const
  {
    std::uint64_t n = 0;
    for (const auto &group : groups)
      n += group->training.n_global;
    return n;
  }



  std::uint64_t
  SumOfSquares::n_held_out_samples() const
  {
    std::uint64_t n = 0;
    for (const auto &group : groups)
      n += group->held_out.n_global;
    return n;
  }



  std::pair<std::vector<double>, std::vector<double>>
  SumOfSquares::bounding_box() const
  {
    check_has_terms();
    return derl::bounding_box(communicator, tables());
  }



  std::vector<const Samples *>
  SumOfSquares::tables() const
  {
    std::vector<const Samples *> result;
    for (const auto &group : groups)
      result.push_back(group->samples.get());
    return result;
  }
} // namespace derl
