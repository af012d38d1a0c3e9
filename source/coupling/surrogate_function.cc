// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/thread_local_storage.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <iostream>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>

#include "../base/communication.h"

namespace derl
{
  using namespace dealii;

  /**
   * The evaluator of some derivatives and, for each thread, a workspace with
   * room for the coordinates of the points.
   */
  template <int dim>
  struct SurrogateFunction<dim>::Evaluation
  {
    struct Scratch
    {
      // deal.II's storage asks for a default constructor
      std::optional<Evaluator::Workspace> workspace;
      std::vector<double>                 coordinates;
    };

    Evaluation(const Surrogate &surrogate, const DerivativeSet &derivatives)
      : evaluator(surrogate, derivatives)
      , scratch(Scratch{Evaluator::Workspace(evaluator), {}})
    {
    }

    const Evaluator                              evaluator;
    mutable Threads::ThreadLocalStorage<Scratch> scratch;
  };



  /**
   * What copies of a function share.
   */
  template <int dim>
  struct SurrogateFunction<dim>::Shared
  {
    explicit Shared(const Surrogate &surrogate)
      : surrogate(surrogate)
      , has_time(surrogate.n_coordinates() > dim &&
                 surrogate.coordinates[dim] == "t")
      , was_outside(surrogate.n_coordinates())
      , told_of(surrogate.n_coordinates())
      , outside(surrogate.n_coordinates())
    {
      const unsigned int n = surrogate.n_coordinates();
      lower.assign(n, -std::numeric_limits<double>::infinity());
      upper.assign(n, std::numeric_limits<double>::infinity());
      if (has_domain())
        {
          lower = surrogate.domain_lower;
          upper = surrogate.domain_upper;
          return;
        }
      // Samples at Gauss points do not reach the boundary of the domain: a
      // hundredth is no extrapolation. Nor is anything where samples cover a
      // period.
      const std::vector<double> &box_lower = surrogate.provenance.box_lower;
      const std::vector<double> &box_upper = surrogate.provenance.box_upper;
      for (unsigned int i = 0; i < box_lower.size(); ++i)
        {
          const double length = box_upper[i] - box_lower[i];
          const double period = surrogate.input_map.period(i);
          if (period > 0. && length > 0.9 * period)
            continue;
          const double tolerance =
            0.01 * length + 1e-10 * std::abs(box_upper[i]);
          lower[i] = box_lower[i] - tolerance;
          upper[i] = box_upper[i] + tolerance;
        }
    }

    bool
    has_domain() const
    {
      return !surrogate.domain_lower.empty();
    }

    /**
     * What evaluates derivatives in space up to some order, made at the first
     * use: there may be no second derivatives behind an output map.
     */
    const Evaluation &
    in_space(const unsigned int order) const
    {
      std::call_once(is_made[order], [&]() {
        std::vector<MultiIndex> derivatives;
        for (MultiIndex derivative : derivatives_of_order(dim, order))
          {
            derivative.resize(surrogate.n_coordinates(), 0);
            derivatives.push_back(derivative);
          }
        of_order[order] = std::make_unique<const Evaluation>(
          surrogate, DerivativeSet(surrogate.n_coordinates(), derivatives));
      });
      return *of_order[order];
    }

    /**
     * What evaluates any derivatives, made at their first use.
     */
    const Evaluation &
    get(const DerivativeSet &derivatives) const
    {
      const std::lock_guard<std::mutex> lock(mutex);
      const std::vector<MultiIndex> key(derivatives.begin(), derivatives.end());
      std::unique_ptr<const Evaluation> &evaluation = others[key];
      if (evaluation == nullptr)
        evaluation = std::make_unique<const Evaluation>(surrogate, derivatives);
      return *evaluation;
    }

    const Surrogate surrogate;
    const bool      has_time;

    static constexpr unsigned int n_orders = 3;

    mutable std::array<std::once_flag, n_orders>                    is_made;
    mutable std::array<std::unique_ptr<const Evaluation>, n_orders> of_order;

    mutable std::mutex mutex;
    mutable std::map<std::vector<MultiIndex>, std::unique_ptr<const Evaluation>>
      others;

    /** The domain, or else the box of the training samples with a tolerance. */
    std::vector<double> lower, upper;

