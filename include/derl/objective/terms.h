// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_objective_terms_h
#define derl_objective_terms_h

#include <derl/base/jet_entry.h>

#include <derl/data/samples.h>

#include <derl/equations/residual.h>

#include <derl/network/surrogate.h>

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace derl
{
  /**
   * A term in a parameter file: which samples, which of their columns, and
   * with which weight, as in
   * @code
   *   set Terms = interior: u_x u_y: 1; boundary: u: 10; interior: momentum
   * @endcode
   * What is taken is a list of derivatives that are matched, by their names;
   * or one of the words value, gradient and Hessian, all observed derivatives
   * of this order; or the name of a residual that the program knows. A weight
   * that is not given is 1.
   */
  struct TermChoice
  {
    std::string              samples;
    std::vector<std::string> quantities;
    double                   weight = 1.;

    /**
     * The term's name in logs and summaries: "interior u_x u_y".
     */
    std::string
    name() const;

    /**
     * What is to be minimised, given the residuals that the program knows.
     * Throws if there is no residual of a name.
     */
    std::shared_ptr<const Residual>
    residual(const FieldNames &names,
             const std::map<std::string, std::shared_ptr<const Residual>>
               &residuals = {}) const;
  };

  /**
   * Read a list of terms. Throws if it has another form, names one term twice,
   * or has samples that are none of @p known_samples.
   */
  std::vector<TermChoice>
  parse_terms(const std::string              &text,
              const std::vector<std::string> &known_samples);

  /**
   * The orders of the derivatives that must be observed for those terms on the
   * named samples that match something, in ascending order.
   */
  std::vector<unsigned int>
  orders_to_sample(const std::vector<TermChoice> &terms,
                   const std::string             &samples,
                   const FieldNames              &names);

  /**
   * Whether any term is about the named samples.
   */
  bool
  uses_samples(const std::vector<TermChoice> &terms,
               const std::string             &samples);



  /**
   * How the terms of an objective are weighted relative to each other.
   */
  struct TermWeightParameters
  {
    /**
     * The factor of the terms' own weights:
     * - "fixed": by 1.
     * - "initial magnitude": by c / (the term's value at the start), so that
     *   terms of equal own weights contribute alike to the objective,
     * - "gradient norm": by c / |the term's gradient at the start|, so that
     *   they contribute alike to the first step. In both, c is such that the
     *   sum of the contributions does not change.
     * - "noise level": by 1 / (variance of the observations), so that terms
     *   that are fitted as well as their observations permit contribute alike.
     */
    std::string mode = "fixed";

    /**
     * For "noise level": the standard deviation of the observations of each
     * term, or 0 if the weights of its samples are the inverse variances.
     */
    std::vector<double> noise_levels;

    /**
     * Declare the entries in the current subsection of @p parameters.
     */
    void
    declare_parameters(dealii::ParameterHandler &parameters);

    /**
     * Throw if the options do not fit together.
     */
    void
    check() const;
  };

  /**
   * Set the weights of @p objective to those that @p parameters ask for, given
   * the terms' own ones and the start @p x. Terms of weight zero keep it. Costs
   * at most one evaluation per term. Throws if a term is zero at the start, or
   * not finite, where its size matters. Collective; all ranks get the same
   * weights, and the same exception.
   */
  void
  choose_weights(SumOfSquares                 &objective,
                 const dealii::Vector<double> &x,
                 const TermWeightParameters   &parameters);



  /**
   * The scaling with which samples become numbers of order one,
   * whatever the units of the problem:
   * - coordinates are mapped to [-1, 1], from the samples' bounding box. One
   *   that is the same everywhere is shifted to zero, and divided by its
   *   magnitude.
   * - a component's shift is the mean of its observed values, and its scale the
   *   largest root mean square of its observed values (after the shift) and
   *   first derivatives (with respect to the scaled coordinates); of higher
   *   derivatives if there are no others. Means are weighted by the samples'
   *   weights in each table; the shift is the mean over the tables, and of the
   *   root mean squares the largest one over the tables counts. A component of
   *   which nothing is observed, or zeros only, keeps its unit.
   *
   * All tables have the coordinates of the network; ranks may have no samples.
   * Collective; three reductions.
   */
  Scaling
  automatic_scaling(const MPI_Comm                     &communicator,
                    const unsigned int                  n_components,
                    const std::vector<const Samples *> &tables);



  /**
   * The size that a jet entry has if it is one in the network's units: the
   * component's scale over those of the coordinates. For derivatives in space,
   * that is with respect to coordinates called x, y and z, the latter are all
   * the geometric mean of their scales: gradients count equally in all
   * directions, whatever the shape of the domain.
   */
  double
  unit_of(const JetEntry                 &entry,
          const Scaling                  &scaling,
          const std::vector<std::string> &coordinates);
} // namespace derl

#endif
