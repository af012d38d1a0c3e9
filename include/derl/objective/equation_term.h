// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_objective_equation_term_h
#define derl_objective_equation_term_h

#include <derl/objective/term.h>

#include <deal.II/base/point.h>

#include <Sacado.hpp>

#include <array>

namespace derl
{
  /**
   * The residual of a differential equation at the points of a set of
   * samples: the PINN loss of arXiv 2505.01391.
   *
   * @tparam Equation a class with
   *   - dimension, the number of coordinates,
   *   - n_jet_entries and n_residuals, compile-time constants,
   *   - static DerivativeSet derivative_set(), the jet of one component it
   *     needs, of n_jet_entries entries,
   *   - residual(point, jet), a template on the number type, which returns an
   *     array of n_residuals numbers.
   *   The derivatives by the jet's entries are taken with Sacado.
   */
  template <typename Equation>
  class EquationTerm : public Term
  {
  public:
    EquationTerm(const std::string                    &name,
                 const std::shared_ptr<const Samples> &samples,
                 const Equation                       &equation,
                 const double                          weight = 1.)
      : Term(name, samples, weight)
      , equation(equation)
      , ones(Equation::n_residuals, 1.)
    {
      for (const MultiIndex &derivative : Equation::derivative_set())
        entries.push_back({0, derivative});
      AssertDimension(entries.size(), Equation::n_jet_entries);
      for (unsigned int row = 0; row < Equation::n_residuals; ++row)
        for (unsigned int e = 0; e < Equation::n_jet_entries; ++e)
          full.push_back({row, e});
    }

    const std::vector<JetEntry> &
    jet_entries() const override
    {
      return entries;
    }

    const std::vector<double> &
    row_weights() const override
    {
      return ones;
    }

    const std::vector<Nonzero> &
    pattern() const override
    {
      return full;
    }

    void
    linearize(const dealii::ArrayView<const unsigned int> &batch,
              const std::vector<const double *>           &jets,
              const std::vector<double *>                 &residuals,
              const std::vector<double *> &derivatives) const override
    {
      constexpr unsigned int n_entries = Equation::n_jet_entries;
      constexpr unsigned int dim       = Equation::dimension;
      using Number                     = Sacado::Fad::SFad<double, n_entries>;

      std::array<Number, n_entries> jet;
      for (unsigned int k = 0; k < batch.size(); ++k)
        {
          for (unsigned int e = 0; e < n_entries; ++e)
            jet[e] = Number(n_entries, e, jets[e][k]);
          dealii::Point<dim> point;
          for (unsigned int d = 0; d < dim; ++d)
            point[d] = samples()->point(batch[k])[d];
          const auto residual = equation.residual(point, jet);
          for (unsigned int row = 0; row < Equation::n_residuals; ++row)
            {
              residuals[row][k] = residual[row].val();
              for (unsigned int e = 0; e < n_entries; ++e)
                derivatives[row * n_entries + e][k] = residual[row].dx(e);
            }
        }
    }

    std::unique_ptr<Term>
    clone_on(const std::shared_ptr<const Samples> &samples) const override
    {
      return std::make_unique<EquationTerm>(
        name(), samples, equation, weight());
    }

  private:
    Equation              equation;
    std::vector<JetEntry> entries;
    std::vector<double>   ones;
    std::vector<Nonzero>  full;
  };
} // namespace derl

#endif
