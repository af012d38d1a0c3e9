// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "space_time_errors.h"

#include <derl/base/collective.h>

#include <derl/program/program.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/fe/fe_values.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace derl
{
  using namespace dealii;

  namespace
  {
    const unsigned int dim = 2;
  } // namespace



  SpaceTimeErrors::SpaceTimeErrors(const MPI_Comm    &communicator,
                                   const Surrogate   &surrogate,
                                   const std::string &path)
    : communicator(communicator)
    , evaluator(surrogate, {"u", "u_x", "u_y", "u_t"})
    , workspace(evaluator)
  {
    run_collectively(communicator, [&]() {
      if (Utilities::MPI::this_mpi_process(communicator) != 0)
        return;
      file.open(path);
      file << "time,reference_value,surrogate_value,reference_gradient,"
              "surrogate_gradient,reference_rate,surrogate_rate"
           << std::endl;
      AssertThrow(file, ExcMessage("Cannot write " + path + "."));
    });
  }



  void
  SpaceTimeErrors::add(const HeatSolver &solver)
  {
    if (solver.step_length() == 0.)
      return;
    // squared errors of the reference, of the surrogate, squares of the exact
    std::vector<double> sums(9, 0.);
    std::vector<double> largest(2, 0.);
    run_collectively(communicator, [&]() {
      const auto          &fe = solver.get_dof_handler().get_fe();
      const QIterated<dim> quadrature(QGauss<1>(fe.degree + 1), 2);
      FEValues<dim>        fe_values(solver.get_mapping(),
                              fe,
                              quadrature,
                              update_values | update_gradients |
                                update_quadrature_points | update_JxW_values);
      const unsigned int   n = quadrature.size();
      std::vector<double>  values(n), rates(n), points(n * (dim + 1));
      // the entries of the evaluator
      std::vector<std::array<double, 4>> jets(n);
      std::vector<Tensor<1, dim>>        gradients(n);
      const MovingSource                &exact = solver.exact_solution();
      const auto                         error = [&](const unsigned int    which,
                             const Point<dim>     &x,
                             const double          JxW,
                             const double          u,
                             const Tensor<1, dim> &gradient,
                             const double          rate) {
        const double e = u - exact.value(x);
        sums[3 * which] += e * e * JxW;
        sums[3 * which + 1] +=
          (gradient - exact.gradient(x)).norm_square() * JxW;
        sums[3 * which + 2] += std::pow(rate - exact.rate(x), 2) * JxW;
        largest[which] = std::max(largest[which], std::abs(e));
      };
      for (const auto &cell : solver.get_dof_handler().active_cell_iterators())
        if (cell->is_locally_owned())
          {
            fe_values.reinit(cell);
            fe_values.get_function_values(solver.get_solution(), values);
            fe_values.get_function_gradients(solver.get_solution(), gradients);
            fe_values.get_function_values(solver.get_rate(), rates);
            for (unsigned int q = 0; q < n; ++q)
              {
                const Point<dim> &x   = fe_values.quadrature_point(q);
                const double      JxW = fe_values.JxW(q);
                error(0, x, JxW, values[q], gradients[q], rates[q]);
                sums[6] += std::pow(exact.value(x), 2) * JxW;
                sums[7] += exact.gradient(x).norm_square() * JxW;
                sums[8] += std::pow(exact.rate(x), 2) * JxW;
                points[3 * q]     = x[0];
                points[3 * q + 1] = x[1];
                points[3 * q + 2] = solver.time();
              }
            evaluator.evaluate(make_array_view(std::as_const(points)),
                               workspace,
                               ArrayView<double>(jets[0].data(), 4 * n));
            for (unsigned int q = 0; q < n; ++q)
              error(1,
                    fe_values.quadrature_point(q),
                    fe_values.JxW(q),
                    jets[q][0],
                    Point<dim>(jets[q][1], jets[q][2]),
                    jets[q][3]);
          }
    });
    Utilities::MPI::sum(sums, communicator, sums);
    Utilities::MPI::max(largest, communicator, largest);

    file << solver.time();
    for (unsigned int k = 0; k < 3; ++k)
      {
        reference[k] += sums[k] * solver.step_length();
        learned[k] += sums[3 + k] * solver.step_length();
        exact[k] += sums[6 + k] * solver.step_length();
        file << ',' << std::sqrt(sums[k] / sums[6 + k]) << ','
             << std::sqrt(sums[3 + k] / sums[6 + k]);
      }
    file << std::endl;
    max_reference = std::max(max_reference, largest[0]);
    max_learned   = std::max(max_learned, largest[1]);
  }



  Figures
  SpaceTimeErrors::figures(const Squares &errors, const double max_error) const
  {
    return {{"relative_l2_error", std::sqrt(errors[0] / exact[0])},
            {"relative_h1_seminorm_error", std::sqrt(errors[1] / exact[1])},
            {"relative_rate_error", std::sqrt(errors[2] / exact[2])},
            {"max_error", max_error}};
  }



  Figures
  SpaceTimeErrors::of_reference() const
  {
    return figures(reference, max_reference);
  }



  Figures
  SpaceTimeErrors::of_surrogate() const
  {
    return figures(learned, max_learned);
  }



  void
  SpaceTimeErrors::draw(const std::string        &folder,
                        const ConditionalOStream &progress) const
  {
    draw_picture(folder,
                 "curves.gp",
                 {"errors",
                  "errors.csv",
                  "time",
                  "relative L2 error at this time",
                  "y",
                  "1",
                  "2 3 4 5 6 7"},
                 progress);
  }
} // namespace derl
