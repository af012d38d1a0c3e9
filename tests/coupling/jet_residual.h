// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A residual from a function of values, gradients and Hessians at a point.

#ifndef derl_tests_coupling_jet_residual_h
#define derl_tests_coupling_jet_residual_h

#include <derl/equations/residual.h>

#include <deal.II/base/point.h>
#include <deal.II/base/symmetric_tensor.h>

#include <deal.II/lac/vector.h>

#include <functional>
#include <vector>

/**
 * One row, not differentiated, that sees all derivatives up to order two.
 */
template <int dim>
class JetResidual : public derl::Residual
{
public:
  using Formula =
    std::function<double(const dealii::Point<dim> &,
                         const dealii::Vector<double> &,
                         const std::vector<dealii::Tensor<1, dim>> &,
                         const std::vector<dealii::SymmetricTensor<2, dim>> &)>;

  JetResidual(const unsigned int n_components, const Formula &formula)
    : n_components(n_components)
    , formula(formula)
    , entries(derl::jet_entries_of_orders(dim, n_components, {0, 1, 2}))
  {
  }

  Binding
  bind(const derl::FieldNames &, const Columns &) const override
  {
    Binding result;
    result.entries = entries;
    result.rows.resize(1);
    return result;
  }

  void
  evaluate(const Batch &batch, const std::vector<double *> &rows) const override
  {
    for (unsigned int k = 0; k < batch.n_points; ++k)
      {
        dealii::Vector<double>                       values(n_components);
        std::vector<dealii::Tensor<1, dim>>          gradients(n_components);
        std::vector<dealii::SymmetricTensor<2, dim>> hessians(n_components);
        for (unsigned int e = 0; e < entries.size(); ++e)
          {
            const auto &[component, derivative] = entries[e];
            std::vector<unsigned int> d;
            for (unsigned int i = 0; i < dim; ++i)
              d.insert(d.end(), derivative[i], i);
            const double number = batch.jets[e][k];
            if (d.empty())
              values(component) = number;
            else if (d.size() == 1)
              gradients[component][d[0]] = number;
            else
              hessians[component][d[0]][d[1]] = number;
          }
        dealii::Point<dim> point;
        for (unsigned int i = 0; i < dim; ++i)
          point[i] = batch.points[k * batch.n_coordinates + i];
        rows[0][k] = formula(point, values, gradients, hessians);
      }
  }

  void
  linearize(const Batch                 &batch,
            const std::vector<double *> &rows,
            const std::vector<double *> &) const override
  {
    evaluate(batch, rows);
  }

private:
  const unsigned int                n_components;
  const Formula                     formula;
  const std::vector<derl::JetEntry> entries;
};

#endif
