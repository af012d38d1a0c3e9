// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/sources.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/time_stepping.h>

#include <algorithm>
#include <string>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * What a column holds.
     */
    struct Kind
    {
      Kind(const JetEntry &column, const unsigned int n_components);

      bool is_rate        = false;
      bool is_sensitivity = false;
      /** The initial value of a sensitivity. */
      unsigned int initial = 0;
    };



    Kind::Kind(const JetEntry &column, const unsigned int n_components)
    {
      const MultiIndex &derivative   = column.derivative;
      const bool with_initial_values = derivative.size() == n_components + 1;
      bool       is_good             = column.component < n_components &&
                     (derivative.size() == 1 || with_initial_values) &&
                     derivative[0] <= 1;
      for (unsigned int d = 1; is_good && d < derivative.size(); ++d)
        if (derivative[d] > 0)
          {
            is_good        = derivative[d] == 1 && !is_sensitivity;
            is_sensitivity = true;
            initial        = d - 1;
          }
      AssertThrow(is_good,
                  ExcMessage("Trajectories have values, first derivatives with "
                             "respect to t, to one initial value, or to both, "
                             "in the coordinates t, or t and all initial "
                             "values."));
      is_rate = derivative[0] == 1;
    }



    /**
     * Goes along one solution: y, and behind it the rows of dy/dy0 if they are
     * wanted.
     */
    class Trajectory
    {
    public:
      Trajectory(const DifferentialEquations &equations,
                 const bool                   with_sensitivities,
                 const std::vector<double>   &initial_values,
                 const double                 initial_time,
                 const double                 duration,
                 const double                 tolerance);

      void
      advance(const double end);

      /** What a column of a component holds here. */
      double
      value(const unsigned int component, const Kind &kind) const;

      /** Update the rates that value() returns. */
      void
      compute_rates();

    private:
      Vector<double>
      right_hand_side(const double t, const Vector<double> &y) const;

      unsigned int
      index(const unsigned int component, const unsigned int j) const;

      const DifferentialEquations &equations;
      const unsigned int           n;
      const bool                   with_sensitivities;
      double                       time;
      double                       step;
      Vector<double>               state;
      Vector<double>               rates;

      TimeStepping::EmbeddedExplicitRungeKutta<Vector<double>> method;
    };



    Trajectory::Trajectory(const DifferentialEquations &equations,
                           const bool                   with_sensitivities,
                           const std::vector<double>   &initial_values,
                           const double                 initial_time,
                           const double                 duration,
                           const double                 tolerance)
      : equations(equations)
      , n(equations.n_components)
      , with_sensitivities(with_sensitivities)
      , time(initial_time)
      , step(0.)
      , state(with_sensitivities ? n + n * n : n)
      // a step that is 1.5 times as long has a 1.5^6 times as large error
      , method(TimeStepping::DOPRI,
               1.5,
               0.6,
               1e-13 * duration,
               1e100,
               tolerance,
               tolerance / 12)
    {
      std::copy(initial_values.begin(), initial_values.end(), state.begin());
      if (with_sensitivities)
        for (unsigned int i = 0; i < n; ++i)
          state[index(i, i)] = 1.;
    }



    unsigned int
    Trajectory::index(const unsigned int component, const unsigned int j) const
    {
      return n + component * n + j;
    }



    Vector<double>
    Trajectory::right_hand_side(const double t, const Vector<double> &y) const
    {
      Vector<double> values(n), rate(n), result(y.size());
      std::copy_n(y.begin(), n, values.begin());
      equations.rate(t, values, rate);
      AssertThrow(rate.size() == n,
                  ExcMessage("The differential equations gave " +
                             std::to_string(rate.size()) + " rates for " +
                             std::to_string(n) + " components."));
      std::copy_n(rate.begin(), n, result.begin());
      if (with_sensitivities)
        {
          FullMatrix<double> jacobian(n, n);
          equations.jacobian(t, values, jacobian);
          for (unsigned int i = 0; i < n; ++i)
            for (unsigned int j = 0; j < n; ++j)
              for (unsigned int k = 0; k < n; ++k)
                result[index(i, j)] += jacobian(i, k) * y[index(k, j)];
        }
      return result;
    }



    void
    Trajectory::advance(const double end)
    {
      const auto f = [this](const double t, const Vector<double> &y) {
        return right_hand_side(t, y);
      };
      if (step == 0.)
        step = end - time;
      while (time < end)
        {
          const bool   is_cut = time + step >= end;
          const double now    = is_cut ? end - time : step;
          const double next = method.evolve_one_time_step(f, time, now, state);
          const auto   status = method.get_status();
          AssertThrow(status.exit_delta_t != TimeStepping::MIN_DELTA_T,
                      ExcMessage("The differential equations cannot be solved "
                                 "beyond t = " +
                                 std::to_string(time) +
                                 ": steps get too small. Are they stiff, or "
                                 "does the solution end there?"));
          // a step that was cut for the end says nothing about the next one
          if (!is_cut || status.delta_t_guess < now)
            step = status.delta_t_guess;
          // without the round-off of a sum of steps
          time = is_cut && status.n_iterations == 1 ? end : next;
        }
    }



    double
    Trajectory::value(const unsigned int component, const Kind &kind) const
    {
      const Vector<double> &from = kind.is_rate ? rates : state;
      return from[kind.is_sensitivity ? index(component, kind.initial)
                                      : component];
    }



    void
    Trajectory::compute_rates()
    {
      rates = right_hand_side(time, state);
    }
  } // namespace



  Samples
  sample_trajectories(const DifferentialEquations            &equations,
                      const std::vector<std::vector<double>> &initial_values,
                      const std::vector<double>              &times,
                      const std::vector<JetEntry>            &columns,
                      const double                            tolerance)
  {
    const unsigned int n = equations.n_components;
    AssertThrow(n > 0 && equations.rate,
                ExcMessage("The differential equations have no components or "
                           "no rates."));
    AssertThrow(!columns.empty() && !times.empty() &&
                  std::is_sorted(times.begin(), times.end()),
                ExcMessage("Trajectories need columns and ascending times."));
    AssertThrow(tolerance > 0.,
                ExcMessage("The tolerance of trajectories must be positive."));
    std::vector<Kind> kinds;
    for (const JetEntry &column : columns)
      kinds.emplace_back(column, n);
    const bool with_sensitivities =
      std::any_of(kinds.begin(), kinds.end(), [](const Kind &kind) {
        return kind.is_sensitivity;
      });
    AssertThrow(!with_sensitivities || equations.jacobian,
                ExcMessage("Derivatives with respect to initial values need "
                           "the Jacobian of the differential equations."));

    const unsigned int n_coordinates = columns[0].derivative.size();
    Samples            samples(
      n_coordinates, columns, "trajectories of differential equations");
    std::vector<double> point(n_coordinates), observations(columns.size());
    for (const std::vector<double> &values : initial_values)
      {
        AssertThrow(values.size() == n,
                    ExcMessage("A trajectory has " +
                               std::to_string(values.size()) +
                               " initial values for " + std::to_string(n) +
                               " components."));
        Trajectory trajectory(equations,
                              with_sensitivities,
                              values,
                              times[0],
                              times.back() - times[0],
                              tolerance);
        std::copy(values.begin(),
                  values.begin() + (n_coordinates - 1),
                  point.begin() + 1);
        for (const double t : times)
          {
            trajectory.advance(t);
            trajectory.compute_rates();
            point[0] = t;
            for (unsigned int c = 0; c < columns.size(); ++c)
              observations[c] =
                trajectory.value(columns[c].component, kinds[c]);
            samples.add(make_array_view(std::as_const(point)),
                        make_array_view(std::as_const(observations)),
                        1.);
          }
      }
    return samples;
  }
} // namespace derl
