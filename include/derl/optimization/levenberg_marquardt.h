// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_levenberg_marquardt_h
#define derl_optimization_levenberg_marquardt_h

#include <derl/optimization/optimizer.h>

namespace derl
{
  /**
   * The method of Levenberg and Marquardt with geodesic acceleration, for
   * objectives that are a LeastSquaresObjective. With residuals r, their
   * Jacobian J and damping \f$\lambda\f$ an iteration computes
   * \f{align*}{
   *   (J^T J + \lambda I) v &= -J^T r, &
   *   (J^T J + \lambda I) a &= -J^T r_{vv}, &
   *   x^+ &= x + v + \tfrac 12 a \quad \text{if } 2 |a| \le \alpha |v|,
   *   \text{ else } x + v,
   * \f}
   * where the second derivative of the residuals along v is the difference
   * \f$r_{vv} = \frac 2 h \left(\frac{r(x + h v) - r(x)}{h} - J v\right)\f$;
   * see M. K. Transtrum and J. P. Sethna, arXiv:1201.5885, sections 2 and 4.
   *
   * The damping starts at initial_damping times \f$|J^T r|^2 / |r|^2\f$, which
   * has the scale of J's singular values whatever the objective's. A step is
   * taken if the value decreases. The damping follows from the gain, the
   * decrease over the one that the linear model at v promises: it falls by a
   * factor of 9 for a gain above 0.9, of 3 above 0.25, and rises by 2, 4, 8,
   * ... while steps are refused.
   *
   * <h3>The linear systems</h3>
   *
   * They are solved in the smaller one of two spaces, with a dense matrix and
   * the factorization of Cholesky: that of the parameters as above, or that of
   * the rows, \f$v = -J^T (J J^T + \lambda I)^{-1} r\f$. All ranks hold the
   * matrix and factorize it; the first rank's solution is sent to all, since
   * ranks on processors of different kinds may round differently. If both
   * spaces are larger than max_matrix_size, the method of conjugate gradients
   * solves the systems with products J v and J^T w only, preconditioned by
   * the diagonal blocks of \f$J^T J + \lambda I\f$.
   */
  class LevenbergMarquardt : public Optimizer
  {
  public:
    /** What it is called in parameter files. */
    static constexpr char method_name[] = "Levenberg-Marquardt";

    struct Parameters
    {
      /** Damping of the first step relative to the scale of J^T J. */
      double initial_damping = 1e-2;

      /** alpha above; 0 for no acceleration. */
      double acceleration_limit = 0.75;

      /** h above. */
      double acceleration_step = 0.1;

      /** Refused steps in a row after which the run ends. */
      unsigned int max_refused_steps = 30;

      /** Dense matrices are not larger than this. */
      unsigned int max_matrix_size = 8000;

      /** Relative residual at which conjugate gradients stop. */
      double linear_tolerance = 1e-3;

      /** Conjugate gradient iterations after which a step is tried as it is. */
      unsigned int max_linear_iterations = 200;

      /** Declare the members in the current section of @p prm. */
      void
      declare_parameters(dealii::ParameterHandler &prm);

      /** Throw ExcMessage if a member is outside its range. */
      void
      check() const;
    };

    explicit LevenbergMarquardt(const Parameters &parameters);

    virtual std::string
    name() const override;

    /**
     * See the base class. Throws ExcMessage if @p objective is no
     * LeastSquaresObjective.
     */
    virtual OptimizationResult
    minimize(ObjectiveFunction      &objective,
             dealii::Vector<double> &x,
             const StoppingCriteria &criteria,
             const Observer         &observer,
             CheckpointReader       *restart = nullptr) override;

    /**
     * See the base class. The number of rows is not known here; the memory is
     * that of the parameters' space, if it is not too large.
     */
    virtual double
    memory_consumption(const unsigned int n_parameters) const override;

  private:
    const Parameters parameters;
  };
} // namespace derl

#endif
