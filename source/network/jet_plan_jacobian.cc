// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/jet_plan.h>

#include "jet_plan_blocks.h"

namespace derl
{
  using namespace dealii;

  void
  JetPlan::apply_jacobian(const ArrayView<const double> &points,
                          const Vector<double>          &direction,
                          Workspace                     &workspace,
                          const JetTangentConsumer      &consumer) const
  {
    const Implementation &i = *implementation;
    AssertDimension(direction.size(), i.architecture.n_parameters());
    check_workspace(workspace);
    i.with_number([&](auto zero) {
      using Number = decltype(zero);
      for (Workspace::Slot &slot : workspace.slots)
        i.engine<Number>().set_direction(
          i.shape, direction.begin(), slot.numbers<Number>());
    });
    for_each_block(
      points,
      workspace,
      [&](auto               zero,
          Workspace::Slot   &slot,
          const unsigned int first,
          const unsigned int n,
          const unsigned int n_panels) {
        using Number          = decltype(zero);
        Number *const numbers = slot.numbers<Number>();
        i.engine<Number>().forward_tangents(i.shape, n_panels, numbers);
        read_jets(n_panels, numbers, 0, slot.jets.data());
        read_jets(n_panels, numbers, i.shape.tangents, slot.jet_changes.data());
        consumer(
          first, view(slot.jets.data(), n), view(slot.jet_changes.data(), n));
      });
  }



  std::size_t
  JetPlan::factor_bytes_per_row() const
  {
    const Implementation &i           = *implementation;
    std::size_t           number_size = 0;
    i.with_number([&](auto zero) { number_size = sizeof(zero); });
    return i.shape.factor_size * number_size / i.panel_size;
  }



  void
  JetPlan::factorize_jacobian(const ArrayView<const double> &points,
                              const unsigned int             rows_per_point,
                              Workspace                     &workspace,
                              const RowDefinition           &definition,
                              JacobianFactors               &factors) const
  {
    const Implementation &i = *implementation;
    factors.n_points        = points.size() / i.architecture.n_inputs;
    factors.rows_per_point  = rows_per_point;
    factors.panel_size      = i.panel_size;
    factors.panel_numbers   = i.shape.factor_size;
    const std::size_t n_panels =
      std::size_t((factors.n_points + i.panel_size - 1) / i.panel_size) *
      rows_per_point;
    i.with_number([&](auto zero) {
      factors.numbers<decltype(zero)>().resize_fast(n_panels *
                                                    i.shape.factor_size);
    });
    for_each_block(
      points,
      workspace,
      [&](auto               zero,
          Workspace::Slot   &slot,
          const unsigned int first,
          const unsigned int n,
          const unsigned int n_block_panels) {
        using Number          = decltype(zero);
        Number *const numbers = slot.numbers<Number>();
        i.engine<Number>().forward(i.shape, n_block_panels, numbers);
        read_jets(n_block_panels, numbers, 0, slot.jets.data());
        const JetBlock jets = view(slot.jets.data(), n);
        for (unsigned int row = 0; row < rows_per_point; ++row)
          {
            slot.jet_changes.fill(0.);
            definition(first, row, jets, view(slot.jet_changes.data(), n));
            write_adjoints(n, n_block_panels, slot.jet_changes.data(), numbers);
            i.engine<Number>().factorize(
              i.shape,
              n_block_panels,
              numbers,
              factors.numbers<Number>().data() +
                (std::size_t(first / i.panel_size) * rows_per_point + row) *
                  i.shape.factor_size,
              rows_per_point * i.shape.factor_size);
          }
      });
  }



  void
  JetPlan::expand_rows(const JacobianFactors &factors,
                       const std::size_t      begin,
                       FullMatrix<double>    &rows) const
  {
    const Implementation &i   = *implementation;
    const std::size_t     end = begin + rows.m();
    AssertThrow(end <= factors.n_rows(),
                ExcMessage("There are fewer rows in these factors."));
    AssertDimension(factors.panel_numbers, i.shape.factor_size);
    AssertDimension(rows.n(), i.architecture.n_parameters());
    if (begin == end)
      return;
    const std::size_t rows_per_panel =
      std::size_t(factors.rows_per_point) * i.panel_size;
    std::vector<double *> targets(i.panel_size);
    for (std::size_t p = begin / rows_per_panel;
         p <= (end - 1) / rows_per_panel;
         ++p)
      for (unsigned int r = 0; r < factors.rows_per_point; ++r)
        {
          for (unsigned int k = 0; k < i.panel_size; ++k)
            {
              const std::size_t row =
                (p * i.panel_size + k) * factors.rows_per_point + r;
              targets[k] =
                row >= begin && row < end ? &rows(row - begin, 0) : nullptr;
            }
          i.with_number([&](auto zero) {
            using Number = decltype(zero);
            i.engine<Number>().expand_rows(
              i.shape,
              factors.panel<Number>(p * factors.rows_per_point + r),
              targets.data());
          });
        }
  }



  void
  JetPlan::inner_products(const JacobianFactors &left,
                          const JacobianFactors &right,
                          FullMatrix<double>    &products) const
  {
    const Implementation &i = *implementation;
    AssertDimension(left.panel_numbers, i.shape.factor_size);
    AssertDimension(right.panel_numbers, i.shape.factor_size);
    AssertDimension(products.m(), left.n_rows());
    AssertDimension(products.n(), right.n_rows());
    const bool         is_symmetric = &left == &right;
    const unsigned int panel        = i.panel_size;
    const auto         n_panels     = [&](const JacobianFactors &factors) {
      return (factors.n_points + panel - 1) / panel * factors.rows_per_point;
    };
    const auto row_of = [&](const JacobianFactors &factors,
                            const std::size_t      p,
                            const unsigned int     k) {
      return (p / factors.rows_per_point * panel + k) * factors.rows_per_point +
             p % factors.rows_per_point;
    };

    i.with_number([&](auto zero) {
      using Number = decltype(zero);
      AlignedVector<Number> block(panel * panel);
      for (std::size_t q = 0; q < n_panels(left); ++q)
        for (std::size_t p = is_symmetric ? q : 0; p < n_panels(right); ++p)
          {
            i.engine<Number>().inner_products(i.shape,
                                              right.panel<Number>(p),
                                              left.panel<Number>(q),
                                              block.data());
            for (unsigned int a = 0; a < panel; ++a)
              for (unsigned int b = 0; b < panel; ++b)
                {
                  const std::size_t row    = row_of(left, q, a);
                  const std::size_t column = row_of(right, p, b);
                  if (row < products.m() && column < products.n())
                    {
                      products(row, column) = block[a * panel + b];
                      if (is_symmetric)
                        products(column, row) = block[a * panel + b];
                    }
                }
          }
    });
  }
} // namespace derl
