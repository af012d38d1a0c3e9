// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_rol_objective_h
#define derl_optimization_rol_objective_h

#include <derl/base/collective.h>
#include <derl/base/objective_function.h>
#include <derl/base/version.h>

#include <deal.II/lac/vector.h>

#ifndef DEAL_II_TRILINOS_WITH_ROL
#  error \
    "This header needs a deal.II that was configured with Trilinos and its package ROL."
#endif

#include DERL_ROL_ADAPTOR_HEADER

#include <ROL_Objective.hpp>

namespace derl
{
  /**
   * An ObjectiveFunction as the optimizers of ROL, the Rapid Optimization
   * Library of Trilinos, see it. Needs Trilinos with ROL, which deal.II must
   * have been configured with. The library itself does not use ROL; programs
   * that include this header take a minute longer to compile.
   * @code
   *   using Adaptor = RolVector<dealii::Vector<double>>;
   *   RolObjective objective(sum_of_squares);
   *   Adaptor      x(Teuchos::rcp(new dealii::Vector<double>(start)));
   *   ROL::TypeU::TrustRegionAlgorithm<double> algorithm(options);
   *   algorithm.run(x, objective, stream);
   * @endcode
   *
   * The products of the Hessian with vectors that Newton and trust region
   * methods need are those of Gauss and Newton, 2 J^T J v, if the objective
   * is a LeastSquaresObjective, and difference quotients of the gradient
   * otherwise.
   *
   * ROL decides by values, gradients and products that are the
   * same on all ranks, so that all ranks can run the same algorithm.
   */
  class RolObjective : public ROL::Objective<double>
  {
  public:
    /**
     * @p objective must outlive this object.
     */
    explicit RolObjective(ObjectiveFunction &objective)
      : objective(objective)
      , least_squares(dynamic_cast<LeastSquaresObjective *>(&objective))
    {
    }

    double
    value(const ROL::Vector<double> &x, double &) override
    {
      evaluate(x);
      return last_value;
    }

    void
    gradient(ROL::Vector<double>       &g,
             const ROL::Vector<double> &x,
             double &) override
    {
      evaluate(x);
      vector(g) = last_gradient;
    }

    void
    hessVec(ROL::Vector<double>       &product,
            const ROL::Vector<double> &v,
            const ROL::Vector<double> &x,
            double                    &tolerance) override
    {
      if (least_squares == nullptr)
        {
          ROL::Objective<double>::hessVec(product, v, x, tolerance);
          return;
        }
      least_squares->linearize(vector(x));
      run_collectively(least_squares->get_communicator(), [&]() {
        least_squares->apply_jacobian(vector(v), jacobian_product);
      });
      least_squares->apply_transposed_jacobian(jacobian_product,
                                               vector(product));
      vector(product) *= 2.;
    }

  private:
    using VectorType = dealii::Vector<double>;
    using Adaptor    = RolVector<VectorType>;

    static const VectorType &
    vector(const ROL::Vector<double> &v)
    {
      return *dynamic_cast<const Adaptor &>(v).getVector();
    }

    static VectorType &
    vector(ROL::Vector<double> &v)
    {
      return *dynamic_cast<Adaptor &>(v).getVector();
    }

    /**
     * ROL asks for values and gradients at the same point one after the other:
     * find both at once.
     */
    void
    evaluate(const ROL::Vector<double> &x)
    {
      if (vector(x).size() == last_x.size() && vector(x) == last_x)
        return;
      last_value = objective.value_and_gradient(vector(x), last_gradient);
      last_x     = vector(x);
    }

    ObjectiveFunction           &objective;
    LeastSquaresObjective *const least_squares;

    VectorType last_x;
    VectorType last_gradient;
    double     last_value = 0.;
    VectorType jacobian_product;
  };
} // namespace derl

#endif
