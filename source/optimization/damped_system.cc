// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <deal.II/base/mpi.h>

#include <deal.II/lac/exceptions.h>
#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/lapack_full_matrix.h>
#include <deal.II/lac/solver_cg.h>
#include <deal.II/lac/solver_control.h>

#include <algorithm>
#include <numeric>

#include "../base/communication.h"
#include "damped_system.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * A block-diagonal symmetric matrix plus a multiple of the identity, and
     * the factors of Cholesky. All ranks hold the blocks; the first one
     * factorizes and solves for all, since on a mixture of processors round-off
     * could make others see another vector, or a matrix that is not definite.
     */
    class DampedBlocks
    {
    public:
      explicit DampedBlocks(const MPI_Comm &communicator)
        : communicator(communicator)
        , is_first(Utilities::MPI::this_mpi_process(communicator) == 0)
      {
      }

      /** The blocks without damping. */
      std::vector<FullMatrix<double>> blocks;

      /**
       * Add @p lambda and factorize. Returns false if a matrix is not definite.
       * Collective.
       */
      bool
      factorize(const double lambda)
      {
        // one reduction says whether the first rank had enough memory, too
        std::vector<double> is_definite(1);
        sum_agreed(communicator, is_definite, [&]() {
          if (is_first)
            is_definite[0] = try_to_factorize(lambda) ? 1. : 0.;
        });
        return is_definite[0] == 1.;
      }

      /** Collective. */
      void
      solve(Vector<double> &v) const
      {
        if (is_first)
          {
            unsigned int begin = 0;
            for (const LAPACKFullMatrix<double> &block : factors)
              {
                part.reinit(block.m(), true);
                std::copy_n(v.begin() + begin, part.size(), part.begin());
                block.solve(part);
                std::copy(part.begin(), part.end(), v.begin() + begin);
                begin += part.size();
              }
          }
        const int ierr =
          MPI_Bcast(v.data(), v.size(), MPI_DOUBLE, 0, communicator);
        AssertThrowMPI(ierr);
        count_collective(communicator, v.size() * sizeof(double));
      }

    private:
      bool
      try_to_factorize(const double lambda)
      {
        factors.resize(blocks.size());
        for (unsigned int b = 0; b < blocks.size(); ++b)
          {
            // its assignment does not resize
            factors[b].reinit(blocks[b].m());
            factors[b] = blocks[b];
            for (unsigned int i = 0; i < blocks[b].m(); ++i)
              factors[b](i, i) += lambda;
            factors[b].set_property(LAPACKSupport::symmetric);
            try
              {
                factors[b].compute_cholesky_factorization();
              }
            catch (const LACExceptions::ExcSingular &)
              {
                return false;
              }
            if (part.size() < blocks[b].m())
              part.reinit(blocks[b].m());
          }
        return true;
      }

      const MPI_Comm                        communicator;
      const bool                            is_first;
      std::vector<LAPACKFullMatrix<double>> factors;
      /** Memory for the solution with one block, which solve() must not wait
       * for. */
      mutable Vector<double> part;
    };



    /** A system whose matrix is a single block. */
    class DenseSystem : public DampedSystem
    {
    public:
      explicit DenseSystem(LeastSquaresObjective &objective)
        : objective(objective)
        , damped(objective.get_communicator())
      {
        damped.blocks.resize(1);
      }

      bool
      factorize(const double lambda) override
      {
        return damped.factorize(lambda);
      }

    protected:
      LeastSquaresObjective &objective;
      DampedBlocks           damped;
    };



    class ParameterSpaceSystem : public DenseSystem
    {
    public:
      using DenseSystem::DenseSystem;

      void
      assemble() override
      {
        objective.normal_matrix(damped.blocks[0]);
      }

      void
      solve(const Vector<double> &r, Vector<double> &v) override
      {
        objective.apply_transposed_jacobian(r, v);
        v *= -1.;
        damped.solve(v);
      }
    };



    class SampleSpaceSystem : public DenseSystem
    {
    public:
      /**
       * @param counts number of rows of each rank.
       */
      SampleSpaceSystem(LeastSquaresObjective  &objective,
                        const std::vector<int> &counts)
        : DenseSystem(objective)
        , all_rows(std::accumulate(counts.begin(), counts.end(), 0))
        , local_rows(objective.n_local_rows())
        , counts(counts)
        , starts(counts.size())
      {
        std::exclusive_scan(counts.begin(), counts.end(), starts.begin(), 0);
      }

      void
      assemble() override
      {
        objective.sample_kernel(damped.blocks[0]);
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
        damped.solve(all_rows);
        const unsigned int rank =
          Utilities::MPI::this_mpi_process(communicator);
        AssertDimension(r.size(), local_rows.size());
        for (unsigned int i = 0; i < r.size(); ++i)
          local_rows[i] = -all_rows[starts[rank] + i];
        objective.apply_transposed_jacobian(local_rows, v);
      }

    private:
      Vector<double> all_rows, local_rows;

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
        , preconditioner(objective.get_communicator())
        , product(objective.n_local_rows())
      {
        // Neighbours are mostly weights of one unit of a network; blocks of
        // this size cost little beside a product with J
        constexpr unsigned int block_size   = 64;
        const unsigned int     n_parameters = objective.n_parameters();
        for (unsigned int i = 0; i < n_parameters; i += block_size)
          {
            const unsigned int n = std::min(block_size, n_parameters - i);
            preconditioner.blocks.emplace_back(n, n);
            triangles.resize(triangles.size() + n * (n + 1) / 2);
          }
      }

      void
      assemble() override
      {
        std::vector<FullMatrix<double>> &blocks = preconditioner.blocks;
        const auto for_each_entry               = [&](const auto &work) {
          std::size_t k = 0;
          for (FullMatrix<double> &block : blocks)
            for (unsigned int i = 0; i < block.m(); ++i)
              for (unsigned int j = i; j < block.m(); ++j)
                work(triangles[k++], block(i, j), block(j, i));
        };
        // one reduction for all blocks
        sum_agreed(objective.get_communicator(), triangles, [&]() {
          for (FullMatrix<double> &block : blocks)
            block = 0.;
          objective.for_each_block_of_rows([&](const FullMatrix<double> &rows) {
            unsigned int begin = 0;
            for (FullMatrix<double> &block : blocks)
              {
                objective.add_normal_matrix(rows, begin, block);
                begin += block.m();
              }
          });
          for_each_entry([](double &number, const double upper, const double) {
            number = upper;
          });
        });
        for_each_entry([](const double number, double &upper, double &lower) {
          upper = number;
          lower = number;
        });
      }

      bool
      factorize(const double damping) override
      {
        lambda = damping;
        return preconditioner.factorize(lambda);
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
        solver.solve(*this, v, right_hand_side, Preconditioner{preconditioner});
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
        const DampedBlocks &blocks;

        void
        vmult(Vector<double> &result, const Vector<double> &v) const
        {
          result = v;
          blocks.solve(result);
        }
      };

      LeastSquaresObjective               &objective;
      const LevenbergMarquardt::Parameters parameters;
      double                               lambda;
      DampedBlocks                         preconditioner;
      /** The upper triangles of its blocks, as they are sent. */
      std::vector<double>    triangles;
      mutable Vector<double> product;
    };
  } // namespace



  std::unique_ptr<DampedSystem>
  make_damped_system(LeastSquaresObjective                &objective,
                     const LevenbergMarquardt::Parameters &parameters)
  {
    const std::uint64_t n_rows       = objective.n_rows();
    const std::uint64_t n_parameters = objective.n_parameters();
    const bool          is_dense =
      std::min(n_rows, n_parameters) <= parameters.max_matrix_size;
    const bool is_of_rows = is_dense && n_rows < n_parameters;

    std::vector<int> counts;
    if (is_of_rows)
      counts =
        Utilities::MPI::all_gather(objective.get_communicator(),
                                   static_cast<int>(objective.n_local_rows()));

    std::unique_ptr<DampedSystem> system;
    run_collectively(objective.get_communicator(), [&]() {
      if (!is_dense)
        system = std::make_unique<MatrixFreeSystem>(objective, parameters);
      else if (is_of_rows)
        system = std::make_unique<SampleSpaceSystem>(objective, counts);
      else
        system = std::make_unique<ParameterSpaceSystem>(objective);
    });
    return system;
  }
} // namespace derl
