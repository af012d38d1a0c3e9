// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_equations_pointwise_residual_h
#define derl_equations_pointwise_residual_h

#include <derl/equations/residual.h>

#include <deal.II/base/array_view.h>

#include <array>
#include <type_traits>

namespace derl
{
  namespace internal
  {
    template <std::size_t n>
    std::array<std::string, n>
    to_strings(const char *const (&names)[n])
    {
      std::array<std::string, n> result;
      for (std::size_t i = 0; i < n; ++i)
        result[i] = names[i];
      return result;
    }



    /**
     * A residual that reads numbers of entries and columns known at compile
     * time, and whose rows may all depend on all entries.
     */
    template <std::size_t n_entries, std::size_t n_columns, std::size_t n_rows>
    class PointwiseResidual : public Residual
    {
    public:
      PointwiseResidual(const std::array<std::string, n_entries> &entry_names,
                        const std::array<std::string, n_columns> &column_names)
        : entry_names(entry_names)
        , column_names(column_names)
      {
      }

      Binding
      bind(const FieldNames &names, const Columns &available) const override
      {
        Binding result;
        for (const std::string &name : entry_names)
          result.entries.push_back(names.parse(name));
        for (const std::string &name : column_names)
          result.columns.push_back(column_with_name(name, names, available));
        result.rows.resize(n_rows);
        for (unsigned int row = 0; row < n_rows; ++row)
          for (unsigned int entry = 0; entry < n_entries; ++entry)
            result.pattern.push_back({row, entry});
        return result;
      }

    protected:
      template <std::size_t n>
      static std::array<double, n>
      gather(const std::vector<const double *> &arrays, const unsigned int k)
      {
        std::array<double, n> result;
        for (std::size_t i = 0; i < n; ++i)
          result[i] = arrays[i][k];
        return result;
      }

      static dealii::ArrayView<const double>
      point(const Batch &batch, const unsigned int k)
      {
        return dealii::ArrayView<const double>(
          batch.points + std::size_t(k) * batch.n_coordinates,
          batch.n_coordinates);
      }

    private:
      const std::array<std::string, n_entries> entry_names;
      const std::array<std::string, n_columns> column_names;
    };



    template <std::size_t n_entries,
              std::size_t n_columns,
              std::size_t n_rows,
              typename Function>
    class ResidualWithDerivatives
      : public PointwiseResidual<n_entries, n_columns, n_rows>
    {
    public:
      using Base        = PointwiseResidual<n_entries, n_columns, n_rows>;
      using Batch       = Residual::Batch;
      using Derivatives = std::array<std::array<double, n_entries>, n_rows>;

      ResidualWithDerivatives(
        const std::array<std::string, n_entries> &entry_names,
        const std::array<std::string, n_columns> &column_names,
        const Function                           &function)
        : Base(entry_names, column_names)
        , function(function)
      {
      }

      void
      evaluate(const Batch                 &batch,
               const std::vector<double *> &rows) const override
      {
        write(batch, rows, nullptr);
      }

      void
      linearize(const Batch                 &batch,
                const std::vector<double *> &rows,
                const std::vector<double *> &derivatives) const override
      {
        write(batch, rows, &derivatives);
      }

    private:
      void
      write(const Batch                       &batch,
            const std::vector<double *>       &rows,
            const std::vector<double *> *const derivatives) const
      {
        for (unsigned int k = 0; k < batch.n_points; ++k)
          {
            Derivatives                      at_point{};
            const std::array<double, n_rows> values =
              function(Base::template gather<n_entries>(batch.jets, k),
                       Base::template gather<n_columns>(batch.columns, k),
                       Base::point(batch, k),
                       at_point);
            for (std::size_t row = 0; row < n_rows; ++row)
              {
                rows[row][k] = values[row];
                if (derivatives != nullptr)
                  for (std::size_t entry = 0; entry < n_entries; ++entry)
                    (*derivatives)[row * n_entries + entry][k] =
                      at_point[row][entry];
              }
          }
      }

      const Function function;
    };
  } // namespace internal



  /**
   * A residual whose derivatives are given by hand.
   *
   * @param entry_names the jet entries that it reads, a braced list.
   * @param column_names the columns that it reads.
   * @param function is called with the entries, the columns (both
   *   std::array<double, ...>), the point's coordinates (an ArrayView), and a
   *   std::array<std::array<double, n_entries>, n_rows>, zero on entry, into
   *   which it writes the derivative of each row with respect to each entry. It
   *   returns the rows, std::array<double, n_rows>.
   */
  template <std::size_t n_rows,
            std::size_t n_entries,
            std::size_t n_columns,
            typename Function>
  std::shared_ptr<const Residual>
  residual_with_derivatives(const char *const (&entry_names)[n_entries],
                            const char *const (&column_names)[n_columns],
                            const Function &function)
  {
    return std::make_shared<
      internal::
        ResidualWithDerivatives<n_entries, n_columns, n_rows, Function>>(
      internal::to_strings(entry_names),
      internal::to_strings(column_names),
      function);
  }

  /**
   * The same for a residual that reads no columns.
   */
  template <std::size_t n_rows, std::size_t n_entries, typename Function>
  std::shared_ptr<const Residual>
  residual_with_derivatives(const char *const (&entry_names)[n_entries],
                            const Function &function)
  {
    return std::make_shared<
      internal::ResidualWithDerivatives<n_entries, 0, n_rows, Function>>(
      internal::to_strings(entry_names),
      std::array<std::string, 0>(),
      function);
  }
} // namespace derl

#endif
