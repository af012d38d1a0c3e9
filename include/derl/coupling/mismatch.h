// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_mismatch_h
#define derl_coupling_mismatch_h

#include <derl/data/samples.h>

#include <derl/network/surrogate.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/table.h>

#include <deal.II/grid/tria.h>

#include <deal.II/lac/vector.h>

#include <vector>

namespace derl
{
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
} // namespace derl

#endif
