// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The methods that serve to repeat published trainings, L-BFGS with fixed step
// and Adam, must follow the published rules step by step.

#include <derl/optimization/optimizers.h>

#include <algorithm>
#include <numeric>

#include "../tests.h"
#include "test_functions.h"

namespace test_fixed_rules
{
using namespace dealii;
using namespace derl;

using Numbers = std::vector<double>;

double
dot(const Numbers &a, const Numbers &b)
{
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.);
}

double
max_abs(const Numbers &a)
{
  double m = 0.;
  for (const double x : a)
    m = std::max(m, std::abs(x));
  return m;
}



/**
 * The state machine of torch.optim.LBFGS, retold with its many exits: calls of
 * step() with a closure, between which everything is kept.
 */
struct TorchLBFGS
{
  TorchLBFGS(const double       lr,
             const unsigned int max_iter,
             const unsigned int history_size)
    : lr(lr)
    , max_iter(max_iter)
    , history_size(history_size)
  {
  }

  const double       lr;
  const unsigned int max_iter, history_size;

  double tolerance_grad = 1e-7, tolerance_change = 1e-9;

  unsigned int         n_iter = 0;
  Numbers              d, prev_grad;
  double               t = 0., H_diag = 1., prev_loss = 0.;
  std::vector<Numbers> old_dirs, old_stps;
  std::vector<double>  ro;

  void
  step(Numbers &x, const std::function<std::pair<double, Numbers>()> &closure)
  {
    auto [loss, grad]          = closure();
    unsigned int current_evals = 1;
    if (max_abs(grad) <= tolerance_grad)
      return;

    for (unsigned int inner = 1; inner <= max_iter; ++inner)
      {
        ++n_iter;
        if (n_iter == 1)
          {
            d = grad;
            for (double &e : d)
              e = -e;
          }
        else
          {
            Numbers y = grad, s = d;
            for (std::size_t i = 0; i < y.size(); ++i)
              {
                y[i] -= prev_grad[i];
                s[i] *= t;
              }
            const double ys = dot(y, s);
            if (ys > 1e-10)
              {
                if (old_dirs.size() == history_size)
                  {
                    old_dirs.erase(old_dirs.begin());
                    old_stps.erase(old_stps.begin());
                    ro.erase(ro.begin());
                  }
                old_dirs.push_back(y);
                old_stps.push_back(s);
                ro.push_back(1. / ys);
                H_diag = ys / dot(y, y);
              }
            const int num_old = old_dirs.size();
            Numbers   al(num_old), q = grad;
            for (double &e : q)
              e = -e;
            for (int i = num_old - 1; i >= 0; --i)
              {
                al[i] = dot(old_stps[i], q) * ro[i];
                for (std::size_t j = 0; j < q.size(); ++j)
                  q[j] -= al[i] * old_dirs[i][j];
              }
            for (double &e : q)
              e *= H_diag;
            for (int i = 0; i < num_old; ++i)
              {
                const double be = dot(old_dirs[i], q) * ro[i];
                for (std::size_t j = 0; j < q.size(); ++j)
                  q[j] += (al[i] - be) * old_stps[i][j];
              }
            d = q;
          }
        prev_grad = grad;
        prev_loss = loss;

        double l1 = 0.;
        for (const double e : grad)
          l1 += std::abs(e);
        t = n_iter == 1 ? std::min(1., 1. / l1) * lr : lr;
        if (dot(grad, d) > -tolerance_change)
          break;

        for (std::size_t i = 0; i < x.size(); ++i)
          x[i] += t * d[i];
        trace.push_back(x);
        if (inner != max_iter)
          {
            std::tie(loss, grad) = closure();
            ++current_evals;
          }

        if (inner == max_iter || current_evals >= max_iter * 5 / 4 ||
            max_abs(grad) <= tolerance_grad ||
            t * max_abs(d) <= tolerance_change ||
            std::abs(loss - prev_loss) < tolerance_change)
          break;
      }
  }

  std::vector<Numbers> trace;
};



