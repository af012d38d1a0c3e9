// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_scaling_h
#define derl_network_scaling_h

#include <vector>

namespace derl
{
  /**
   * The affine maps between a user's units and the network's: the network sees
   * (x_i - input_shift_i) / input_scale_i for each coordinate i, and
   * output_shift_o + output_scale_o times the network's output o is component o
   * of the surrogate. An InputMap does something else with coordinates, an
   * OutputMap something more with outputs. Derivatives of the surrogate are
   * with respect to the user's coordinates.
   */
  struct Scaling
  {
    std::vector<double> input_shift;
    std::vector<double> input_scale;
    std::vector<double> output_shift;
    std::vector<double> output_scale;

    /**
     * No scaling at all: shifts 0, scales 1.
     */
    static Scaling
    identity(const unsigned int n_coordinates, const unsigned int n_outputs);

    bool
    operator==(const Scaling &other) const
    {
      return input_shift == other.input_shift &&
             input_scale == other.input_scale &&
             output_shift == other.output_shift &&
             output_scale == other.output_scale;
    }

    /**
     * Throw if lengths do not fit or a number is not finite or a scale is 0.
     */
    void
    check(const unsigned int n_coordinates, const unsigned int n_outputs) const;
  };
} // namespace derl

#endif
