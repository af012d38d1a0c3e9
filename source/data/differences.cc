// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "differences.h"

#include <derl/base/collective.h>

#include <derl/data/sources.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <map>
#include <numeric>
#include <sstream>
#include <string>

#include "../base/communication.h"

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    template <int dim>
    PointValues
    evaluate_agreed(const MPI_Comm                &communicator,
                    const PointEvaluation<dim>    &evaluation,
                    const unsigned int             n_components,
                    const std::vector<Point<dim>> &points)
    {
      PointValues        result;
      std::exception_ptr failure;
      // not inside of run_collectively(): evaluations may communicate
      try
        {
          result = evaluation(points);
        }
      catch (const std::exception &)
        {
          failure = std::current_exception();
        }
      run_collectively(communicator, [&]() {
        if (failure)
          std::rethrow_exception(failure);
        AssertThrow(result.found.size() == points.size() &&
                      result.values.size() == points.size() * n_components,
                    ExcMessage("The evaluation at points does not give " +
                               std::to_string(n_components) +
                               " components at each of them."));
      });
      return result;
    }



    namespace
    {
      /**
       * How many points are worked on at the same time, to bound the memory for
       * the values around them.
       */
      constexpr std::size_t batch_size = 1 << 14;



      /**
       * The weights for the n points closest to the center, and zero for the
       * others.
       */
      std::vector<double>
      weights_of_closest(const std::vector<int> &abscissas,
                         const unsigned int      n,
                         const unsigned int      derivative)
      {
        std::vector<unsigned int> closest(abscissas.size());
        std::iota(closest.begin(), closest.end(), 0);
        std::stable_sort(closest.begin(),
                         closest.end(),
                         [&](const unsigned int i, const unsigned int j) {
                           return std::abs(abscissas[i]) <
                                  std::abs(abscissas[j]);
                         });
        closest.resize(n);
        std::vector<double> chosen;
        for (const unsigned int i : closest)
          chosen.push_back(abscissas[i]);
        const std::vector<double> weights =
          difference_weights(chosen, 0., derivative);
        std::vector<double> result(abscissas.size(), 0.);
        for (unsigned int i = 0; i < n; ++i)
          result[closest[i]] = weights[i];
        return result;
      }



      /**
       * The points of the formula for a derivative in one direction, shifted
       * from the preferred ones by a number of steps. Without a derivative, a
       * shift means to extrapolate from that side.
       */
      std::vector<int>
      abscissas(const unsigned int derivative,
                const int          shift,
                const unsigned int accuracy)
      {
        std::vector<int> result;
        if (derivative == 0)
          {
            if (shift == 0)
              return {0};
            for (unsigned int i = 1; i <= accuracy; ++i)
              result.push_back(shift * int(i));
            return result;
          }
        // symmetric formulas gain an order if the difference is odd
        unsigned int n = derivative + accuracy;
        if (accuracy > 1 && shift == 0 && n % 2 == 0)
          --n;
        const int first = accuracy == 1 ? shift : shift - int(n - 1) / 2;
        for (unsigned int i = 0; i < n; ++i)
          result.push_back(first + int(i));
        return result;
      }



      /**
       * The values at the points of a grid around each of several points, as
       * far as they were asked for.
       */
      template <int dim>
      class ValuesAround
      {
      public:
        using Offset = std::array<int, dim>;

        ValuesAround(const std::vector<Point<dim>>     &points,
                     const std::vector<Tensor<1, dim>> &steps,
                     const double                       scale,
                     const unsigned int                 n_components)
          : points(points)
          , steps(steps)
          , scale(scale)
          , n_components(n_components)
          , positions(points.size())
        {
        }

        /**
         * Have the value known after the next call of fetch().
         */
        void
        ask_for(const std::size_t point, const Offset &offset)
        {
          const auto [it, is_new] =
            positions[point].try_emplace(offset, unknown);
          if (!is_new)
            return;
          answers.push_back(&it->second);
          asked.push_back(points[point]);
          for (unsigned int d = 0; d < dim; ++d)
            asked.back()[d] += scale * steps[point][d] * offset[d];
        }

        /**
         * Return whether any rank asked for a value. Collective.
         */
        bool
        fetch(const MPI_Comm             &communicator,
              const PointEvaluation<dim> &evaluation)
        {
          if (global_count(communicator, asked.size()) == 0)
            return false;
          const PointValues at =
            evaluate_agreed(communicator, evaluation, n_components, asked);
          for (std::size_t i = 0; i < asked.size(); ++i)
            if (at.found[i])
              {
                *answers[i]      = values.size();
                const auto begin = at.values.begin() + i * n_components;
                values.insert(values.end(), begin, begin + n_components);
              }
            else
              *answers[i] = outside;
          asked.clear();
          answers.clear();
          return true;
        }

        /**
         * Whether the value was asked for in vain.
         */
        bool
        is_outside(const std::size_t point, const Offset &offset) const
        {
          const auto it = positions[point].find(offset);
          return it != positions[point].end() && it->second == outside;
        }

        /**
         * The components of a value that was found.
         */
        const double *
        at(const std::size_t point, const Offset &offset) const
        {
          return values.data() + positions[point].at(offset);
        }

      private:
        static constexpr std::size_t outside = static_cast<std::size_t>(-1);
        static constexpr std::size_t unknown = outside - 1;

        const std::vector<Point<dim>>     &points;
        const std::vector<Tensor<1, dim>> &steps;
        const double                       scale;
        const unsigned int                 n_components;

        /** For each point: where in the values, or one of the above. */
        std::vector<std::map<Offset, std::size_t>> positions;
        std::vector<double>                        values;
        std::vector<Point<dim>>                    asked;
        std::vector<std::size_t *>                 answers;
      };



      template <int dim>
      std::string
      to_text(const Point<dim> &x)
      {
        std::ostringstream text;
        text << '(' << x << ')';
        return text.str();
      }
    } // namespace



    template <int dim>
    Differences<dim>::Differences(const std::vector<MultiIndex> &derivatives,
                                  const unsigned int             accuracy)
      : derivatives(derivatives)
    {
      AssertThrow(accuracy == 1 || accuracy == 2 || accuracy == 4,
                  ExcMessage("There are difference formulas of the orders 1, "
                             "2 and 4 only."));
      for (const MultiIndex &derivative : derivatives)
        {
          std::vector<Offset> shifts(1);
          for (unsigned int d = 0; d < dim; ++d)
            {
              // extrapolation from the points beside; backward formulas
              // instead of forward ones; all points on one side
              int largest = 1;
              if (derivative[d] > 0)
                largest = accuracy == 1 ? derivative[d]
                                        : (derivative[d] + accuracy) / 2;
              std::vector<Offset> more;
              for (const Offset &shift : shifts)
                for (int s = -largest; s <= largest; ++s)
                  {
                    more.push_back(shift);
                    more.back()[d] = s;
                  }
              shifts = more;
            }
          // extrapolation comes last
          const auto cost = [&](const Offset &shift) {
            int sum = 0;
            for (unsigned int d = 0; d < dim; ++d)
              sum += (derivative[d] > 0 ? 1 : 100) * std::abs(shift[d]);
            return sum;
          };
          std::stable_sort(shifts.begin(),
                           shifts.end(),
                           [&](const Offset &a, const Offset &b) {
                             return cost(a) < cost(b);
                           });
          stencils.emplace_back();
          for (const Offset &shift : shifts)
            stencils.back().push_back(
              make_stencil(derivative, shift, accuracy));
        }
    }



    template <int dim>
    typename Differences<dim>::Stencil
    Differences<dim>::make_stencil(const MultiIndex  &derivative,
                                   const Offset      &shifts,
                                   const unsigned int accuracy)
    {
      Stencil stencil{{Offset()}, {1.}, {1.}};
      for (unsigned int d = 0; d < dim; ++d)
        {
          const unsigned int k       = derivative[d];
          const auto         points  = abscissas(k, shifts[d], accuracy);
          const unsigned int n       = points.size();
          const auto         weights = weights_of_closest(points, n, k);
          const auto         lower_weights =
            weights_of_closest(points, std::max(k + 1, n > 2 ? n - 2 : 1), k);

          Stencil product;
          for (unsigned int i = 0; i < stencil.offsets.size(); ++i)
            for (unsigned int j = 0; j < n; ++j)
              if (weights[j] != 0. || lower_weights[j] != 0.)
                {
                  product.offsets.push_back(stencil.offsets[i]);
                  product.offsets.back()[d] = points[j];
                  product.weights.push_back(stencil.weights[i] * weights[j]);
                  product.lower_weights.push_back(stencil.lower_weights[i] *
                                                  lower_weights[j]);
                }
          stencil = product;
        }
      return stencil;
    }



    template <int dim>
    typename Differences<dim>::Result
    Differences<dim>::evaluate(const MPI_Comm                    &communicator,
                               const PointEvaluation<dim>        &evaluation,
                               const unsigned int                 n_components,
                               const std::vector<Point<dim>>     &points,
                               const std::vector<Tensor<1, dim>> &steps,
                               const unsigned int n_halvings) const
    {
      Result            result;
      const std::size_t n_batches = Utilities::MPI::max(
        (points.size() + batch_size - 1) / batch_size, communicator);
      for (std::size_t b = 0; b < n_batches; ++b)
        {
          const std::size_t begin = std::min(b * batch_size, points.size());
          const std::size_t end = std::min((b + 1) * batch_size, points.size());
          const Result      part =
            evaluate_batch(communicator,
                           evaluation,
                           n_components,
                           {points.begin() + begin, points.begin() + end},
                           {steps.begin() + begin, steps.begin() + end},
                           n_halvings);
          result.derivatives.insert(result.derivatives.end(),
                                    part.derivatives.begin(),
                                    part.derivatives.end());
          result.variances.insert(result.variances.end(),
                                  part.variances.begin(),
                                  part.variances.end());
        }
      return result;
    }



    template <int dim>
    typename Differences<dim>::Result
    Differences<dim>::evaluate_batch(const MPI_Comm             &communicator,
                                     const PointEvaluation<dim> &evaluation,
                                     const unsigned int          n_components,
                                     const std::vector<Point<dim>>     &points,
                                     const std::vector<Tensor<1, dim>> &steps,
                                     const unsigned int n_halvings) const
    {
      Result result;
      result.derivatives.resize(points.size() * derivatives.size() *
                                n_components);
      result.variances.resize(result.derivatives.size());

      // a derivative to be found at a point, and the formula that is tried
      struct Task
      {
        std::size_t  point;
        unsigned int derivative;
        unsigned int stencil;
      };
      std::vector<Task> tasks;
      for (std::size_t i = 0; i < points.size(); ++i)
        for (unsigned int k = 0; k < derivatives.size(); ++k)
          tasks.push_back({i, k, 0});

      for (unsigned int halvings = 0; halvings <= n_halvings; ++halvings)
        {
          const double      scale = std::pow(0.5, halvings);
          ValuesAround<dim> values(points, steps, scale, n_components);
          const auto        does_not_fit = [&](const Task &task) {
            const Stencil &stencil = stencils[task.derivative][task.stencil];
            return std::any_of(stencil.offsets.begin(),
                               stencil.offsets.end(),
                               [&](const Offset &offset) {
                                 return values.is_outside(task.point, offset);
                               });
          };
          for (Task &task : tasks)
            task.stencil = 0;
          bool has_changed = true;
          while (has_changed)
            {
              for (Task &task : tasks)
                {
                  const std::vector<Stencil> &all = stencils[task.derivative];
                  while (task.stencil < all.size() && does_not_fit(task))
                    ++task.stencil;
                  if (task.stencil < all.size())
                    for (const Offset &offset : all[task.stencil].offsets)
                      values.ask_for(task.point, offset);
                }
              has_changed = values.fetch(communicator, evaluation);

              std::vector<Task> remaining;
              for (const Task &task : tasks)
                if (task.stencil == stencils[task.derivative].size() ||
                    does_not_fit(task))
                  remaining.push_back(task);
                else
                  {
                    const Stencil &stencil =
                      stencils[task.derivative][task.stencil];
                    double unit = 1.;
                    for (unsigned int d = 0; d < dim; ++d)
                      unit /= std::pow(scale * steps[task.point][d],
                                       derivatives[task.derivative][d]);
                    for (unsigned int c = 0; c < n_components; ++c)
                      {
                        double sum = 0, lower_sum = 0;
                        for (unsigned int j = 0; j < stencil.offsets.size();
                             ++j)
                          {
                            const double value =
                              values.at(task.point, stencil.offsets[j])[c];
                            sum += stencil.weights[j] * value;
                            lower_sum += stencil.lower_weights[j] * value;
                          }
                        const std::size_t position =
                          (task.point * derivatives.size() + task.derivative) *
                            n_components +
                          c;
                        result.derivatives[position] = unit * sum;
                        result.variances[position] =
                          std::pow(unit * (sum - lower_sum), 2);
                      }
                  }
              tasks = remaining;
            }
        }

      run_collectively(communicator, [&]() {
        AssertThrow(tasks.empty(),
                    ExcMessage("At the point " +
                               to_text(points[tasks[0].point]) +
                               " no difference formula fits into the domain. "
                               "Take a smaller step, or points inside of the "
                               "domain."));
      });
      return result;
    }



#define DERL_INSTANTIATE(dim)                                            \
  template PointValues evaluate_agreed(const MPI_Comm &,                 \
                                       const PointEvaluation<dim> &,     \
                                       const unsigned int,               \
                                       const std::vector<Point<dim>> &); \
  template class Differences<dim>;

    DERL_INSTANTIATE(1)
    DERL_INSTANTIATE(2)
    DERL_INSTANTIATE(3)
  } // namespace internal
} // namespace derl