void
compare_lbfgs(const std::string &name,
              FunctionObjective  f,
              const Numbers     &start,
              const double       lr,
              const unsigned int history_size,
              const unsigned int n_epochs)
{
  const unsigned int max_iter = 20;

  Numbers    x = start;
  TorchLBFGS torch(lr, max_iter, history_size);
  for (unsigned int epoch = 0; epoch < n_epochs; ++epoch)
    torch.step(x, [&]() {
      Vector<double> g, point(x.begin(), x.end());
      const double   value = f.value_and_gradient(point, g);
      return std::make_pair(value, Numbers(g.begin(), g.end()));
    });

  LBFGS::Parameters parameters;
  parameters.step_rule    = "fixed step";
  parameters.fixed_step   = lr;
  parameters.history_size = history_size;
  StoppingCriteria criteria;
  criteria.max_iterations = n_epochs * max_iter;

  double         error     = 0.;
  unsigned int   n_updates = 0;
  Vector<double> x_derl(start.begin(), start.end());
  const auto     result =
    LBFGS(parameters)
      .minimize(f, x_derl, criteria, [&](const IterationState &state) {
        if (state.iteration == 0)
          return std::optional<StopReason>();
        if (n_updates < torch.trace.size())
          for (unsigned int i = 0; i < start.size(); ++i)
            error =
              std::max(error, std::abs(state.x[i] - torch.trace[n_updates][i]));
        ++n_updates;
        return std::optional<StopReason>();
      });

  deallog << name << ": " << to_string(result.reason) << ", "
          << (n_updates == torch.trace.size() ? "same number of updates"
                                              : "ANOTHER NUMBER OF UPDATES")
          << (n_updates < n_epochs * max_iter ? ", less than the limit" : "")
          << (error < 1e-8 ? ", same points" : ", OTHER POINTS")
          << (result.evaluations == n_updates + 1 ? "" : ", EVALUATIONS")
          << std::endl;
}



/**
 * Three samples with different minima, as three mini-batches of one sample.
 */
class Samples : public FunctionObjective
{
public:
  Samples()
    : FunctionObjective(2, [this](const Vector<double> &x, Vector<double> &g) {
      return evaluate(x, g);
    })
  {
  }

  unsigned int
  n_batches() const override
  {
    return 3;
  }

  void
  use_batch(const unsigned int epoch, const unsigned int batch) override
  {
    // An order that depends on the epoch
    selected = (epoch + 2 * batch) % 3;
    calls.emplace_back(epoch, batch);
  }

  void
  use_all_samples() override
  {
    selected = -1;
  }

  double
  evaluate(const Vector<double> &x, Vector<double> &g) const
  {
    double       value = 0.;
    const double n     = selected < 0 ? 3. : 1.;
    for (int i = 0; i < 3; ++i)
      if (selected < 0 || i == selected)
        {
          const double a = x[0] - i, b = x[1] + i * i;
          value += (a * a + 5. * b * b) / n;
          g[0] += 2. * a / n;
          g[1] += 10. * b / n;
        }
    return value;
  }

  int                                                selected = -1;
  std::vector<std::pair<unsigned int, unsigned int>> calls;
};



/**
 * The rule of Adam from the paper, with the corrected moments spelled out.
 */
void
compare_adam()
{
  Adam::Parameters parameters;
  parameters.learning_rate     = 0.1;
  parameters.schedule          = "step";
  parameters.schedule_length   = 3;
  parameters.decay_factor      = 0.5;
  parameters.gradient_clipping = 10.;

  const unsigned int n_steps = 7;
  Numbers            x{3., -2.}, m(2), v(2);
  Samples            samples;
  double             error     = 0.;
  unsigned int       n_clipped = 0;

  std::vector<Numbers> points{x};
  Numbers              values;
  for (unsigned int t = 1; t <= n_steps + 1; ++t)
    {
      const unsigned int epoch = (t - 1) / 3;
      samples.use_batch(epoch, (t - 1) % 3);
      Vector<double> g(2);
      values.push_back(samples.evaluate(Vector<double>(x.begin(), x.end()), g));
      if (g.l2_norm() > 10.)
        {
          g *= 10. / g.l2_norm();
          ++n_clipped;
        }
      for (unsigned int i = 0; i < 2; ++i)
        {
          m[i]               = 0.9 * m[i] + 0.1 * g[i];
          v[i]               = 0.999 * v[i] + 0.001 * g[i] * g[i];
          const double m_hat = m[i] / (1. - std::pow(0.9, t));
          const double v_hat = v[i] / (1. - std::pow(0.999, t));
          x[i] -=
            0.1 * std::pow(0.5, epoch) * m_hat / (std::sqrt(v_hat) + 1e-8);
        }
      points.push_back(x);
    }
  // A first step is the learning rate, whatever the gradient
  deallog << "Adam, first step: " << points[1][0] - points[0][0] << ' '
          << points[1][1] - points[0][1] << std::endl;
  deallog << "Adam, some gradients are clipped: "
          << (n_clipped > 0 && n_clipped < n_steps ? "ok" : "FAILED")
          << std::endl;
  const auto expected_calls = samples.calls;
  samples.calls.clear();
  samples.use_all_samples();

  StoppingCriteria criteria;
  criteria.max_iterations = n_steps;
  // Neither may stop a run with mini-batches
  criteria.value_tolerance    = 1e10;
  criteria.gradient_tolerance = 1e10;
  Vector<double> x_derl(points[0].begin(), points[0].end());
  const auto     result =
    Adam(parameters)
      .minimize(samples, x_derl, criteria, [&](const IterationState &state) {
        for (unsigned int i = 0; i < 2; ++i)
          error =
            std::max(error, std::abs(state.x[i] - points[state.iteration][i]));
        error =
          std::max(error, std::abs(state.value - values[state.iteration]));
        return std::optional<StopReason>();
      });
  Vector<double> g(2);
  deallog << "Adam, mini-batches: " << (error < 1e-12 ? "ok" : "FAILED")
          << ", order " << (samples.calls == expected_calls ? "ok" : "FAILED")
          << ", all samples in the end "
          << (samples.selected == -1 &&
                  result.value == samples.evaluate(x_derl, g) &&
                  result.iterations == n_steps
                ? "ok"
                : "FAILED")
          << std::endl;
}



