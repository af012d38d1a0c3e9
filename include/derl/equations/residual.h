// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_equations_residual_h
#define derl_equations_residual_h

#include <derl/base/jet_entry.h>

#include <deal.II/base/array_view.h>

#include <array>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace derl
{
  /**
   * What should be zero at each point of a set of samples: a number of rows,
   * each a function of
   * - entries of the jet there (the values and derivatives of any components of
   *   a surrogate, or of a finite element solution),
   * - columns of the samples: observed jet entries, or auxiliary columns such
   *   as normals and coefficients,
   * - the point's coordinates.
   *
   * A mismatch is a residual (match()), an equation is one (see residual() in
   * sacado_residual.h), and so are boundary conditions and the relations of a
   * Hamiltonian system. The same object is used for training, for measuring and
   * for pictures.
   *
   * Objects know names only. bind() resolves them once for a network and a
   * table of samples; the other functions then work on arrays in the order of
   * the binding. All functions are constant and not collective, and may be
   * called by several threads at once.
   */
  class Residual
  {
  public:
    virtual ~Residual() = default;

    /**
     * The columns that a table of samples has: the number of a column is its
     * position among the observed ones, followed by the auxiliary ones.
     */
    struct Columns
    {
      std::vector<JetEntry>    observed;
      std::vector<std::string> auxiliary;
    };

    static constexpr unsigned int no_column =
      std::numeric_limits<unsigned int>::max();

    /**
     * How the square of a row counts.
     */
    struct Row
    {
      /** How often: a mixed derivative stands more than once in a tensor. */
      double multiplicity = 1.;
      /** The observed column by whose factor (see Samples::set_factors()) it is
       * multiplied, or no_column. */
      unsigned int factor = no_column;
    };

    /**
     * A derivative of a row with respect to a jet entry that is not identically
     * zero.
     */
    struct Nonzero
    {
      unsigned int row;
      unsigned int entry;
    };

    /**
     * What a residual reads and writes, in terms of a network's jet and the
     * columns of a table.
     */
    struct Binding
    {
      std::vector<JetEntry>     entries;
      std::vector<unsigned int> columns;
      std::vector<Row>          rows;
      std::vector<Nonzero>      pattern;
    };

    /**
     * Resolve all names. Throws if one does not exist or can be read in two
     * ways.
     */
    virtual Binding
    bind(const FieldNames &names, const Columns &available) const = 0;

    /**
     * Arrays over a batch of points: one for each entry and each column of the
     * binding, and the points as [point][coordinate].
     */
    struct Batch
    {
      unsigned int                n_points;
      std::vector<const double *> jets;
      std::vector<const double *> columns;
      const double               *points;
      unsigned int                n_coordinates;
    };

    /**
     * Write each row's values at the points of @p batch.
     */
    virtual void
    evaluate(const Batch &batch, const std::vector<double *> &rows) const = 0;

    /**
     * As evaluate(), and write for each non-zero of the binding's pattern the
     * derivatives at the points.
     */
    virtual void
    linearize(const Batch                 &batch,
              const std::vector<double *> &rows,
              const std::vector<double *> &derivatives) const = 0;

    /**
     * Throw if @p binding contradicts itself, for example in a derived class of
     * the user. @p n_columns is the number of columns that exist.
     */
    static void
    check(const Binding     &binding,
          const unsigned int n_coordinates,
          const unsigned int n_columns);
  };



  /**
   * The number of the column with a name: that of an auxiliary column, or of an
   * observed jet entry. Throws if there is none, or both.
   */
  unsigned int
  column_with_name(const std::string       &name,
                   const FieldNames        &names,
                   const Residual::Columns &available);



  /**
   * The difference between jet entries and their observations, a row for
   * each. Values give OUTL, first derivatives DERL, both SOB, second
   * derivatives HESL of arXiv 2505.01391:
   * @code
   *   match({"u_x", "u_y", "v_x", "v_y"})
   * @endcode
   * A mixed derivative counts as often as it occurs in the full tensor: the
   * mismatch of all second derivatives is the Frobenius norm of the Hessian's.
   */
  std::shared_ptr<const Residual>
  match(const std::vector<std::string> &names);

  std::shared_ptr<const Residual>
  match(const std::initializer_list<const char *> names);

  /**
   * The mismatch of all observed derivatives of the given total orders:
   * match({jet_gradients}).
   */
  std::shared_ptr<const Residual>
  match(const std::vector<unsigned int> &orders);

  std::shared_ptr<const Residual>
  match(const std::initializer_list<unsigned int> orders);



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



  /**
   * The residual of the stationary Allen-Cahn equation,
   * @f[
   *   \lambda \Delta u + r (u^3 - u) - f \quad \text{in } [-1,1]^d, \qquad
   *   u = 0 \quad \text{on the boundary},
   * @f]
   * of the component u in the coordinates x, y and z, where f is the auxiliary
   * column "forcing". With $r=0$ the equation is Poisson's. Throws if @p lambda
   * is not positive.
   *
   * The equation and its coefficient are those of the experiment "Allen-Cahn"
   * in "Learning and Transferring Physical Models through Derivatives",
   * arXiv 2505.01391, where $d=2$, $\lambda=0.01$ and $r=1$.
   */
  template <int dim>
  std::shared_ptr<const Residual>
  allen_cahn(const double lambda, const double reaction = 1.);

} // namespace derl

#endif
