// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_errors_h
#define derl_coupling_errors_h

#include <derl/coupling/surrogate_function.h>

#include <derl/data/samples.h>
#include <derl/data/sampling.h>

#include <derl/equations/residual.h>

#include <derl/network/surrogate.h>

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/table.h>
#include <deal.II/base/types.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/component_mask.h>
#include <deal.II/fe/fe_update_flags.h>
#include <deal.II/fe/mapping.h>

#include <deal.II/grid/tria.h>

#include <deal.II/hp/mapping_collection.h>
#include <deal.II/hp/q_collection.h>

#include <deal.II/lac/vector.h>

#include <deal.II/numerics/data_postprocessor.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * How far a function is from another one, u, in norms over the domain:
   * |e|/|u| in L2, |grad e|/|grad u| in L2, and the largest |e| at a quadrature
   * point. |.| is the Euclidean norm over the components.
   */
  struct ErrorNorms
  {
    double relative_l2_error;
    double relative_h1_seminorm_error;
    double max_error;
  };



  /**
   * Measures a surrogate and the finite element solution it learned from by
   * the same quadrature: Gauss points in the 2^dim or more equal parts of each
   * cell, as on a mesh refined as often, so that a point that is special to
   * the finite element (where its gradient is superconvergent) has no special
   * weight. Any element is possible; of several components those selected are
   * measured together, in the cells where they all exist: where one is an
   * FE_Nothing, nothing is integrated, as nothing is sampled there (see
   * SampleRequest::components). All calls are collective over the mesh's
   * communicator.
   */
  template <int dim>
  class ErrorIntegrator
  {
  public:
    /**
     * @param mappings one for all cells, or one for each index of elements.
     * @param exact the function to compare with, which may be a surrogate:
     *   measure() is then the distance of the solution to it. Must outlive this
     *   object.
     * @param n_subdivisions into how many parts per direction a cell is cut;
     *   the next power of two for cells that are no hypercubes.
     * @param n_points Gauss points per direction in each part; on simplices as
     *   many as integrate the same degree (at most 7 in 2d, 5 in 3d).
     * @param components whose errors are measured; all by default.
     */
    ErrorIntegrator(
      const dealii::hp::MappingCollection<dim> &mappings,
      const dealii::DoFHandler<dim>            &dof_handler,
      const dealii::Function<dim>              &exact,
      const unsigned int                        n_subdivisions,
      const unsigned int                        n_points,
      const dealii::ComponentMask &components = dealii::ComponentMask());

    /**
     * The same for one mapping.
     */
    ErrorIntegrator(
      const dealii::Mapping<dim>    &mapping,
      const dealii::DoFHandler<dim> &dof_handler,
      const dealii::Function<dim>   &exact,
      const unsigned int             n_subdivisions,
      const unsigned int             n_points,
      const dealii::ComponentMask   &components = dealii::ComponentMask());

    /**
     * Throws if surrogate and element differ in their number of components, or
     * the selected components exist together in no cell.
     */
    ErrorNorms
    measure(const SurrogateFunction<dim> &surrogate) const;

    /**
     * The finite element solution, a vector or block vector of deal.II,
     * Trilinos or PETSc, with its derivatives inside the cells. Throws
     * AgreedError if it cannot be read at the degrees of freedom of a locally
     * owned cell.
     */
    template <typename VectorType>
    ErrorNorms
    measure(const VectorType &solution) const;

  private:
    using Jets = typename SurrogateFunction<dim>::Jets;

    template <typename CellEvaluation>
    ErrorNorms
    integrate(const dealii::UpdateFlags flags,
              const CellEvaluation     &evaluate_on_cell) const;

    const dealii::hp::MappingCollection<dim> mappings;
    const dealii::DoFHandler<dim>           &dof_handler;
    const dealii::Function<dim>             &exact;
    dealii::hp::QCollection<dim>             quadratures;
    const dealii::ComponentMask              components;
  };



  /**
   * The root mean square of a residual at the points of @p samples,
   * @f$\sqrt{\sum_i w_i \sum_r m_r \rho_r(x_i)^2 / \sum_i w_i}@f$ with the
   * weights w of the samples (for JxW this is an integral) and the
   * multiplicities m of rows; for the jets that the surrogate has there.
   * Collective. Throws AgreedError if the residual does not fit.
   */
  double
  residual_rms(const MPI_Comm                        &communicator,
               const Surrogate                       &surrogate,
               const std::shared_ptr<const Samples>  &samples,
               const std::shared_ptr<const Residual> &residual);

  /**
   * The same with the observations as jets: the samples must hold all
   * entries that the residual reads.
   */
  double
  residual_rms(const MPI_Comm   &communicator,
               const FieldNames &names,
               const Samples    &samples,
               const Residual   &residual);



  /**
   * Root mean squares of a residual over a mesh, in the units of the residual:
   * sqrt(integral of its square / volume).
   */
  struct ResidualRms
  {
    double reference;
    double surrogate;
  };

  /**
   * The residual of a surrogate and of the solution it learned from, at the
   * same quadrature points: Gauss points in the parts of each cell, as in
   * ErrorIntegrator. The residual may belong to a system, and read derivatives
   * with respect to any coordinates. Those of the solution are its derivatives
   * inside the cells (up to order three in space), and with respect to time and
   * parameters those for which the snapshot has vectors; the snapshot also says
   * at which time and parameters both are taken. Auxiliary columns are filled
   * by the functions of @p auxiliary. Needs the memory of a table of all
   * points. Collective over the mesh's communicator.
   */
  template <int dim, typename VectorType>
  ResidualRms
  residual_rms(const dealii::hp::MappingCollection<dim>  &mappings,
               const dealii::DoFHandler<dim>             &dof_handler,
               const Snapshot<VectorType>                &snapshot,
               const Surrogate                           &surrogate,
               const std::shared_ptr<const Residual>     &residual,
               const unsigned int                         n_subdivisions,
               const unsigned int                         n_points,
               const std::vector<AuxiliaryFunction<dim>> &auxiliary = {});



  /**
   * How far a surrogate is from what was observed.
   */
  struct Mismatch
  {
    /**
     * What concerns a column, over the samples of all ranks, in the units of
     * the column.
     */
    struct Column
    {
      JetEntry entry;
      /** The root mean square of surrogate minus observation, weighted by the
       * samples' weights. */
      double rms;
      /** The largest magnitude of surrogate minus observation. */
      double max;
      /** The root mean square of the observations, for comparison. */
      double observed_rms;
    };

    std::vector<Column> columns;

    /** Surrogate minus observation on this rank, as (sample, column). */
    dealii::Table<2, double> differences;
  };

  /**
   * Compare a surrogate with samples, whether it was trained on them or not.
   * Nothing is weighed or scaled: all numbers are in the user's units. A rank
   * may have no samples, but not all. Collective; two reductions. Throws
   * AgreedError if the samples do not fit the surrogate.
   */
  Mismatch
  mismatch(const MPI_Comm  &communicator,
           const Surrogate &surrogate,
           const Samples   &samples);



  /**
   * The mismatch of the columns of total order @p derivative_order in each
   * cell,
   * @f$\sqrt{\sum_i w_i \sum_c m_c d_{ic}^2}@f$ over the samples i in the cell
   * and such columns c, with the multiplicities m of mixed derivatives. With
   * JxW weights the squares add up to an integral, so that the result can
   * be used as error indicators of deal.II are: it is a cell vector for
   * DataOut, and marks cells for refinement, or for more samples.
   *
   * The samples must know their cells (SampleRequest::cell_numbers) and come
   * from this mesh. Cells without samples get zero. Not collective. Throws if
   * samples do not know their cells, or if a cell of theirs is not a locally
   * owned one of the mesh.
   */
  template <int dim>
  dealii::Vector<float>
  cell_mismatch(const dealii::Triangulation<dim> &triangulation,
                const Samples                    &samples,
                const Mismatch                   &mismatch,
                const unsigned int                derivative_order);



  /**
   * A surrogate compared with the mesh-based solution it learned from.
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
     * Estimated errors of the gradient of a field (components of one element in
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
      /** That of the surrogate: its distance to the recovered gradient plus the
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
   * large compared with the difference of the gradients: the verdict is "can't
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



  /**
   * Fields for pictures of a finite element solution and the surrogate that
   * learned from it, evaluated exactly at every output point: reference,
   * surrogate; if there is an exact solution: exact and the errors
   * reference_error and surrogate_error; if there is a differential equation:
   * its residuals reference_residual and surrogate_residual; finally the
   * difference of surrogate and reference, and the vectors reference_gradient
   * and surrogate_gradient. The residual of a system is the norm of its rows.
   *
   * For a vector-valued solution there is a field for each component, with its
   * name appended: surrogate_u.
   */
  template <int dim>
  class ComparisonPostprocessor : public dealii::DataPostprocessor<dim>
  {
  public:
    /**
     * @param surrogate and @p exact must outlive this object and have as many
     *   components as the solution; otherwise this constructor or the output
     *   throws.
     * @param exact may be null, and @p residual, too. A residual may read
     *   derivatives in space up to order two, and the auxiliary columns that
     *   @p auxiliary fills.
     */
    explicit ComparisonPostprocessor(
      const SurrogateFunction<dim>              &surrogate,
      const dealii::Function<dim>               *exact     = nullptr,
      const std::shared_ptr<const Residual>     &residual  = nullptr,
      const std::vector<AuxiliaryFunction<dim>> &auxiliary = {});

    std::vector<std::string>
    get_names() const override;

    std::vector<
      dealii::DataComponentInterpretation::DataComponentInterpretation>
    get_data_component_interpretation() const override;

    dealii::UpdateFlags
    get_needed_update_flags() const override;

    void
    evaluate_scalar_field(
      const dealii::DataPostprocessorInputs::Scalar<dim> &inputs,
      std::vector<dealii::Vector<double>> &computed_quantities) const override;

    void
    evaluate_vector_field(
      const dealii::DataPostprocessorInputs::Vector<dim> &inputs,
      std::vector<dealii::Vector<double>> &computed_quantities) const override;

  private:
    /**
     * The fields at one point, in the order of their names.
     */
    void
    write(const dealii::Point<dim>                           &point,
          const dealii::Vector<double>                       &values,
          const std::vector<dealii::Tensor<1, dim>>          &gradients,
          const std::vector<dealii::SymmetricTensor<2, dim>> &hessians,
          const typename SurrogateFunction<dim>::Jets        &jets,
          const unsigned int                                  point_index,
          dealii::Vector<double>                             &out) const;

    /**
     * The norm of the residual's rows at a point.
     */
    double
    residual_norm(
      const dealii::Point<dim>                           &point,
      const dealii::Vector<double>                       &values,
      const std::vector<dealii::Tensor<1, dim>>          &gradients,
      const std::vector<dealii::SymmetricTensor<2, dim>> &hessians) const;

    const SurrogateFunction<dim>             &surrogate;
    const dealii::Function<dim> *const        exact;
    const std::shared_ptr<const Residual>     residual;
    const std::vector<AuxiliaryFunction<dim>> auxiliary;
    Residual::Binding                         binding;
  };
} // namespace derl

#endif
