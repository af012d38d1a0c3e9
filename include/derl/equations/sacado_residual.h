// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_equations_sacado_residual_h
#define derl_equations_sacado_residual_h

#include <derl/equations/residual.h>

#include <Sacado.hpp>

namespace derl
{
  namespace internal
  {
    /**
     * The number type of a Sacado expression.
     */
    template <typename Expression, typename = void>
    struct NumberOf
    {
      using type = typename Sacado::BaseExprType<Expression>::type;
    };

    template <typename Expression>
    struct NumberOf<Expression,
                    std::enable_if_t<std::is_arithmetic<Expression>::value>>
    {
      using type = double;
    };

    /**
     * The number that a list of expressions needs: one with derivatives if any
     * of them has some.
     */
    template <typename First, typename... Others>
    struct CommonNumber
    {
      using Of   = typename NumberOf<First>::type;
      using Rest = typename CommonNumber<Others...>::type;
      using type =
        std::conditional_t<std::is_same<Of, double>::value, Rest, Of>;
    };

    template <typename Last>
    struct CommonNumber<Last>
    {
      using type = typename NumberOf<Last>::type;
    };
  } // namespace internal



  /**
   * The rows of a residual() from any expressions. Sacado's expressions
   * refer to temporary objects, and must become numbers in the statement that
   * they are written in; this function does it.
   */
  template <typename... Expressions>
  auto
  rows(const Expressions &...expressions)
  {
    using Number = typename internal::CommonNumber<Expressions...>::type;
    return std::array<Number, sizeof...(Expressions)>{{Number(expressions)...}};
  }



  namespace internal
  {
    template <std::size_t n_entries, std::size_t n_columns, typename Function>
    struct SacadoTraits
    {
      using Number = Sacado::Fad::SFad<double, n_entries>;
      using Result =
        std::invoke_result_t<const Function &,
                             const std::array<Number, n_entries> &,
                             const std::array<double, n_columns> &,
                             const dealii::ArrayView<const double> &>;

      template <typename T>
      struct RowsOf
      {
        static constexpr std::size_t value = 0;
      };

      template <std::size_t n>
      struct RowsOf<std::array<Number, n>>
      {
        static constexpr std::size_t value = n;
      };

      static constexpr std::size_t n_rows = RowsOf<Result>::value;
      static_assert(n_rows > 0,
                    "The function of a residual must return its rows as "
                    "derl::rows(first, second, ...): expressions of Sacado's "
                    "must not outlive the statement they are written in.");
    };



    template <std::size_t n_entries, std::size_t n_columns, typename Function>
    class SacadoResidual
      : public PointwiseResidual<
          n_entries,
          n_columns,
          SacadoTraits<n_entries, n_columns, Function>::n_rows>
    {
    public:
      using Traits = SacadoTraits<n_entries, n_columns, Function>;
      using Number = typename Traits::Number;
      static constexpr std::size_t n_rows = Traits::n_rows;
      using Base  = PointwiseResidual<n_entries, n_columns, n_rows>;
      using Batch = Residual::Batch;

      SacadoResidual(const std::array<std::string, n_entries> &entry_names,
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
        for (unsigned int k = 0; k < batch.n_points; ++k)
          {
            const std::array<double, n_rows> values =
              function(Base::template gather<n_entries>(batch.jets, k),
                       Base::template gather<n_columns>(batch.columns, k),
                       Base::point(batch, k));
            for (std::size_t row = 0; row < n_rows; ++row)
              rows[row][k] = values[row];
          }
      }

      void
      linearize(const Batch                 &batch,
                const std::vector<double *> &rows,
                const std::vector<double *> &derivatives) const override
      {
        std::array<Number, n_entries> jet;
        for (unsigned int k = 0; k < batch.n_points; ++k)
          {
            for (std::size_t entry = 0; entry < n_entries; ++entry)
              jet[entry] = Number(n_entries, entry, batch.jets[entry][k]);
            const std::array<Number, n_rows> values =
              function(jet,
                       Base::template gather<n_columns>(batch.columns, k),
                       Base::point(batch, k));
            for (std::size_t row = 0; row < n_rows; ++row)
              {
                rows[row][k] = values[row].val();
                for (std::size_t entry = 0; entry < n_entries; ++entry)
                  derivatives[row * n_entries + entry][k] =
                    values[row].fastAccessDx(entry);
              }
          }
      }

    private:
      const Function function;
    };
  } // namespace internal



  /**
   * A residual from a formula, which is differentiated with Sacado:
   * @code
   *   residual({"u", "u_x", "u_xx"}, {"f"},
   *     [](const auto &jet, const auto &columns, const auto &point) {
   *       const auto &[u, u_x, u_xx] = jet;
   *       return rows(point[0] * u * u_x - u_xx - columns[0]);
   *     });
   * @endcode
   *
   * @param entry_names the jet entries that it reads, a braced list.
   * @param column_names the columns that it reads: auxiliary ones, or observed
   *   jet entries.
   * @param function a generic lambda. It is called with the entries (a
   *   std::array of numbers), the columns (a std::array<double, ...>) and the
   *   point's coordinates (an ArrayView), and returns rows(...). It is
   *   instantiated for double and for Sacado's SFad, may be called by several
   *   threads at once, and must not throw on some ranks only.
   */
  template <std::size_t n_entries, std::size_t n_columns, typename Function>
  std::shared_ptr<const Residual>
  residual(const char *const (&entry_names)[n_entries],
           const char *const (&column_names)[n_columns],
           const Function &function)
  {
    return std::make_shared<
      internal::SacadoResidual<n_entries, n_columns, Function>>(
      internal::to_strings(entry_names),
      internal::to_strings(column_names),
      function);
  }

  /**
   * The same for a residual that reads no columns.
   */
  template <std::size_t n_entries, typename Function>
  std::shared_ptr<const Residual>
  residual(const char *const (&entry_names)[n_entries],
           const Function &function)
  {
    return std::make_shared<internal::SacadoResidual<n_entries, 0, Function>>(
      internal::to_strings(entry_names),
      std::array<std::string, 0>(),
      function);
  }
} // namespace derl

#endif
