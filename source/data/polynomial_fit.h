// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_polynomial_fit_h
#define derl_data_polynomial_fit_h

#include <derl/base/jet_entry.h>

#include <deal.II/base/point.h>
#include <deal.II/base/tensor.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * The monomials of total degree up to a given one in dim variables, ordered
     * by degree.
     */
    template <int dim>
    class Monomials
    {
    public:
      explicit Monomials(const unsigned int degree);

      unsigned int
      size() const;

      /**
       * Number of monomials of at most the given total degree.
       */
      unsigned int
      size(const unsigned int degree) const;

      unsigned int
      degree() const;

      std::vector<double>
      values(const dealii::Point<dim> &x) const;

      /**
       * If v[i] is a linear functional of monomial i, make it that of the
       * derivative of monomial i in the given direction.
       */
      std::vector<double>
      differentiate(const std::vector<double>    &v,
                    const dealii::Tensor<1, dim> &direction) const;

      /**
       * How far a monomial is from the span of those of lower degree, relative
       * to its own size: in the mean square over the cube [-1,1]^dim.
       */
      double
      independence(const unsigned int monomial) const;

    private:
      std::vector<MultiIndex> exponents;
      /** For each monomial and variable: the one with a power less. */
      std::vector<std::array<unsigned int, dim>> lower;
      std::vector<unsigned int>                  sizes;
      std::vector<double>                        independences;
    };



    /**
     * The polynomial that fits values at scattered nodes around a cell in the
     * sense of weighted least squares: the weight falls by a factor 1/e (of
     * the squared error) at the distance of one cell.
     *
     * Points are those of the cell's affine approximation, relative to its
     * center; the variables are these, scaled such that the nodes fill
     * [-1,1]^dim, so that stretched cells do no harm. Which
     * monomials it has is decided by the positions of the nodes alone: those
     * that depend on others at the nodes are left out, for example the cube of
     * a variable with three different values.
     */
    template <int dim>
    class PolynomialFit
    {
    public:
      /**
       * @param monomials must outlive this object.
       * @param certain_degree monomials up to this degree are taken unless the
       *   nodes do not determine them at all; those of higher degrees if the
       *   nodes determine them well.
       */
      PolynomialFit(const Monomials<dim>                  &monomials,
                    const unsigned int                     certain_degree,
                    const std::vector<dealii::Point<dim>> &nodes);

      /**
       * The highest degree up to which there are all monomials.
       */
      unsigned int
      degree() const;

      struct Polynomial
      {
        std::vector<double> coefficients;
        /** Estimated from the misfit: the variance of an error of the values
         * with weight one. */
        double variance;
      };

      Polynomial
      fit(const std::vector<double> &values) const;

      struct Estimate
      {
        double value;
        /** The variance of the value if the errors at the nodes are
         * independent. */
        double variance;
      };

      /**
       * A derivative in space at a point, for several polynomials.
       *
       * @param to_cell maps distances in space to those of the nodes.
       */
      std::vector<Estimate>
      derivative(const std::vector<Polynomial> &polynomials,
                 const dealii::Point<dim>      &x,
                 const dealii::Tensor<2, dim>  &to_cell,
                 const MultiIndex              &derivative) const;

    private:
      /**
       * Choose the monomials that are independent at @p points, in scaled
       * variables.
       */
      void
      choose_columns(const unsigned int                     certain_degree,
                     const std::vector<dealii::Point<dim>> &points);

      const Monomials<dim>     &monomials;
      std::vector<double>       weights;
      dealii::Tensor<1, dim>    scale;
      dealii::Tensor<1, dim>    offset;
      std::vector<unsigned int> columns;
      /** Householder vectors and R as LAPACK stores them. */
      std::vector<double> factorization;
      std::vector<double> reflections;
    };



    /**
     * Fits that were made before: cells whose patches differ by their place and
     * size only have the same one, for which nodes must be in the same order.
     */
    template <int dim>
    class PolynomialFits
    {
    public:
      /**
       * Coordinates up to round-off, in units that are far smaller than a cell.
       */
      using Key = std::vector<std::array<std::int64_t, dim>>;

      /**
       * The order of nodes by their coordinates, and their key in this order.
       */
      static std::vector<unsigned int>
      sort(const std::vector<dealii::Point<dim>> &nodes, Key &key);

      /**
       * The fit for nodes in order. Arguments as for PolynomialFit.
       */
      std::shared_ptr<const PolynomialFit<dim>>
      get(const Monomials<dim>                  &monomials,
          const unsigned int                     certain_degree,
          const std::vector<dealii::Point<dim>> &nodes,
          const Key                             &key);

    private:
      std::map<std::tuple<unsigned int, unsigned int, Key>,
               std::shared_ptr<const PolynomialFit<dim>>>
        fits;
    };
  } // namespace internal
} // namespace derl

#endif
