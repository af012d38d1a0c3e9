// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_architecture_h
#define derl_network_architecture_h

#include <derl/network/activation.h>

#include <deal.II/lac/vector.h>

#include <cstdint>
#include <string>
#include <vector>

namespace derl
{
  /**
   * The name of an activation in parameter and model files.
   */
  std::string
  to_string(const Activation activation);

  /**
   * The inverse of to_string(); throws on an unknown name.
   */
  Activation
  activation_from_string(const std::string &name);

  /**
   * The names of all activations with @p separator between them.
   */
  std::string
  activation_names(const std::string &separator);



  /**
   * The shape of a multi-layer perceptron: @p n_inputs coordinates, hidden
   * layers of the given widths with one activation, and a linear layer to
   * @p n_outputs components.
   *
   * Its parameters are one flat vector: for each layer the weight matrix, row
   * by row (a row per unit of the layer), then the biases.
   */
  struct Architecture
  {
    unsigned int              n_inputs   = 2;
    std::vector<unsigned int> hidden     = {20, 20, 20};
    unsigned int              n_outputs  = 1;
    Activation                activation = Activation::tanh;
    /** Sharpness beta of softplus; without meaning for the others. */
    double softplus_beta = 1.;

    /**
     * Number of weight matrices: one more than there are hidden layers.
     */
    unsigned int
    n_layers() const;

    /**
     * Width of layer @p layer, where 0 stands for the inputs and n_layers()
     * for the outputs.
     */
    unsigned int
    width(const unsigned int layer) const;

    /**
     * Number of parameters, as a double because widths from an input file may
     * overflow any integer.
     */
    double
    n_parameters_as_double() const;

    /**
     * Number of parameters. check() must have passed.
     */
    unsigned int
    n_parameters() const;

    /**
     * Throw if a number is out of range or if there are more parameters than
     * a 32 bit index can count.
     */
    void
    check() const;

    bool
    operator==(const Architecture &other) const;
  };

  /**
   * Random initial parameters: weights and biases of a layer uniform in
   * (-1/sqrt(n), 1/sqrt(n)), n the number of the layer's inputs (the default
   * of the reference implementation of arXiv 2505.01391). The same seed gives
   * the same numbers on every platform and every rank.
   */
  dealii::Vector<double>
  initial_parameters(const Architecture &architecture,
                     const std::uint32_t seed);
} // namespace derl

#endif
