// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_evaluator_h
#define derl_network_evaluator_h

#include <derl/base/jet_entry.h>

#include <derl/network/jet_plan.h>
#include <derl/network/surrogate.h>

#include <deal.II/base/array_view.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

namespace derl
{
  /**
   * Evaluates chosen jet entries of a surrogate at points that each have values
   * of their own for all coordinates, space, time and parameters: a
   * constitutive law at quadrature points, a teacher, errors in space and time.
   *
   * @code
   *   // stress and tangent of an energy psi(a, b)
   *   const Evaluator law(energy,
   *                       {"psi_a", "psi_b", "psi_aa", "psi_ab", "psi_bb"});
   *   Evaluator::Workspace workspace(law); // one for each thread
   *   law.evaluate(make_array_view(strains), workspace,
   *                make_array_view(results)); // [point][entry]
   * @endcode
   *
   * An evaluator copies what it needs of the surrogate and is constant: any
   * number of threads may use it, each with a Workspace of its own. Batches of
   * a hundred points or more are the fastest per point. No call of evaluate()
   * allocates memory, and none is collective. There is no check whether the
   * surrogate extrapolates.
   */
  class Evaluator
  {
  public:
    /**
     * An evaluator of some entries. Throws if a component does not exist or a
     * derivative is not with respect to the surrogate's coordinates, or if it
     * needs derivatives of the network of a total order above four.
     */
    Evaluator(const Surrogate             &surrogate,
              const std::vector<JetEntry> &entries,
              const Precision precision = Precision::double_precision);

    /**
     * The same with the entries' names, see FieldNames. Throws if a name does
     * not exist; the message lists what does.
     */
    Evaluator(const Surrogate                &surrogate,
              const std::vector<std::string> &names,
              const Precision precision = Precision::double_precision);

    Evaluator(const Surrogate                          &surrogate,
              const std::initializer_list<const char *> names,
              const Precision precision = Precision::double_precision);

    /**
     * An evaluator of all derivatives in a set for all components: the entries
     * are those of the first component in the order of the set, then those of
     * the next one.
     */
    Evaluator(const Surrogate     &surrogate,
              const DerivativeSet &derivatives,
              const Precision      precision = Precision::double_precision);

    /**
     * The memory that a thread needs to evaluate.
     */
    class Workspace
    {
    public:
      explicit Workspace(const Evaluator &evaluator);

    private:
      JetPlan::Workspace jets;
      /** Coordinates and results of the points of some rows of lanes. */
      std::vector<double> coordinates, results;

      friend class Evaluator;
    };

    unsigned int
    n_coordinates() const;

    const std::vector<JetEntry> &
    entries() const;

    /**
     * The derivatives that are evaluated, for all components: the second index
     * of the blocks that a consumer is given.
     */
    const DerivativeSet &
    derivative_set() const;

    /**
     * Evaluate at @p points, given as [point][coordinate] in the user's units,
     * and write the @p results as [point][entry].
     */
    void
    evaluate(const dealii::ArrayView<const double> &points,
             Workspace                             &workspace,
             const dealii::ArrayView<double>       &results) const;

    /**
     * The same for numbers that are several lanes wide, in the order in which
     * FEEvaluation has them: @p points as [row][coordinate] and @p results as
     * [row][entry], where each lane of a row is a point. @p Lanes is a
     * dealii::VectorizedArray<double>, of any width, or a class with its size()
     * and operator[].
     *
     * @param n_lanes how many lanes are points; the others become zero.
     */
    template <typename Lanes>
    void
    evaluate(const dealii::ArrayView<const Lanes> &points,
             Workspace                            &workspace,
             const dealii::ArrayView<Lanes>       &results,
             const unsigned int n_lanes = Lanes::size()) const;

    /**
     * Hand the jets at @p points to @p consumer block by block, with all
     * components, and all derivatives of derivative_set().
     */
    void
    evaluate(const dealii::ArrayView<const double> &points,
             Workspace                             &workspace,
             const JetPlan::JetConsumer            &consumer) const;

  private:
    /**
     * Points that are evaluated together when they come in lanes.
     */
    static constexpr unsigned int buffered_points = 256;

    void
    check_sizes(const std::size_t n_coordinates,
                const std::size_t n_results) const;

    JetPlan                   plan;
    dealii::Vector<double>    parameters;
    std::vector<JetEntry>     all_entries;
    std::vector<unsigned int> derivative_of_entry;
  };



  template <typename Lanes>
  void
  Evaluator::evaluate(const dealii::ArrayView<const Lanes> &points,
                      Workspace                            &workspace,
                      const dealii::ArrayView<Lanes>       &results,
                      const unsigned int                    n_lanes) const
  {
    static_assert(Lanes::size() <= buffered_points, "Too many lanes.");
    check_sizes(points.size(), results.size());
    AssertThrow(n_lanes > 0 && n_lanes <= Lanes::size(),
                dealii::ExcMessage("There are not as many lanes."));
    const unsigned int n_rows     = points.size() / n_coordinates();
    const unsigned int n_at_once  = buffered_points / n_lanes;
    const unsigned int n_in_point = n_coordinates();
    const unsigned int n_out      = all_entries.size();
    for (unsigned int begin = 0; begin < n_rows; begin += n_at_once)
      {
        const unsigned int n = std::min(n_at_once, n_rows - begin);
        double            *x = workspace.coordinates.data();
        for (unsigned int row = begin; row < begin + n; ++row)
          for (unsigned int lane = 0; lane < n_lanes; ++lane)
            for (unsigned int d = 0; d < n_in_point; ++d)
              *x++ = points[row * n_in_point + d][lane];

        evaluate(dealii::ArrayView<const double>(workspace.coordinates.data(),
                                                 n * n_lanes * n_in_point),
                 workspace,
                 dealii::ArrayView<double>(workspace.results.data(),
                                           n * n_lanes * n_out));

        const double *result = workspace.results.data();
        for (unsigned int row = begin; row < begin + n; ++row)
          {
            Lanes *const out = results.data() + std::size_t(row) * n_out;
            for (unsigned int lane = 0; lane < Lanes::size(); ++lane)
              for (unsigned int e = 0; e < n_out; ++e)
                out[e][lane] = lane < n_lanes ? *result++ : 0.;
          }
      }
  }
} // namespace derl

#endif
