// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/thread_local_storage.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <iostream>
#include <limits>
#include <map>
#include <mutex>
#include <sstream>

namespace derl
{
  using namespace dealii;

  /**
   * A plan for some derivatives and, for each thread, a workspace that has the
   * parameters in it and room for the coordinates of the points.
   */
  template <int dim>
  struct SurrogateFunction<dim>::Evaluator
  {
    struct Scratch
    {
      JetPlan::Workspace  workspace;
      std::vector<double> coordinates;
    };

    Evaluator(const Surrogate &surrogate, const DerivativeSet &derivatives)
      : plan(surrogate.make_plan(derivatives))
      , scratch(ready(plan, surrogate))
    {
    }

    static Scratch
    ready(const JetPlan &plan, const Surrogate &surrogate)
    {
      Scratch result{JetPlan::Workspace(plan), {}};
      plan.set_parameters(surrogate.parameters, result.workspace);
      return result;
    }

    JetPlan                                      plan;
    mutable Threads::ThreadLocalStorage<Scratch> scratch;
  };



  /**
   * What copies of a function share.
   */
  template <int dim>
  struct SurrogateFunction<dim>::Evaluators
  {
    explicit Evaluators(const Surrogate &surrogate)
      : surrogate(surrogate)
      , has_time(surrogate.architecture.n_inputs > dim &&
                 surrogate.coordinates[dim] == "t")
      , has_warned(surrogate.architecture.n_inputs)
    {
      const unsigned int n = surrogate.architecture.n_inputs;
      for (unsigned int order = 0; order <= 2; ++order)
        {
          std::vector<MultiIndex> derivatives;
          for (MultiIndex derivative : derivatives_of_order(dim, order))
            {
              derivative.resize(n, 0);
              derivatives.push_back(derivative);
            }
          in_space[order] = std::make_unique<const Evaluator>(
            surrogate, DerivativeSet(n, derivatives));
        }

      // Samples at Gauss points do not reach the boundary of the domain: a
      // hundredth is no extrapolation.
      const std::vector<double> &box_lower = surrogate.provenance.box_lower;
      const std::vector<double> &box_upper = surrogate.provenance.box_upper;
      lower.assign(n, -std::numeric_limits<double>::infinity());
      upper.assign(n, std::numeric_limits<double>::infinity());
      for (unsigned int i = 0; i < box_lower.size(); ++i)
        {
          const double tolerance = 0.01 * (box_upper[i] - box_lower[i]) +
                                   1e-10 * std::abs(box_upper[i]);
          lower[i] = box_lower[i] - tolerance;
          upper[i] = box_upper[i] + tolerance;
        }
    }

    /**
     * The evaluator of any derivatives, made at their first use.
     */
    const Evaluator &
    get(const DerivativeSet &derivatives) const
    {
      const std::lock_guard<std::mutex> lock(mutex);
      const std::vector<MultiIndex> key(derivatives.begin(), derivatives.end());
      std::unique_ptr<const Evaluator> &evaluator = others[key];
      if (evaluator == nullptr)
        evaluator = std::make_unique<const Evaluator>(surrogate, derivatives);
      return *evaluator;
    }

    const Surrogate surrogate;
    const bool      has_time;

    std::array<std::unique_ptr<const Evaluator>, 3> in_space;

    mutable std::mutex mutex;
    mutable std::map<std::vector<MultiIndex>, std::unique_ptr<const Evaluator>>
      others;

    /** The box of the training samples with the tolerance. */
    std::vector<double> lower, upper;

    /** Whether there was a warning about the coordinate. */
    mutable std::vector<std::atomic<bool>> has_warned;
  };



  template <int dim>
  SurrogateFunction<dim>::SurrogateFunction(const Surrogate &surrogate,
                                            const OutsideBox outside_box)
    : Function<dim>(surrogate.architecture.n_outputs)
    , outside_box(outside_box)
  {
    surrogate.check();
    AssertThrow(surrogate.architecture.n_inputs >= dim,
                ExcMessage("A surrogate of " +
                           std::to_string(surrogate.architecture.n_inputs) +
                           " coordinates is no function of space in " +
                           std::to_string(dim) + " dimensions."));
    evaluators = std::make_shared<const Evaluators>(surrogate);
  }



