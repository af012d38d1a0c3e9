// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_korteweg_de_vries_solver_h
#define derl_applications_korteweg_de_vries_solver_h

#include <derl/data/samples.h>

#include <derl/equations/residual.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/fe_dgq.h>

#include <deal.II/grid/tria.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/sparse_direct.h>
#include <deal.II/lac/sparse_matrix.h>
#include <deal.II/lac/sparsity_pattern.h>
#include <deal.II/lac/vector.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * Pairs of x and a weight.
   */
  using Places = std::vector<std::pair<double, double>>;



  /**
   * u_t + u u_x + dispersion u_xxx = 0 for x in [-1, 1], periodic, and t in
   * [0, final_time], with u(0, x) = cos(pi x); and how it is solved.
   */
  struct KortewegDeVries
  {
    double dispersion = 0.0025;
    double final_time = 1.;
    /** Solutions are known after each of as many steps, and at time zero. */
    unsigned int n_steps = 200;

    unsigned int n_cells  = 24;
    unsigned int degree   = 7;
    unsigned int n_stages = 3;

    unsigned int n_modes    = 64;
    unsigned int n_substeps = 50;

    /**
     * Declare the entries in the current subsection of @p prm.
     */
    void
    declare_parameters(dealii::ParameterHandler &prm);

    /**
     * What is zero for the solution.
     */
    std::shared_ptr<const Residual>
    equation() const;

    double
    time(const unsigned int step) const
    {
      return final_time * step / n_steps;
    }

    /**
     * Places at equal distances.
     */
    static Places
    equal_distances(const unsigned int n_places);

    /**
     * This rank's share of the points (x, t) at some @p places and the times
     * from one step to another one.
     */
    Samples
    points(const MPI_Comm    &communicator,
           const Places      &places,
           const unsigned int first_step,
           const unsigned int last_step) const;
  };



  /**
   * What a solution knows of u at a point.
   */
  struct Jet : std::array<double, 7>
  {
    enum Entry
    {
      u,
      u_x,
      u_t,
      u_xx,
      u_xt,
      u_tt,
      u_xxx
    };

    /** The names of the entries. */
    static const std::vector<std::string> names;
  };



  /**
   * A solution, all of which each rank has.
   */
  class KdvSolution
  {
  public:
    explicit KdvSolution(const KortewegDeVries &problem);

    virtual ~KdvSolution() = default;

    /**
     * The solution at @p x in [-1, 1] after a step.
     */
    virtual Jet
    jet(const double x, const unsigned int step) const = 0;

    /**
     * All entries of jets at the points (x, t) of a table, each of them at the
     * time of a step, and with its weight.
     */
    Samples
    sample(const Samples &points, const std::string &origin) const;

    const KortewegDeVries problem;
  };



  /**
   * Solves the problem by a local discontinuous Galerkin method (J. Yan, C.-W.
   * Shu, SIAM J. Numer. Anal. 40 (2002) 769-791) in space, and by collocation
   * at the Gauss points of each step in time: the implicit Runge-Kutta method
   * of the order 2 n_stages, which is stable for dispersion.
   *
   * @f$D^\pm u@f$ is the weak derivative of u that takes its value to the right
   * or the left of a node there. With it
   * @f[ u_t = -N(u) - \text{dispersion}\, D^+ D^+ D^- u, @f]
   * where N(u) is the weak derivative of u^2/2, with the flux of Lax and
   * Friedrichs.
   */
  class KdvSolver : public KdvSolution
  {
  public:
    /**
     * Solve. Throws if a step is too long for its iteration to converge.
     */
    explicit KdvSolver(const KortewegDeVries &problem);

    /**
     * Derivatives are the fields of the method, not those of shape functions:
     * u_x is D^- u, u_t follows from the equation, u_tt from its derivative
     * with respect to time.
     */
    Jet
    jet(const double x, const unsigned int step) const override;

    /**
     * The Gauss points of all cells with their weights, as many per cell as
     * there are shape functions.
     */
    Places
    gauss_points() const;

  private:
    using VectorType = dealii::Vector<double>;

    /**
     * Make @p matrix that of D^+ or D^-.
     */
    void
    assemble_derivative(const bool                    from_right,
                        dealii::SparseMatrix<double> &matrix) const;

    /**
     * N(u) with u = v and the factor 1/2; its derivative at u in the direction
     * v with the factor 1: the weak derivative of the factor times u v, with
     * the dissipation of the jumps of v.
     */
    VectorType
    convection(const double      factor,
               const VectorType &u,
               const VectorType &v) const;

    /**
     * The u with u + D^+ D^+ D^- u equal to the projection of what this is for
     * the initial values: unlike that of their projection, its third derivative
     * is accurate.
     */
    VectorType
    initial_values() const;

    /**
     * Factorize the matrix of the rates at the stages of a step, with the
     * coefficients @p a of the Runge-Kutta method, for the dispersion alone.
     */
    void
    factorize(const dealii::FullMatrix<double> &a,
              dealii::SparseDirectUMFPACK      &inverse) const;

    /**
     * Go through all steps. Convection is iterated.
     */
    void
    run();

    /**
     * Append the fields of @p u to those of all steps.
     */
    void
    store(const VectorType &u);

    const double              cell_size;
    dealii::Triangulation<1>  mesh;
    dealii::FE_DGQLegendre<1> fe;
    dealii::DoFHandler<1>     dof_handler;

    /** Quadrature points in a cell; values and derivatives of shape functions
     * there, and values at both ends. */
    const dealii::QGauss<1>    quadrature;
    dealii::FullMatrix<double> shapes, gradients, ends;

    dealii::SparsityPattern      pattern, pattern_of_second, pattern_of_third;
    dealii::SparseMatrix<double> left_derivative, right_derivative;
    dealii::SparseMatrix<double> third_derivative;

    /** As [step][entry of a jet]. */
    std::vector<std::array<VectorType, 7>> fields;
  };
} // namespace derl

#endif