/**
 * The schedules have closed forms.
 */
void
check_schedules()
{
  Adam::Parameters parameters;
  parameters.learning_rate   = 2.;
  parameters.decay_factor    = 0.01;
  parameters.schedule_length = 100;

  const auto check = [&](const std::string         &schedule,
                         const std::vector<double> &expected) {
    parameters.schedule = schedule;
    double       error  = 0.;
    unsigned int i      = 0;
    for (const unsigned int iteration : {0, 50, 99, 100, 150, 250})
      {
        error = std::max(
          error,
          std::abs(parameters.step_length(iteration, 7) / expected[i] - 1.));
        ++i;
      }
    deallog << "Adam, schedule " << schedule << ": "
            << (error < 1e-14 ? "ok" : "FAILED") << std::endl;
  };
  check("constant", {2., 2., 2., 2., 2., 2.});
  check("step", {2., 2., 2., 0.02, 0.02, 0.0002});
  check("exponential",
        {2., 0.2, 2. * std::pow(10., -1.98), 0.02, 0.002, 0.00002});
  const double at_99 =
    0.02 + 0.99 * (1. - std::cos(numbers::PI / 100.)); // cos(a) = -cos(pi-a)
  check("cosine", {2., 1.01, at_99, 0.02, 0.02, 0.02});

  // The whole run is the default length, and warm-up is on top of it
  parameters.schedule_length = 0;
  parameters.schedule        = "cosine";
  parameters.warm_up         = 4;
  const double warm[]        = {0.25, 0.5, 0.75, 1., 1.};
  double       error         = 0.;
  for (unsigned int i = 0; i < 5; ++i)
    error = std::max(
      error,
      std::abs(parameters.step_length(i, 10) -
               warm[i] *
                 (0.02 + 0.99 * (1. + std::cos(numbers::PI * i / 10.)))));
  error = std::max(error, std::abs(parameters.step_length(10, 10) - 0.02));
  deallog << "Adam, warm-up and length of the run: "
          << (error < 1e-14 ? "ok" : "FAILED") << std::endl;
}



DERL_TEST(fixed_rules)
{
  initlog();

  compare_lbfgs("short steps", rosenbrock(3), {-1.2, 1., 0.5}, 0.1, 100, 4);
  compare_lbfgs(
    "short history", rosenbrock(6), {0., 0., 0., 0., 0., 0.}, 0.1, 3, 3);
  compare_lbfgs(
    "unit steps", quadratic(5, 10.), {0., 0., 0., 0., 0.}, 1., 100, 4);
  // Epochs that end early because the value changes too little
  compare_lbfgs("early ends",
                {2,
                 [](const Vector<double> &x, Vector<double> &g) {
                   double value = 0.;
                   for (unsigned int i = 0; i < 2; ++i)
                     {
                       value += std::pow(x[i], 4) * (i + 1.);
                       g[i] = 4. * std::pow(x[i], 3) * (i + 1.);
                     }
                   return value;
                 }},
                {0.4, 0.5},
                0.1,
                100,
                10);
  compare_lbfgs(
    "start at the minimum", rosenbrock(3), {1., 1., 1.}, 0.1, 100, 4);
  compare_adam();
  check_schedules();
}
} // namespace test_fixed_rules
