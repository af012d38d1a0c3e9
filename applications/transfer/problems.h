// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_transfer_problems_h
#define derl_applications_transfer_problems_h

#include <derl/network/maps.h>

#include <derl/training/curriculum.h>

#include <deal.II/base/mpi.h>

#include <string>
#include <vector>

namespace derl
{
  /**
   * A physical model that is learned in stages.
   */
  struct TransferProblem
  {
    std::string              description;
    std::vector<std::string> coordinates;
    InputMap                 input_map;

    /** Stages and terms, where the parameter file says nothing else. */
    CurriculumParameters curriculum;
    /** Terms of stages that begin with the last region, if they differ. */
    std::string         backward_terms;
    Curriculum::Problem problem;
  };

  /**
   * The names of all problems with @p separator between them.
   */
  std::string
  transfer_problems(const std::string &separator);

  /**
   * Make the problem of a name: its samples, whose derivatives are exact,
   * residual, test samples, and stages. Collective.
   *
   * @param n_points random points in the interior, over all stages (for each
   *   parameter, if there are parameters).
   */
  TransferProblem
  make_transfer_problem(const MPI_Comm    &communicator,
                        const std::string &name,
                        const unsigned int n_points,
                        const unsigned int seed);
} // namespace derl

#endif
