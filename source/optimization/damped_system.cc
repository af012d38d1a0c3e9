// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/communication.h>

#include <deal.II/base/mpi.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/lapack_full_matrix.h>
#include <deal.II/lac/solver_cg.h>
#include <deal.II/lac/solver_control.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "damped_system.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * A symmetric matrix plus a multiple of the identity, and the factors of
     * Cholesky. All ranks hold it; what they learn from it is what the first
     * rank finds.
     */
    class DampedMatrix
    {
    public:
      /** The matrix without damping. */
      FullMatrix<double> matrix;

      bool
      factorize(const double lambda, const MPI_Comm communicator)
      {
        const unsigned int n = matrix.m();
        if (factors.m() != n)
          factors.reinit(n);
        factors = matrix;
        for (unsigned int i = 0; i < n; ++i)
          factors(i, i) += lambda;
        factors.set_property(LAPACKSupport::symmetric);
        int is_definite = 1;
        try
          {
            factors.compute_cholesky_factorization();
          }
        catch (const ExceptionBase &)
          {
            is_definite = 0;
          }
        count_collective(communicator, sizeof(int));
        return Utilities::MPI::broadcast(communicator, is_definite) == 1;
      }

      void
      solve(Vector<double> &v, const MPI_Comm communicator) const
      {
        factors.solve(v);
        const int ierr =
          MPI_Bcast(v.data(), v.size(), MPI_DOUBLE, 0, communicator);
        AssertThrowMPI(ierr);
        count_collective(communicator, v.size() * sizeof(double));
      }

    private:
      LAPACKFullMatrix<double> factors;
    };



    class ParameterSpaceSystem : public DampedSystem
    {
    public:
      explicit ParameterSpaceSystem(LeastSquaresObjective &objective)
        : objective(objective)
      {
      }

      void
      assemble() override
      {
        objective.normal_matrix(damped.matrix);
      }

      bool
      factorize(const double lambda) override
      {
        return damped.factorize(lambda, objective.get_communicator());
      }

      void
      solve(const Vector<double> &r, Vector<double> &v) override
      {
        objective.apply_transposed_jacobian(r, v);
        v *= -1.;
        damped.solve(v, objective.get_communicator());
      }

    private:
      LeastSquaresObjective &objective;
      DampedMatrix           damped;
    };



    class SampleSpaceSystem : public DampedSystem
    {
    public:
      explicit SampleSpaceSystem(LeastSquaresObjective &objective)
        : objective(objective)
        , all_rows(objective.n_rows())
      {
        const auto n_rows = Utilities::MPI::all_gather(
          objective.get_communicator(),
          static_cast<int>(objective.n_local_rows()));
        counts = n_rows;
        starts.resize(counts.size());
        std::exclusive_scan(counts.begin(), counts.end(), starts.begin(), 0);
      }

      void
      assemble() override
      {
        objective.sample_kernel(damped.matrix);
      }

      bool
      factorize(const double lambda) override
      {
        return damped.factorize(lambda, objective.get_communicator());
      }

      void
      solve(const Vector<double> &r, Vector<double> &v) override
      {
        const MPI_Comm communicator = objective.get_communicator();
        const int      ierr         = MPI_Allgatherv(r.data(),
                                        r.size(),
                                        MPI_DOUBLE,
                                        all_rows.data(),
                                        counts.data(),
                                        starts.data(),
                                        MPI_DOUBLE,
                                        communicator);
        AssertThrowMPI(ierr);
        count_collective(communicator, all_rows.size() * sizeof(double));
        damped.solve(all_rows, communicator);
        const unsigned int rank =
          Utilities::MPI::this_mpi_process(communicator);
        local_rows.reinit(r.size(), true);
        for (unsigned int i = 0; i < r.size(); ++i)
          local_rows[i] = -all_rows[starts[rank] + i];
        objective.apply_transposed_jacobian(local_rows, v);
      }

    private:
      LeastSquaresObjective &objective;
      DampedMatrix           damped;
      Vector<double>         all_rows, local_rows;

      /** Number of rows and first row of each rank. */
      std::vector<int> counts, starts;
    };



    /**
     * Products with the damped normal matrix, and a preconditioner for it: its
     * diagonal blocks.
     */
    class MatrixFreeSystem : public DampedSystem
    {
    public:
      MatrixFreeSystem(LeastSquaresObjective                &objective,
                       const LevenbergMarquardt::Parameters &parameters)
        : objective(objective)
        , parameters(parameters)
        , lambda(0.)
      {
        // Neighbours are mostly weights of one unit of a network; blocks of
        // this size cost little beside a product with J
        constexpr unsigned int block_size   = 64;
        const unsigned int     n_parameters = objective.n_parameters();
        for (unsigned int i = 0; i < n_parameters; i += block_size)
          block_starts.push_back(i);
        block_starts.push_back(n_parameters);
        for (unsigned int b = 0; b + 1 < block_starts.size(); ++b)
          {
            const unsigned int n = block_starts[b + 1] - block_starts[b];
            blocks.emplace_back(n, n);
            factors.emplace_back(n);
          }
      }

      void
      assemble() override
      {
        constexpr unsigned int n_rows_at_once = 256;
        for (FullMatrix<double> &block : blocks)
          block = 0.;

        FullMatrix<double> rows;
        const unsigned int n_rows = objective.n_local_rows();
        for (unsigned int begin = 0; begin < n_rows; begin += n_rows_at_once)
          {
            rows.reinit(std::min(n_rows_at_once, n_rows - begin),
                        objective.n_parameters());
            objective.local_rows(begin, rows);
            for (unsigned int b = 0; b < blocks.size(); ++b)
              for (unsigned int row = 0; row < rows.m(); ++row)
                {
                  const double *const entries = &rows(row, block_starts[b]);
                  for (unsigned int i = 0; i < blocks[b].m(); ++i)
                    for (unsigned int j = 0; j <= i; ++j)
                      blocks[b](i, j) += entries[i] * entries[j];
                }
          }
        for (FullMatrix<double> &block : blocks)
          {
            // sum_symmetric() reads the upper triangle
            for (unsigned int i = 0; i < block.m(); ++i)
              for (unsigned int j = 0; j < i; ++j)
                block(j, i) = block(i, j);
            sum_symmetric(objective.get_communicator(), block);
          }
      }

      bool
      factorize(const double damping) override
      {
        lambda = damping;
        for (unsigned int b = 0; b < blocks.size(); ++b)
          {
            factors[b] = blocks[b];
            for (unsigned int i = 0; i < blocks[b].m(); ++i)
              factors[b](i, i) += lambda;
            factors[b].set_property(LAPACKSupport::symmetric);
            try
              {
                factors[b].compute_cholesky_factorization();
              }
            catch (const ExceptionBase &)
              {
                return false;
              }
          }
        return true;
      }

      void
      solve(const Vector<double> &r, Vector<double> &v) override
      {
        Vector<double> right_hand_side(objective.n_parameters());
        objective.apply_transposed_jacobian(r, right_hand_side);
        right_hand_side *= -1.;
        v.reinit(right_hand_side.size());

        IterationNumberControl   control(parameters.max_linear_iterations,
                                       parameters.linear_tolerance *
                                         right_hand_side.l2_norm(),
                                       false,
                                       false);
        SolverCG<Vector<double>> solver(control);
        solver.solve(*this, v, right_hand_side, Preconditioner{*this});
      }

      /** The product that SolverCG asks for. */
      void
      vmult(Vector<double> &result, const Vector<double> &v) const
      {
        objective.apply_jacobian(v, product);
        objective.apply_transposed_jacobian(product, result);
        result.add(lambda, v);
      }

    private:
      struct Preconditioner
      {
        const MatrixFreeSystem &system;

        void
        vmult(Vector<double> &result, const Vector<double> &v) const
        {
          for (unsigned int b = 0; b < system.blocks.size(); ++b)
            {
              const unsigned int begin = system.block_starts[b];
              Vector<double>     part(system.blocks[b].m());
              std::copy_n(v.begin() + begin, part.size(), part.begin());
              system.factors[b].solve(part);
              std::copy(part.begin(), part.end(), result.begin() + begin);
            }
        }
      };

      LeastSquaresObjective               &objective;
      const LevenbergMarquardt::Parameters parameters;
      double                               lambda;

      std::vector<unsigned int>             block_starts;
      std::vector<FullMatrix<double>>       blocks;
      std::vector<LAPACKFullMatrix<double>> factors;
      mutable Vector<double>                product;
    };
  } // namespace



  std::unique_ptr<DampedSystem>
  make_damped_system(LeastSquaresObjective                &objective,
                     const LevenbergMarquardt::Parameters &parameters)
  {
    const std::uint64_t n_rows       = objective.n_rows();
    const std::uint64_t n_parameters = objective.n_parameters();
    if (std::min(n_rows, n_parameters) > parameters.max_matrix_size)
      return std::make_unique<MatrixFreeSystem>(objective, parameters);
    if (n_rows < n_parameters)
      return std::make_unique<SampleSpaceSystem>(objective);
    return std::make_unique<ParameterSpaceSystem>(objective);
  }
} // namespace derl