  template <int dim>
  bool
  SurrogateFunction<dim>::has_time() const
  {
    return evaluators->has_time;
  }



  template <int dim>
  unsigned int
  SurrogateFunction<dim>::n_parameters() const
  {
    return evaluators->surrogate.architecture.n_inputs - dim -
           (has_time() ? 1 : 0);
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
    return evaluators->surrogate.components;
  }



  template <int dim>
  FieldNames
  SurrogateFunction<dim>::names() const
  {
    return evaluators->surrogate.names();
  }



  template <int dim>
  const typename SurrogateFunction<dim>::Evaluator &
  SurrogateFunction<dim>::in_space(const unsigned int max_order) const
  {
    AssertIndexRange(max_order, evaluators->in_space.size());
    return *evaluators->in_space[max_order];
  }



  template <int dim>
  void
  SurrogateFunction<dim>::check_box(const std::vector<Point<dim>> &points) const
  {
    const Evaluators &shared = *evaluators;
    const auto        check  = [&](const unsigned int i, const double x) {
      // not a number is outside, too
      if (x >= shared.lower[i] && x <= shared.upper[i])
        return;
      if (outside_box == OutsideBox::warn &&
          shared.has_warned[i].exchange(true))
        return;
      const Provenance  &provenance = shared.surrogate.provenance;
      std::ostringstream text;
      text << "The surrogate is evaluated at "
           << shared.surrogate.coordinates[i] << " = " << x
           << ", but its training samples lie between "
           << provenance.box_lower[i] << " and " << provenance.box_upper[i]
           << ": it extrapolates.";
      const std::string problem = text.str();
      AssertThrow(outside_box != OutsideBox::error, ExcMessage(problem));
      std::cerr << "Warning: " + problem + "\n" << std::flush;
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
  SurrogateFunction<dim>::evaluate(const Evaluator               &evaluator,
                                   const std::vector<Point<dim>> &points,
                                   const JetPlan::JetConsumer &consumer) const
  {
    AssertThrow(parameters.size() == n_parameters(),
                ExcMessage("The surrogate has " +
                           std::to_string(n_parameters()) +
                           " parameters. Call set_parameters() before it is "
                           "evaluated."));
    if (outside_box != OutsideBox::ignore &&
        !evaluators->surrogate.provenance.box_lower.empty() && !points.empty())
      check_box(points);

    typename Evaluator::Scratch &scratch     = evaluator.scratch.get();
    std::vector<double>         &coordinates = scratch.coordinates;
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
    evaluator.plan.evaluate(
      ArrayView<const double>(coordinates.data(), coordinates.size()),
      scratch.workspace,
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
    AssertThrow(
      derivatives.n_coordinates() ==
        evaluators->surrogate.architecture.n_inputs,
      ExcMessage("The surrogate has " +
                 std::to_string(evaluators->surrogate.architecture.n_inputs) +
                 " coordinates, but the derivatives are by " +
                 std::to_string(derivatives.n_coordinates()) + "."));
    const Evaluator &evaluator = evaluators->get(derivatives);
    Table<3, double> result(
      points.size(), this->n_components, derivatives.size());
    evaluate(
      evaluator, points, [&](const unsigned int first, const JetBlock &block) {
        for (unsigned int c = 0; c < this->n_components; ++c)
          for (unsigned int e = 0; e < derivatives.size(); ++e)
            for (unsigned int k = 0; k < block.n_points(); ++k)
              result(first + k, c, e) = block(c, e)[k];
      });
    return result;
  }



  template class SurrogateFunction<1>;
  template class SurrogateFunction<2>;
  template class SurrogateFunction<3>;
} // namespace derl
