// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_sample_files_h
#define derl_data_sample_files_h

#include <deal.II/base/mpi.h>

#include <derl/data/samples.h>

#include <string>
#include <vector>

namespace derl
{
  /**
   * Write the samples of all ranks into one file that does not depend on the
   * number of ranks, with everything that the tables have; see
   * doc/sample_files.md. Ranks may have none, but all tables must have the same
   * columns. Collective. Throws AgreedError, and leaves the file that was there
   * before, if it cannot be written or Samples::check() fails on a rank.
   */
  void
  save(const MPI_Comm    &communicator,
       const std::string &path,
       const Samples     &samples);

  /**
   * Read what save() wrote. Each rank gets an equal share of consecutive
   * samples, whatever the number of ranks was. Collective. Throws AgreedError
   * if the file is missing, damaged, or no table of samples.
   */
  Samples
  load_samples(const MPI_Comm &communicator, const std::string &path);

  /**
   * Read samples from a text with comma-separated values, of any size. The
   * first line names the columns:
   * @code
   *   x,y,u,u_x,u_y,weight,normal_x
   * @endcode
   * There must be a column for each of the @p coordinates; derivatives of the
   * @p components are read by their names, see FieldNames; `weight` is the
   * weight of a sample, which is 1 without this column. All other columns must
   * be listed in @p auxiliary. Each rank gets consecutive lines. Collective.
   * Throws AgreedError with the number of the line if a name or a number cannot
   * be read, or is not allowed in Samples.
   */
  Samples
  read_csv(const MPI_Comm                 &communicator,
           const std::string              &path,
           const std::vector<std::string> &coordinates,
           const std::vector<std::string> &components,
           const std::vector<std::string> &auxiliary = {});

  /**
   * Write samples as read_csv() reads them, with the weights, rank by rank;
   * factors are left out. Numbers are the shortest that are read back to the
   * same doubles. Collective. Errors as those of save().
   */
  void
  write_csv(const MPI_Comm                 &communicator,
            const std::string              &path,
            const Samples                  &samples,
            const std::vector<std::string> &coordinates,
            const std::vector<std::string> &components);
} // namespace derl

#endif
