// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_verdict_h
#define derl_coupling_verdict_h

#include <derl/coupling/surrogate_function.h>

#include <derl/data/sample_request.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/types.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/component_mask.h>
#include <deal.II/fe/mapping.h>

#include <deal.II/hp/mapping_collection.h>

#include <deal.II/lac/vector.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * A surrogate beside the mesh-based solution it learned from.
   */
  enum class Grade
  {
    better,
    as_good,
    worse,
    unknown
  };

  /**
   * The grade in words: "better than the finite element solution by its
   * estimate", "as good as the finite element solution by its estimate", "worse
   * than the finite element solution by its estimate", "can't tell".
   */
  std::string
  to_string(const Grade grade);



  /**
   * What is known of the accuracy of a surrogate and of the solution it learned
   * from, without an exact solution, see Assessment.
   */
  struct Verdict
  {
    /**
     * Estimated errors of gradients of one field (components of one element in
     * a system) in a part of the domain, relative to the root mean square of
     * the solution's gradient there.
     */
    struct Part
    {
      /** "domain", "worst cells", or "boundary 3" */
      std::string name;
      /** Names of the components. */
      std::string field;
      /** That of the solution: its distance to the recovered gradient. */
      double solution;
      /** That of the surrogate: its distance to the recovered gradient, and the
       * error of the latter. */
      double surrogate;
      /** The estimated error of the recovered gradient itself. */
      double recovery;
      /** The surrogate's distance to the solution. */
      double distance;
      /** Of values, relative to the solution's: the surrogate's distance to
       * the solution, and the estimated error of the latter. */
      double value_distance;
      double value_error;
      /** That of the gradient. */
      Grade grade;
    };

    /** For the whole: that of the worst field's gradient in the domain. */
    Grade grade;
    /** The fields whose values are farther from the solution's in the domain
     * than errors of both can explain if those of the surrogate are not the
     * larger ones. */
    std::vector<std::string> fields_with_worse_values;
    /** The grade with its reason and figures, one or two sentences. */
    std::string text;
    /** What to try; empty if there is nothing to improve. */
    std::string advice;
    /** First the domain, for each field; then the other parts. */
    std::vector<Part> parts;

    /** The numbers of parts with names, for files. */
    std::vector<std::pair<std::string, double>>
    figures() const;
  };



  /**
   * Judges a surrogate by the solution it learned from. At Gauss points in all
   * cells and boundary faces three gradients are compared: that of the
   * solution, that of the surrogate, and the recovered one (see
   * Estimator::recovered), which is more accurate than the solution's where the
   * solution is smooth in a few cells around. The distance of the solution's
   * gradient to the recovered one estimates its error (Zienkiewicz and Zhu,
   * Int. J. Numer. Meth. Engng. 33 (1992) 1331), and that of the surrogate's
   * bounds its own.
   *
   * How far the recovered gradient can be trusted is estimated, too: by the
   * misfit of the polynomials that are fitted to the solution in patches of
   * cells. Where derivatives are infinite, as at re-entrant corners, it is
   * large beside the difference of the two gradients, and the verdict is "can't
   * tell". Materials (Triangulation's material ids) are recovered each by
   * itself.
   *
   * Values are only found to be worse, or not: their error follows from that of
   * the gradient as far as it is of the size of cells. What errors of
   * neighbouring cells have in common, recovery cannot see. See doc/verdict.md
   * for what was measured.
   */
  template <int dim>
  class Assessment
  {
  public:
    /**
     * The surrogate is copied. Throws if it has less than @p dim coordinates.
     */
    explicit Assessment(const Surrogate &surrogate);

    ~Assessment();

    /**
     * Compare with a solution (its time and parameters, if the surrogate has
     * any, are the snapshot's coordinates), all of whose components the
     * surrogate has. May be called for several, also on different meshes; the
     * verdict is about all of them. The vector must be readable at all locally
     * relevant degrees of freedom. Collective over the mesh's communicator.
     * Throws AgreedError if something does not fit.
     */
    template <typename VectorType>
    void
    add(const dealii::hp::MappingCollection<dim> &mappings,
        const dealii::DoFHandler<dim>            &dof_handler,
        const Snapshot<VectorType>               &snapshot);

    template <typename VectorType>
    void
    add(const dealii::Mapping<dim>    &mapping,
        const dealii::DoFHandler<dim> &dof_handler,
        const Snapshot<VectorType>    &snapshot);

    /**
     * The verdict on what was added. Collective: two reductions.
     */
    Verdict
    verdict() const;

    /**
     * Cell vectors for DataOut, and to mark cells, of the solution that was
     * added last: for all components together the L2 norms over each cell of
     * the distances of the surrogate's and of the solution's gradient to the
     * recovered one.
     */
    const dealii::Vector<float> &
    surrogate_indicators() const;

    const dealii::Vector<float> &
    solution_indicators() const;

  private:
    struct Sums;

    SurrogateFunction<dim> function;
    std::unique_ptr<Sums>  sums;
    dealii::Vector<float>  of_surrogate;
    dealii::Vector<float>  of_solution;
  };



  /**
   * The verdict on a surrogate by one solution.
   */
  template <int dim, typename VectorType>
  Verdict
  assess(const dealii::Mapping<dim>    &mapping,
         const dealii::DoFHandler<dim> &dof_handler,
         const VectorType              &solution,
         const Surrogate               &surrogate)
  {
    Assessment<dim> assessment(surrogate);
    assessment.add(mapping, dof_handler, Snapshot<VectorType>(solution));
    return assessment.verdict();
  }



  template <int dim>
  template <typename VectorType>
  void
  Assessment<dim>::add(const dealii::Mapping<dim>    &mapping,
                       const dealii::DoFHandler<dim> &dof_handler,
                       const Snapshot<VectorType>    &snapshot)
  {
    add(dealii::hp::MappingCollection<dim>(mapping), dof_handler, snapshot);
  }
} // namespace derl

#endif
