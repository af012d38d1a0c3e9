// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_jet_plan_h
#define derl_network_jet_plan_h

#include <derl/base/multi_index.h>

#include <derl/network/architecture.h>
#include <derl/network/scaling.h>

#include <deal.II/base/aligned_vector.h>
#include <deal.II/base/array_view.h>

#include <functional>
#include <memory>

namespace derl
{
  /**
   * A view of the jets of a block of points, or of the derivatives of a loss
   * by them: for each component and each entry of the derivative set an array
   * over the points, contiguous in memory.
   */
  class JetBlock
  {
  public:
    JetBlock(double            *data,
             const unsigned int n_points,
             const unsigned int point_stride,
             const unsigned int n_derivatives)
      : data(data)
      , points(n_points)
      , point_stride(point_stride)
      , derivatives(n_derivatives)
    {
    }

    unsigned int
    n_points() const
    {
      return points;
    }

    /**
     * The array over the points for one component and derivative.
     */
    double *
    operator()(const unsigned int component,
               const unsigned int derivative) const
    {
      return data +
             (std::size_t(component) * derivatives + derivative) * point_stride;
    }

  private:
    double      *data;
    unsigned int points;
    unsigned int point_stride;
    unsigned int derivatives;
  };



  /**
   * How to compute the jets of a network, and their exact adjoint, for a
   * given architecture, scaling and derivative set (up to total order four).
   *
   * Jets are propagated forward through the layers: a linear layer acts on
   * every derivative alike, as a matrix product over a block of points; an
   * activation by the multivariate chain rule (formula of Faa di Bruno, see
   * G. M. Constantine and T. H. Savits, Trans. AMS 348 (1996) 503), from the
   * exact derivatives f', f'', ... of the activation. The adjoint runs
   * through the same steps backwards. Derivatives that no other one depends on
   * can be collapsed: they are read off a back-propagation of the values, and
   * the loss sees one weighted sum of them (see doc/architecture.md). The plan
   * takes what needs fewer matrix products. Points are processed in blocks
   * that stay in the processor's cache, so that memory does not grow with
   * their number.
   *
   * A plan is constant after construction; any number of threads may use it,
   * each with a Workspace of its own. Nothing here is collective.
   */
  class JetPlan
  {
  public:
    /**
     * How derivatives are found; both give the same to round-off.
     */
    enum class Algorithm
    {
      /** whichever needs fewer matrix products */
      automatic,
      /** all derivatives are propagated forward: a check of the other one */
      forward
    };

    /**
     * Make a plan. The instruction set is chosen by what the processor
     * offers; the environment variable DERL_INSTRUCTION_SET (baseline, avx2,
     * avx512) can lower it. Throws if architecture or scaling are unusable or
     * if the order is above four.
     */
    JetPlan(const Architecture  &architecture,
            const Scaling       &scaling,
            const DerivativeSet &derivatives,
            const Algorithm      algorithm = Algorithm::automatic);

    JetPlan(JetPlan &&) noexcept;

    ~JetPlan();

    const DerivativeSet &
    derivative_set() const;

    /**
     * The memory that evaluations with one parameter vector need.
     */
    class Workspace
    {
    public:
      /**
       * A placeholder to assign to.
       */
      Workspace() = default;

      explicit Workspace(const JetPlan &plan);

      std::size_t
      memory_consumption() const;

    private:
      dealii::AlignedVector<double> numbers;
      dealii::AlignedVector<double> jets;
      dealii::AlignedVector<double> jet_adjoints;

      friend class JetPlan;
    };

    /**
     * Use @p parameters (of length Architecture::n_parameters()) in the
     * following evaluations with @p workspace.
     */
    void
    set_parameters(const dealii::Vector<double> &parameters,
                   Workspace                    &workspace) const;

    /**
     * What to do with the jets of a block: its argument @p first_point is the
     * index of the block's first point.
     */
    using JetConsumer =
      std::function<void(const unsigned int first_point, const JetBlock &jets)>;

    /**
     * Compute the jets at points given as [point][coordinate], in the user's
     * units, and hand them to @p consumer block by block.
     */
    void
    evaluate(const dealii::ArrayView<const double> &points,
             Workspace                             &workspace,
             const JetConsumer                     &consumer) const;

    /**
     * A loss over the points of a block: given the jets, write the loss's
     * derivatives by them into @p adjoints (zero on entry).
     */
    using JetLoss = std::function<void(const unsigned int first_point,
                                       const JetBlock    &jets,
                                       const JetBlock    &adjoints)>;

    /**
     * As evaluate(), and add the derivative of the sum of all blocks' losses
     * by the parameters to @p gradient.
     */
    void
    add_gradient(const dealii::ArrayView<const double> &points,
                 Workspace                             &workspace,
                 const JetLoss                         &loss,
                 dealii::Vector<double>                &gradient) const;

    /**
     * Matrix products with a hidden layer's weights, per point, for jets with
     * their adjoint: what one evaluation costs, in units of a product.
     */
    unsigned int
    n_matrix_products() const;

    /**
     * Name of the instruction set in use.
     */
    std::string
    instruction_set() const;

  private:
    void
    fill_inputs(const double      *points,
                const unsigned int n_points,
                const unsigned int n_panels,
                Workspace         &workspace) const;

    template <typename BlockFunction>
    void
    for_each_block(const dealii::ArrayView<const double> &points,
                   Workspace                             &workspace,
                   const BlockFunction                   &function) const;

    void
    read_jets(const unsigned int n_panels, Workspace &workspace) const;

    void
    write_adjoints(const unsigned int n_points,
                   const unsigned int n_panels,
                   Workspace         &workspace) const;

    struct Implementation;

    std::unique_ptr<const Implementation> implementation;
  };
} // namespace derl

#endif
