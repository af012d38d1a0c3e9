// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_teachers_h
#define derl_data_teachers_h

#include <derl/data/samples.h>

#include <derl/network/surrogate.h>

#include <deal.II/base/array_view.h>
#include <deal.II/base/mpi.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace derl
{
  /**
   * A trained surrogate from which another one learns.
   */
  struct Teacher
  {
    std::shared_ptr<const Surrogate> surrogate;

    /**
     * Whether it is to be asked at a point, given all coordinates. Without a
     * region: in its domain if it has one, otherwise in the box of the samples
     * it was trained on, where it does not extrapolate.
     */
    std::function<bool(const dealii::ArrayView<const double> &point)> region =
      {};
  };



  /**
   * Samples of teachers at this rank's points, of which there may be none: any
   * derivatives up to total order four, with respect to any coordinates. Each
   * point is given to the first teacher in whose region it is. Evaluation is
   * cheap enough to ask anew for other points whenever they are wanted. The
   * origin of the samples tells of the teachers' references and verdicts.
   *
   * Collective. Throws AgreedError if teachers have other coordinates or
   * components than the first one, if a name does not exist, or if a point is
   * in no region.
   *
   * @param points as [point][coordinate]. Those of another table serve as well:
   *   samples.points().
   * @param entries names of the columns, see FieldNames.
   * @param weights of the points; one if there are none.
   */
  Samples
  sample_teachers(const MPI_Comm                 &communicator,
                  const std::vector<Teacher>     &teachers,
                  const std::vector<double>      &points,
                  const std::vector<std::string> &entries,
                  const std::vector<double>      &weights = {});
} // namespace derl

#endif
