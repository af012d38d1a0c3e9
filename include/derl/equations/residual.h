// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_equations_residual_h
#define derl_equations_residual_h

#include <derl/base/jet_entry.h>

#include <initializer_list>
#include <limits>
#include <memory>
#include <string>
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
     * Throw if @p binding contradicts itself, for example in a class of a
     * user's. @p n_columns is the number of columns that exist.
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
   * The mismatch between jet entries and what was observed of them, a row for
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
   * match({first_derivatives}).
   */
  std::shared_ptr<const Residual>
  match(const std::vector<unsigned int> &orders);

  std::shared_ptr<const Residual>
  match(const std::initializer_list<unsigned int> orders);
} // namespace derl

#endif
