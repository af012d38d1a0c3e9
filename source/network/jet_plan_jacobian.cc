// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/jet_plan.h>

#include <algorithm>

#include "jet_plan_blocks.h"

namespace derl
{
  using namespace dealii;

  void
  JacobianFactors::reinit(const JacobianFactors &other,
                          const unsigned int     new_n_points)
  {
    n_points       = new_n_points;
    rows_per_point = other.rows_per_point;
    panel_size     = other.panel_size;
    panel_numbers  = other.panel_numbers;
    is_double      = other.is_double;
    if (is_double)
      doubles.resize_fast(n_numbers());
    else
      floats.resize_fast(n_numbers());
  }



  ArrayView<char>
  JacobianFactors::bytes()
  {
    return is_double ? ArrayView<char>(reinterpret_cast<char *>(doubles.data()),
                                       n_numbers() * sizeof(double))
                     : ArrayView<char>(reinterpret_cast<char *>(floats.data()),
                                       n_numbers() * sizeof(float));
  }



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
    for_each_block(points, workspace, [&](const auto &block) {
      Workspace::Slot &slot = block.slot;
      block.engine.forward_tangents(i.shape, block.n_panels, block.numbers);
      read_jets(block, slot.jets.data());
      read_tangents(block, slot.jet_changes.data());
      consumer(block.first,
               view(slot.jets.data(), block.n_points),
               view(slot.jet_changes.data(), block.n_points));
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
    factors.n_points        = points.size() / i.derivatives.n_coordinates();
    factors.rows_per_point  = rows_per_point;
    factors.panel_size      = i.panel_size;
    factors.panel_numbers   = i.shape.factor_size;
    factors.is_double       = i.precision == Precision::double_precision;
    i.with_number([&](auto zero) {
      factors.numbers<decltype(zero)>().resize_fast(factors.n_numbers());
    });
    for_each_block(points, workspace, [&](const auto &block) {
      using Number          = std::decay_t<decltype(*block.numbers)>;
      Workspace::Slot &slot = block.slot;
      block.engine.forward(i.shape, block.n_panels, block.numbers);
      read_jets(block, slot.jets.data());
      const JetBlock jets = view(slot.jets.data(), block.n_points);
      for (unsigned int row = 0; row < rows_per_point; ++row)
        {
          slot.jet_changes.fill(0.);
          definition(block.first,
                     row,
                     jets,
                     view(slot.jet_changes.data(), block.n_points));
          write_adjoints(block, slot.jet_changes.data());
          block.engine.factorize(
            i.shape,
            block.n_panels,
            block.numbers,
            factors.numbers<Number>().data() +
              (std::size_t(block.first / i.panel_size) * rows_per_point + row) *
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
    const auto is_fixed = [](const internal::LayerLayout &layer) {
      return layer.is_fixed;
    };
    // fixed layers have no factors
    if (std::any_of(i.layers.begin(), i.layers.end(), is_fixed))
      rows = 0.;
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
                          FullMatrix<double>    &products,
                          const std::size_t      first_row,
                          const std::size_t      first_column) const
  {
    const Implementation &i            = *implementation;
    const bool            is_symmetric = &left == &right;
    const unsigned int    panel        = i.panel_size;
    AssertThrow(
      first_row + left.n_rows() <= products.m() &&
        first_column + right.n_rows() <= products.n() &&
        (!is_symmetric || (first_column + left.n_rows() <= products.m() &&
                           first_row == first_column)),
      ExcMessage("The inner products do not fit into the matrix."));

    // The strides of the layers are those of the network: the size of the
    // factors tells with how many channels they were made.
    const std::size_t channel_numbers =
      i.shape.factor_size / (i.shape.n_channels + i.shape.n_collapsed_channels);
    const auto n_channels = [&](const JacobianFactors &factors) {
      AssertDimension(factors.panel_size, panel);
      AssertDimension(factors.panel_numbers % channel_numbers, 0);
      return static_cast<unsigned int>(factors.panel_numbers / channel_numbers);
    };
    const auto n_panels = [&](const JacobianFactors &factors) {
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
                                              n_channels(right),
                                              right.panel<Number>(p),
                                              n_channels(left),
                                              left.panel<Number>(q),
                                              block.data());
            for (unsigned int a = 0; a < panel; ++a)
              for (unsigned int b = 0; b < panel; ++b)
                {
                  const std::size_t row    = row_of(left, q, a);
                  const std::size_t column = row_of(right, p, b);
                  if (row < left.n_rows() && column < right.n_rows())
                    {
                      const double product = block[a * panel + b];
                      products(first_row + row, first_column + column) =
                        product;
                      if (is_symmetric)
                        products(first_row + column, first_column + row) =
                          product;
                    }
                }
          }
    });
  }
} // namespace derl