    /**
     * What there is to say of a point outside.
     */
    std::string
    problem_with(const unsigned int coordinate, const double x) const
    {
      std::ostringstream text;
      text << "The surrogate is evaluated at "
           << surrogate.coordinates[coordinate] << " = " << x << ", but ";
      if (has_domain())
        text << "it is meant to be used between "
             << surrogate.domain_lower[coordinate] << " and "
             << surrogate.domain_upper[coordinate] << '.';
      else
        text << "its training samples lie between "
             << surrogate.provenance.box_lower[coordinate] << " and "
             << surrogate.provenance.box_upper[coordinate]
             << ": it extrapolates.";
      return text.str();
    }

    /**
     * For each coordinate: whether this process met a point outside, whether
     * somebody has warned of one, and the first one.
     */
    mutable std::vector<std::atomic<bool>>   was_outside;
    mutable std::vector<std::atomic<bool>>   told_of;
    mutable std::vector<std::atomic<double>> outside;
  };



  namespace
  {
    void
    warn(const std::string &problem)
    {
      std::cerr << "Warning: " + problem + "\n" << std::flush;
    }
  } // namespace



  template <int dim>
  SurrogateFunction<dim>::SurrogateFunction(const Surrogate &surrogate,
                                            const OutsideBox outside_box)
    : Function<dim>(surrogate.n_components())
    , outside_box(outside_box)
  {
    surrogate.check();
    AssertThrow(surrogate.n_coordinates() >= dim,
                ExcMessage("A surrogate of " +
                           std::to_string(surrogate.n_coordinates()) +
                           " coordinates is no function of space in " +
                           std::to_string(dim) + " dimensions."));
    shared = std::make_shared<const Shared>(surrogate);
  }



  template <int dim>
  bool
  SurrogateFunction<dim>::has_time() const
  {
    return shared->has_time;
  }



  template <int dim>
  unsigned int
  SurrogateFunction<dim>::n_parameters() const
  {
    return shared->surrogate.n_coordinates() - dim - (has_time() ? 1 : 0);
  }



  template <int dim>
  void
  SurrogateFunction<dim>::set_parameters(const std::vector<double> &values)
  {
    AssertThrow(values.size() == n_parameters(),
                ExcMessage("The surrogate has " +
                           std::to_string(n_parameters()) +
                           " parameters, but " + std::to_string(values.size()) +
                           " were given."));
    parameters = values;
  }



  template <int dim>
  const std::vector<double> &
  SurrogateFunction<dim>::get_parameters() const
  {
    return parameters;
  }



  template <int dim>
  const std::vector<std::string> &
  SurrogateFunction<dim>::component_names() const
  {
    return shared->surrogate.components;
  }



  template <int dim>
  FieldNames
  SurrogateFunction<dim>::names() const
  {
    return shared->surrogate.names();
  }



  template <int dim>
  const typename SurrogateFunction<dim>::Evaluation &
  SurrogateFunction<dim>::in_space(const unsigned int max_order) const
  {
    AssertThrow(max_order < Shared::n_orders,
                ExcMessage("Here derivatives are available up to second order; "
                           "derivatives() gives more."));
    return shared->in_space(max_order);
  }



  template <int dim>
  void
  SurrogateFunction<dim>::check_box(const std::vector<Point<dim>> &points) const
  {
    const auto check = [&](const unsigned int i, const double x) {
      // not a number is outside, too
      if (x >= shared->lower[i] && x <= shared->upper[i])
        return;
      AssertThrow(outside_box != OutsideBox::error,
                  ExcMessage(shared->problem_with(i, x)));
      if (shared->was_outside[i])
        return;
      shared->outside[i] = x;
      if (shared->was_outside[i].exchange(true))
        return;
      // Of many processes one must speak for all. Which ones meet such a point
      // is not known here: only the first one does not wait for the others.
      if (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0 &&
          !shared->told_of[i].exchange(true))
        warn(shared->problem_with(i, x));
    };

    for (const Point<dim> &point : points)
      for (unsigned int d = 0; d < dim; ++d)
        check(d, point[d]);
    unsigned int i = dim;
    if (has_time())
      check(i++, this->get_time());
    for (const double parameter : parameters)
      check(i++, parameter);
  }



