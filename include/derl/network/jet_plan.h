// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_jet_plan_h
#define derl_network_jet_plan_h

#include <derl/base/jet_entry.h>

#include <derl/network/surrogate.h>

#include <deal.II/base/aligned_vector.h>
#include <deal.II/base/array_view.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/vector.h>

#include <functional>
#include <memory>
#include <type_traits>
#include <vector>

namespace derl
{
  struct Surrogate;

  /**
   * A view of the jets of a block of points, or of the derivatives of a loss
   * with respect to them: for each component and derivative an array
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
   * Rows of a Jacobian in factored form: that of a layer's weights is a sum of
   * outer products, one for each derivative that is propagated, of an adjoint
   * and an activation. Row i belongs to point i / rows_per_point. Made and used
   * by JetPlan.
   */
  class JacobianFactors
  {
  public:
    std::size_t
    n_rows() const
    {
      return std::size_t(n_points) * rows_per_point;
    }

    std::size_t
    memory_consumption() const
    {
      return doubles.memory_consumption() + floats.memory_consumption();
    }

    /**
     * Make room for factors of the kind that @p other has, at @p n_points
     * points: what another process has computed with an equal plan can be
     * received into bytes().
     */
    void
    reinit(const JacobianFactors &other, const unsigned int n_points);

    /**
     * The numbers that are to be sent.
     */
    dealii::ArrayView<char>
    bytes();

    /**
     * Rows are computed in groups of as many points, which depends on the
     * instruction set; only factors of the same group size can be combined.
     */
    unsigned int
    points_per_panel() const
    {
      return panel_size;
    }

  private:
    std::size_t
    n_numbers() const
    {
      return std::size_t((n_points + panel_size - 1) / panel_size) *
             rows_per_point * panel_numbers;
    }

    template <typename Number>
    dealii::AlignedVector<Number> &
    numbers()
    {
      if constexpr (std::is_same<Number, double>::value)
        return doubles;
      else
        return floats;
    }

    template <typename Number>
    const Number *
    panel(const std::size_t index) const
    {
      if constexpr (std::is_same<Number, double>::value)
        return doubles.data() + index * panel_numbers;
      else
        return floats.data() + index * panel_numbers;
    }

    unsigned int n_points       = 0;
    unsigned int rows_per_point = 1;
    unsigned int panel_size     = 1;
    std::size_t  panel_numbers  = 0;
    bool         is_double      = true;

    /** [panel of points][row of a point], panel_numbers each, in the precision
     * of the plan. */
    dealii::AlignedVector<double> doubles;
    dealii::AlignedVector<float>  floats;

    friend class JetPlan;
  };



  /**
   * How to compute the jets of a network or of a surrogate, and their exact
   * adjoint, for a given derivative set (up to total order four).
   *
   * Jets are propagated forward through the layers: a linear layer acts on
   * all derivatives in the same way, as a matrix product over a block; an
   * activation by the multivariate chain rule (formula of Faa di Bruno, see
   * G. M. Constantine and T. H. Savits, Trans. AMS 348 (1996) 503), from the
   * exact derivatives f', f'', ... of the activation. The adjoint runs
   * through the same steps backwards. Derivatives that no other one depends on
   * can be collapsed: they are read off a back-propagation of the values, and
   * the loss uses one weighted sum of them (see doc/architecture.md). The plan
   * chooses what needs fewer matrix products. Points are processed in blocks
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
            const Algorithm      algorithm = Algorithm::automatic,
            const Precision      precision = Precision::double_precision);

    /**
     * A plan for a surrogate, with its input map and output map: jets are those
     * of its components with respect to its coordinates. Rows of the Jacobian,
     * gradients and products are zero in the parameters of its fixed layers.
     * If all maps are affine this is the plan above. Throws if the surrogate's
     * parts do not fit together, or if the output map takes derivatives of the
     * network above total order four.
     */
    JetPlan(const Surrogate     &surrogate,
            const DerivativeSet &derivatives,
            const Algorithm      algorithm = Algorithm::automatic,
            const Precision      precision = Precision::double_precision);

    JetPlan(JetPlan &&) noexcept;

    ~JetPlan();

    const DerivativeSet &
    derivative_set() const;

    /**
     * The memory that evaluations with one parameter vector need; nothing is
     * allocated later on.
     */
    class Workspace
    {
    public:
      /**
       * A placeholder to assign to.
       */
      Workspace();

