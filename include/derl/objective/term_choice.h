// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_objective_term_choice_h
#define derl_objective_term_choice_h

#include <derl/base/jet_entry.h>

#include <derl/equations/residual.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace derl
{
  /**
   * What a parameter file says of a term: which samples, what of them, and with
   * which weight, as in
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
} // namespace derl

#endif
