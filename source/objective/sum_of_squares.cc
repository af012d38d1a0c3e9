// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/random.h>

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace derl
{
  using namespace dealii;

  /**
   * The terms on one table of samples.
   */
  struct SumOfSquares::Group
  {
    explicit Group(const std::shared_ptr<const Samples> &samples)
      : samples(samples)
    {
    }

    /**
     * A term and where the jet entries it needs are in the plan's jets.
     */
    struct Member
    {
      const Term               *term;
      unsigned int              index;
      std::vector<unsigned int> derivative;

      std::vector<std::vector<double>> residuals;
      std::vector<std::vector<double>> derivatives;
      std::vector<double *>            residual_arrays;
      std::vector<double *>            derivative_arrays;
      std::vector<const double *>      jet_arrays;

      /**
       * Make room for @p n points.
       */
      void
      reserve(const unsigned int n);
    };

    /**
     * Take the samples with the given indices into use.
     */
    void
    select(std::vector<unsigned int> indices);

    const std::shared_ptr<const Samples> samples;
    std::uint64_t                        n_global = 0;
    std::vector<Member>                  members;
    std::unique_ptr<JetPlan>             plan;
    std::unique_ptr<JetPlan::Workspace>  workspace;

    /** The samples in use and their points. */
    std::vector<unsigned int> selected;
    std::vector<double>       points;

    unsigned int              epoch = numbers::invalid_unsigned_int;
    std::vector<unsigned int> permutation;
  };



  void
  SumOfSquares::Group::Member::reserve(const unsigned int n)
  {
    if (!residuals.empty() && residuals[0].size() >= n)
      return;
    residuals.assign(term->row_weights().size(), std::vector<double>(n));
    derivatives.assign(term->pattern().size(), std::vector<double>(n));
    residual_arrays.clear();
    for (auto &array : residuals)
      residual_arrays.push_back(array.data());
    derivative_arrays.clear();
    for (auto &array : derivatives)
      derivative_arrays.push_back(array.data());
    jet_arrays.resize(term->jet_entries().size());
  }



  void
  SumOfSquares::Group::select(std::vector<unsigned int> indices)
  {
    const unsigned int dim = samples->n_coordinates();
    selected               = std::move(indices);
    points.resize(selected.size() * dim);
    for (unsigned int i = 0; i < selected.size(); ++i)
      std::copy_n(samples->point(selected[i]), dim, &points[i * dim]);
  }



  SumOfSquares::SumOfSquares(const Surrogate &surrogate,
                             const MPI_Comm  &communicator)
    : prototype(surrogate)
    , communicator(communicator)
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

    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto &g) {
      return g->samples == term->samples();
    });
    DerivativeSet needed(samples.n_coordinates());
    const auto    add_needed = [&](const Term &t) {
      for (const JetEntry &entry : t.jet_entries())
        needed =
          needed | DerivativeSet(samples.n_coordinates(), {entry.derivative});
    };
    add_needed(*term);
    if (group != groups.end())
      for (const Group::Member &m : (*group)->members)
        add_needed(*m.term);
    std::unique_ptr<JetPlan>            plan;
    std::unique_ptr<JetPlan::Workspace> workspace;
    run_agreed(communicator, [&]() {
      plan      = std::make_unique<JetPlan>(prototype.make_plan(needed));
      workspace = std::make_unique<JetPlan::Workspace>(*plan);
    });

    // all checks are passed: a term that was refused leaves no trace
    if (group == groups.end())
      {
        groups.push_back(std::make_unique<Group>(term->samples()));
        group = std::prev(groups.end());
        std::vector<unsigned int> all(samples.size());
        std::iota(all.begin(), all.end(), 0u);
        (*group)->select(std::move(all));
        (*group)->n_global = n_global;
      }
    Group::Member member;
    member.term  = term.get();
    member.index = terms.size();
    (*group)->members.push_back(std::move(member));
    for (Group::Member &m : (*group)->members)
      {
        m.derivative.clear();
        for (const JetEntry &entry : m.term->jet_entries())
          m.derivative.push_back(needed.index_of(entry.derivative));
      }
    (*group)->plan      = std::move(plan);
    (*group)->workspace = std::move(workspace);
    total_weights.push_back(total_weight);
    terms.push_back(std::move(term));
    values.assign(terms.size(), std::numeric_limits<double>::quiet_NaN());
  }



  unsigned int
  SumOfSquares::n_parameters() const
  {
    return prototype.architecture.n_parameters();
  }



  void
  SumOfSquares::add_local(const Vector<double> &x,
                          Vector<double>       &gradient,
                          std::vector<double>  &term_sums)
  {
    for (const auto &group : groups)
      {
        group->plan->set_parameters(x, *group->workspace);
        const auto loss = [&](const unsigned int first,
                              const JetBlock    &jets,
                              const JetBlock    &adjoints) {
          const unsigned int                  n = jets.n_points();
          const ArrayView<const unsigned int> batch(&group->selected[first], n);
          for (Group::Member &member : group->members)
            {
              const Term &term    = *member.term;
              const auto &entries = term.jet_entries();
              member.reserve(n);
              for (unsigned int e = 0; e < entries.size(); ++e)
                member.jet_arrays[e] =
                  jets(entries[e].component, member.derivative[e]);
              term.linearize(batch,
                             member.jet_arrays,
                             member.residual_arrays,
                             member.derivative_arrays);

              const double scale =
                1. / total_weights[member.index] * (in_batches ? batches : 1);
              const auto &row_weights = term.row_weights();
              double      sum         = 0;
              for (unsigned int row = 0; row < row_weights.size(); ++row)
                for (unsigned int k = 0; k < n; ++k)
                  {
                    const double r = member.residual_arrays[row][k];
                    const double weighted =
                      row_weights[row] * group->samples->weight(batch[k]) * r;
                    sum += weighted * r;
                    member.residual_arrays[row][k] =
                      2 * term.weight() * scale * weighted;
                  }
              term_sums[member.index] += scale * sum;

              const auto &pattern = term.pattern();
              for (unsigned int i = 0; i < pattern.size(); ++i)
                {
                  const unsigned int  e = pattern[i].entry;
                  const double *const r =
                    member.residual_arrays[pattern[i].row];
                  const double *const derivative = member.derivative_arrays[i];
                  double *const       adjoint =
                    adjoints(entries[e].component, member.derivative[e]);
                  for (unsigned int k = 0; k < n; ++k)
                    adjoint[k] += r[k] * derivative[k];
                }
            }
        };
        group->plan->add_gradient(
          ArrayView<const double>(group->points.data(), group->points.size()),
          *group->workspace,
          loss,
          gradient);
      }
  }



  double
  SumOfSquares::value_and_gradient(const Vector<double> &x,
                                   Vector<double>       &gradient)
  {
    AssertThrow(!terms.empty(),
                ExcMessage("There is nothing to minimize: add a term."));
    AssertDimension(x.size(), n_parameters());

    Vector<double>      local_gradient(n_parameters());
    std::vector<double> term_sums(terms.size(), 0.);
    bool                failed = false;
    std::string         message;
    try
      {
        add_local(x, local_gradient, term_sums);
      }
    catch (const std::exception &exception)
      {
        failed  = true;
        message = error_message(exception);
      }

    // One reduction carries everything that ranks must agree on. The clock is
    // the first rank's.
    const unsigned int  rank = Utilities::MPI::this_mpi_process(communicator);
    std::vector<double> fused(local_gradient.begin(), local_gradient.end());
    fused.insert(fused.end(), term_sums.begin(), term_sums.end());
    fused.push_back(failed ? 1. : 0.);
    fused.push_back(rank == 0 ? ObjectiveFunction::elapsed_seconds() : 0.);
    Utilities::MPI::sum(ArrayView<const double>(fused.data(), fused.size()),
                        communicator,
                        ArrayView<double>(fused.data(), fused.size()));

    agreed_seconds        = fused[fused.size() - 1];
    const double n_failed = fused[fused.size() - 2];
    if (n_failed != 0)
      run_agreed(communicator, [&]() {
        if (failed)
          throw std::runtime_error(message);
      });

    gradient.reinit(n_parameters(), true);
    std::copy_n(fused.begin(), gradient.size(), gradient.begin());
    double value = 0;
    for (unsigned int t = 0; t < terms.size(); ++t)
      {
        values[t] = fused[n_parameters() + t];
        value += terms[t]->weight() * values[t];
      }
    return value;
  }



  void
  SumOfSquares::set_batch_size(const unsigned int size, const unsigned int seed)
  {
    AssertThrow(size > 0, ExcMessage("A mini-batch needs samples."));
    std::uint64_t largest = 0;
    for (const auto &group : groups)
      largest = std::max(largest, group->n_global);
    batch_size = size;
    batch_seed = seed;
    batches    = (largest + size - 1) / size;
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
    in_batches              = true;
    const unsigned int rank = Utilities::MPI::this_mpi_process(communicator);
    for (unsigned int g = 0; g < groups.size(); ++g)
      {
        Group              &group = *groups[g];
        const std::uint64_t n     = group.samples->size();
        if (group.epoch != epoch)
          {
            // any numbers will do that differ between epochs, ranks, tables
            RandomStream random(batch_seed + 2654435761u * epoch +
                                40503u * rank + 97u * g);
            group.permutation = random.permutation(n);
            group.epoch       = epoch;
          }
        group.select({group.permutation.begin() + n * batch / batches,
                      group.permutation.begin() + n * (batch + 1) / batches});
      }
  }



  void
  SumOfSquares::use_all_samples()
  {
    if (!in_batches)
      return;
    in_batches = false;
    for (const auto &group : groups)
      {
        std::vector<unsigned int> all(group->samples->size());
        std::iota(all.begin(), all.end(), 0u);
        group->select(std::move(all));
        group->epoch = numbers::invalid_unsigned_int;
      }
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
      result.push_back({terms[t]->name(), terms[t]->weight(), values[t]});
    return result;
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
    const unsigned int  dim = prototype.architecture.n_inputs;
    std::vector<double> lower(dim, std::numeric_limits<double>::max());
    std::vector<double> upper(dim, std::numeric_limits<double>::lowest());
    for (const auto &group : groups)
      for (unsigned int i = 0; i < group->samples->size(); ++i)
        for (unsigned int d = 0; d < dim; ++d)
          {
            lower[d] = std::min(lower[d], group->samples->point(i)[d]);
            upper[d] = std::max(upper[d], group->samples->point(i)[d]);
          }
    Utilities::MPI::min(lower, communicator, lower);
    Utilities::MPI::max(upper, communicator, upper);
    return {lower, upper};
  }
} // namespace derl