      /**
       * @param n_threads on how many threads evaluations run. Each works on a
       *   fixed, contiguous part of the points, so that results do not depend
       *   on timing. The threads live as long as an evaluation and are of no
       *   pool; callbacks are then called by several of them at once, for
       *   different points.
       */
      explicit Workspace(const JetPlan &plan, const unsigned int n_threads = 1);

      Workspace(const Workspace &other);

      Workspace(Workspace &&) noexcept;

      Workspace &
      operator=(Workspace &&) noexcept;

      ~Workspace();

      std::size_t
      memory_consumption() const;

    private:
      struct Slot;

      std::vector<Slot> slots;

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
     * derivatives with respect to them into @p adjoints (zero on entry).
     */
    using JetLoss = std::function<void(const unsigned int first_point,
                                       const JetBlock    &jets,
                                       const JetBlock    &adjoints)>;

    /**
     * As evaluate(), and add the derivative of the sum of all blocks' losses
     * with respect to the parameters to @p gradient. With a loss that writes
     * given numbers w for any jets, this is the product J^T w, J being the
     * derivatives of all jets with respect to the parameters.
     */
    void
    add_gradient(const dealii::ArrayView<const double> &points,
                 Workspace                             &workspace,
                 const JetLoss                         &loss,
                 dealii::Vector<double>                &gradient) const;

    /**
     * As JetConsumer, with the jets' derivatives in a direction of parameter
     * space.
     */
    using JetTangentConsumer =
      std::function<void(const unsigned int first_point,
                         const JetBlock    &jets,
                         const JetBlock    &tangents)>;

    /**
     * As evaluate(), with the product J v of the Jacobian of all jets with
     * respect to the parameters and the vector @p direction.
     */
    void
    apply_jacobian(const dealii::ArrayView<const double> &points,
                   const dealii::Vector<double>          &direction,
                   Workspace                             &workspace,
                   const JetTangentConsumer              &consumer) const;

    /**
     * What a row of a Jacobian is: the gradient in parameter space of some
     * combination of the jets at one point. Given the jets, write the
     * combination's partial derivatives, for row @p row of each point of the
     * block, into @p adjoints (zero on entry). The rows of a block follow each
     * other, beginning with row 0.
     */
    using RowDefinition = std::function<void(const unsigned int first_point,
                                             const unsigned int row,
                                             const JetBlock    &jets,
                                             const JetBlock    &adjoints)>;

    /**
     * Compute @p rows_per_point rows of a Jacobian for each point, in factored
     * form. Memory that @p factors has is used again.
     */
    void
    factorize_jacobian(const dealii::ArrayView<const double> &points,
                       const unsigned int                     rows_per_point,
                       Workspace                             &workspace,
                       const RowDefinition                   &definition,
                       JacobianFactors                       &factors) const;

    /**
     * Write rows begin .. begin+m-1 of the Jacobian into the m rows of
     * @p rows.
     */
    void
    expand_rows(const JacobianFactors      &factors,
                const std::size_t           begin,
                dealii::FullMatrix<double> &rows) const;

    /**
     * The inner products of all rows of @p left with all rows of @p right,
     * J_left J_right^T of size left.n_rows() times right.n_rows(), found from
     * the factors, layer by layer, without the rows. They are written into
     * @p products from row @p first_row and column @p first_column on. Half of
     * the work is saved if both are the same object. The rows may belong to
     * different points, for example those of two MPI ranks, and come from
     * different derivative sets, but their plans must have the architecture,
     * precision and instruction set of this one.
     */
    void
    inner_products(const JacobianFactors      &left,
                   const JacobianFactors      &right,
                   dealii::FullMatrix<double> &products,
                   const std::size_t           first_row    = 0,
                   const std::size_t           first_column = 0) const;

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

    /**
     * Bytes of the factors of one row of a Jacobian.
     */
    std::size_t
    factor_bytes_per_row() const;

  private:
    struct Implementation;

    void
    check_workspace(const Workspace &workspace) const;

    template <typename Number>
    struct Block;

    template <typename BlockFunction>
    void
    for_each_block(const dealii::ArrayView<const double> &points,
                   Workspace                             &workspace,
                   const BlockFunction                   &function) const;

    template <typename Number>
    void
    read_jets(const Block<Number> &block, double *jets) const;

    template <typename Number>
    void
    read_tangents(const Block<Number> &block, double *tangents) const;

    template <typename Number>
    void
    write_adjoints(const Block<Number> &block, const double *adjoints) const;

    JetBlock
    view(double *jets, const unsigned int n_points) const;

    std::unique_ptr<const Implementation> implementation;
  };
} // namespace derl

#endif
