// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "best_parameters.h"

#include <limits>

namespace derl
{
  using namespace dealii;

  namespace
  {
    // not infinity, since checkpoints hold finite numbers only
    constexpr double nothing = std::numeric_limits<double>::max();
  } // namespace



  BestParameters::BestParameters(const Vector<double> &start)
    : lowest(nothing)
    , iteration_of_lowest(0)
    , x(start)
  {
  }



  bool
  BestParameters::offer(const double value, const IterationState &state)
  {
    if (!(value < lowest))
      return false;
    lowest              = value;
    iteration_of_lowest = state.iteration;
    x                   = state.x;
    return true;
  }



  void
  BestParameters::replace(const double value, const IterationState &state)
  {
    const double before = lowest;
    lowest              = nothing;
    if (!offer(value, state))
      lowest = before;
  }



  void
  BestParameters::forget(const IterationState &state)
  {
    lowest              = nothing;
    iteration_of_lowest = state.iteration;
    x                   = state.x;
  }



  bool
  BestParameters::is_found() const
  {
    return lowest < nothing;
  }



  double
  BestParameters::value() const
  {
    return lowest;
  }



  unsigned int
  BestParameters::iteration() const
  {
    return iteration_of_lowest;
  }



  const Vector<double> &
  BestParameters::parameters() const
  {
    return x;
  }



  void
  BestParameters::exchange(CheckpointArchive &archive)
  {
    archive("best/value", lowest);
    archive("best/iteration", iteration_of_lowest);
    archive("best/parameters", x);
  }
} // namespace derl