  template <int dim>
  void
  SurrogateFunction<dim>::warn_of_points_outside(
    const MPI_Comm &communicator) const
  {
    const int        n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    const int        rank    = Utilities::MPI::this_mpi_process(communicator);
    std::vector<int> first;
    for (unsigned int i = 0; i < shared->outside.size(); ++i)
      first.push_back(shared->told_of[i]       ? -1
                      : shared->was_outside[i] ? rank
                                               : n_ranks);
    Utilities::MPI::min(first, communicator, first);
    count_collective(communicator, first.size() * sizeof(int));
    for (unsigned int i = 0; i < first.size(); ++i)
      {
        if (first[i] == rank)
          warn(shared->problem_with(i, shared->outside[i]));
        if (first[i] < n_ranks)
          shared->told_of[i] = true;
      }
  }



  template <int dim>
  ArrayView<const double>
  SurrogateFunction<dim>::coordinates_of(const std::vector<Point<dim>> &points,
                                         std::vector<double> &coordinates) const
  {
    AssertThrow(parameters.size() == n_parameters(),
                ExcMessage("The surrogate has " +
                           std::to_string(n_parameters()) +
                           " parameters. Call set_parameters() before it is "
                           "evaluated."));
    if (outside_box != OutsideBox::ignore && !points.empty() &&
        (shared->has_domain() ||
         !shared->surrogate.provenance.box_lower.empty()))
      check_box(points);

    coordinates.clear();
    for (const Point<dim> &point : points)
      {
        for (unsigned int d = 0; d < dim; ++d)
          coordinates.push_back(point[d]);
        if (has_time())
          coordinates.push_back(this->get_time());
        coordinates.insert(
          coordinates.end(), parameters.begin(), parameters.end());
      }
    return ArrayView<const double>(coordinates.data(), coordinates.size());
  }



  template <int dim>
  void
  SurrogateFunction<dim>::evaluate(const Evaluation              &evaluation,
                                   const std::vector<Point<dim>> &points,
                                   const JetPlan::JetConsumer &consumer) const
  {
    typename Evaluation::Scratch &scratch = evaluation.scratch.get();
    evaluation.evaluator.evaluate(coordinates_of(points, scratch.coordinates),
                                  *scratch.workspace,
                                  consumer);
  }



  template <int dim>
  typename SurrogateFunction<dim>::Jets
  SurrogateFunction<dim>::jets(const std::vector<Point<dim>> &points,
                               const unsigned int             max_order) const
  {
    const unsigned int n            = points.size();
    const unsigned int n_components = this->n_components;
    Jets               result;
    result.values.resize(n, Vector<double>(n_components));
    if (max_order >= 1)
      result.gradients.resize(n, std::vector<Tensor<1, dim>>(n_components));
    if (max_order >= 2)
      result.hessians.resize(
        n, std::vector<SymmetricTensor<2, dim>>(n_components));
    evaluate(in_space(max_order),
             points,
             [&](const unsigned int first, const JetBlock &block) {
               for (unsigned int c = 0; c < n_components; ++c)
                 for (unsigned int k = 0; k < block.n_points(); ++k)
                   {
                     result.values[first + k](c) = block(c, 0)[k];
                     if (max_order >= 1)
                       for (unsigned int i = 0; i < dim; ++i)
                         result.gradients[first + k][c][i] = block(c, 1 + i)[k];
                     if (max_order >= 2)
                       for (unsigned int i = 0, entry = 1 + dim; i < dim; ++i)
                         for (unsigned int j = i; j < dim; ++j, ++entry)
                           result.hessians[first + k][c][i][j] =
                             block(c, entry)[k];
                   }
             });
    return result;
  }



  template <int dim>
  Table<3, double>
  SurrogateFunction<dim>::derivatives(const std::vector<Point<dim>> &points,
                                      const DerivativeSet &derivatives) const
  {
    const unsigned int n_coordinates = shared->surrogate.n_coordinates();
    AssertThrow(derivatives.n_coordinates() == n_coordinates,
                ExcMessage("The surrogate has " +
                           std::to_string(n_coordinates) +
                           " coordinates, but the derivatives are by " +
                           std::to_string(derivatives.n_coordinates()) + "."));
    const Evaluation             &evaluation = shared->get(derivatives);
    typename Evaluation::Scratch &scratch    = evaluation.scratch.get();
    Table<3, double>              result(
      points.size(), this->n_components, derivatives.size());
    evaluation.evaluator.evaluate(
      coordinates_of(points, scratch.coordinates),
      *scratch.workspace,
      ArrayView<double>(points.empty() ? nullptr : &result(0, 0, 0),
                        result.n_elements()));
    return result;
  }



  template class SurrogateFunction<1>;
  template class SurrogateFunction<2>;
  template class SurrogateFunction<3>;
} // namespace derl
