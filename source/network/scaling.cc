// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/surrogate.h>

#include <deal.II/base/exceptions.h>

#include <cmath>

namespace derl
{
  using namespace dealii;

  Scaling
  Scaling::identity(const unsigned int n_coordinates,
                    const unsigned int n_outputs)
  {
    Scaling result;
    result.input_shift.assign(n_coordinates, 0.);
    result.input_scale.assign(n_coordinates, 1.);
    result.output_shift.assign(n_outputs, 0.);
    result.output_scale.assign(n_outputs, 1.);
    return result;
  }



  void
  Scaling::check(const unsigned int n_coordinates,
                 const unsigned int n_outputs) const
  {
    AssertThrow(input_shift.size() == n_coordinates &&
                  input_scale.size() == n_coordinates &&
                  output_shift.size() == n_outputs &&
                  output_scale.size() == n_outputs,
                ExcMessage("The scaling must have one shift and one scale for "
                           "each coordinate and each output of the network."));
    for (const auto *numbers :
         {&input_shift, &input_scale, &output_shift, &output_scale})
      for (const double number : *numbers)
        AssertThrow(std::isfinite(number),
                    ExcMessage("The scaling holds a number that is not "
                               "finite."));
    for (const auto *scales : {&input_scale, &output_scale})
      for (const double scale : *scales)
        AssertThrow(scale != 0.,
                    ExcMessage("The scaling holds a scale that is zero."));
  }
} // namespace derl
