// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_activation_h
#define derl_network_activation_h

// This file includes nothing, since the kernels include it: see
// source/network/kernels/jet_engine.h.

namespace derl
{
  /**
   * The function applied to each hidden unit. To add one: an entry here and in
   * activation_table, its class in
   * source/network/kernels/activation_functions.h, and a case wherever the
   * compiler then misses one.
   */
  enum class Activation
  {
    /** tanh(z) */
    tanh,
    /** sin(z) */
    sine,
    /** log(1 + exp(beta z)) / beta */
    softplus,
    /** z / (1 + exp(-z)), also known as swish */
    silu
  };

  /**
   * An activation, its name in parameter and model files, and its formula for
   * people.
   */
  struct ActivationDescription
  {
    Activation  activation;
    const char *name;
    const char *formula;
  };

  /**
   * All activations.
   */
  constexpr ActivationDescription activation_table[] = {
    {Activation::tanh, "tanh", "tanh(z)"},
    {Activation::sine, "sine", "sin(z)"},
    {Activation::softplus, "softplus", "log(1 + exp(beta z)) / beta"},
    {Activation::silu, "silu", "z / (1 + exp(-z))"}};
} // namespace derl

#endif
