// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_kernels_jet_engine_h
#define derl_network_kernels_jet_engine_h

#include <cstddef>

namespace derl
{
  /**
   * The innermost loops of jet propagation, compiled once per instruction set.
   *
   * Points are processed in panels of as many points as two SIMD registers
   * hold. All arrays over points are laid out as
   * [panel][channel][unit][point in panel], where a channel is one entry of
   * the derivative set; everything is contiguous, and only the number of
   * points is padded.
   *
   * These files see plain pointers only: an inline function of the standard
   * library compiled here for a new processor could otherwise be picked by
   * the linker for the whole program.
   */
  namespace internal
  {
    constexpr unsigned int max_derivative_order = 4;

    /**
     * Size of arrays over channels on the stack: all derivatives up to order
     * four in six coordinates.
     */
    constexpr unsigned int max_channels = 210;

    /**
     * One product in the chain rule of f(z(x)): derivative `target` of f(z)
     * holds coefficient * f^(n_factors)(z) * prod_j z_{factors[j]}.
     */
    struct ChainTerm
    {
      unsigned int target;
      unsigned int n_factors;
      unsigned int factors[max_derivative_order];
      double       coefficient;
    };

    /**
     * Where the arrays of one layer are in the workspace, in numbers from its
     * beginning.
     */
    struct LayerLayout
    {
      unsigned int n_inputs;
      unsigned int n_outputs;
      /** Weights in row tiles, for products with W. */
      std::size_t weights;
      /** Weights in row tiles of the transpose; unused in the first layer. */
      std::size_t transposed_weights;
      std::size_t bias;
      /** Pre-activations z, all channels. */
      std::size_t z;
      /** Activations, all channels; unused in the output layer. */
      std::size_t a;
      /** A second function of z (cosine, sigmoid) to build f', f'', ... */
      std::size_t auxiliary;
      /** Derivatives of the loss by weights and biases, per SIMD lane. */
      std::size_t weight_gradient;
      std::size_t bias_gradient;
    };

    /**
     * Network and derivative set, and the layout of a workspace.
     */
    struct JetShape
    {
      unsigned int n_layers;
      unsigned int n_coordinates;
      unsigned int n_channels;
      /** Channels 1 .. n_first_order are first derivatives. */
      unsigned int n_first_order;
      unsigned int max_order;
      /** For each first-order channel its coordinate. */
      const unsigned int *coordinate_of_channel;
      /** d(network input)/d(user's coordinate), per coordinate. */
      const double *input_slope;

      unsigned int     n_chain_terms;
      const ChainTerm *chain_terms;

      /** The values of enum Activation as integers. */
      int    activation;
      double softplus_beta;

      const LayerLayout *layers;
      unsigned int       n_panels;
      std::size_t        input;
      /** Two arrays for the adjoint, all channels, of the widest layer. */
      std::size_t adjoint[2];
    };

    /**
     * The functions of one instruction set. The workspace is 64-byte aligned.
     */
    struct JetEngine
    {
      const char *name;
      /** SIMD lanes and points in a panel. */
      unsigned int n_lanes;
      unsigned int panel_size;

      /** Bring a parameter vector into the layout of the kernels. */
      void (*set_parameters)(const JetShape &shape,
                             const double   *parameters,
                             double         *workspace);
      /** Jets of the first @p n_panels panels of the input array. */
      void (*forward)(const JetShape    &shape,
                      const unsigned int n_panels,
                      double            *workspace);
      /**
       * Add to the gradient lanes, given the adjoint of the output layer in
       * adjoint[0]; forward() must have been called for the same panels.
       */
      void (*backward)(const JetShape    &shape,
                       const unsigned int n_panels,
                       double            *workspace);
      /** Add the sum over lanes to @p gradient and clear the lanes. */
      void (*collect_gradient)(const JetShape &shape,
                               double         *workspace,
                               double         *gradient);
    };

    const JetEngine &
    jet_engine_baseline();

    const JetEngine &
    jet_engine_avx2();

    const JetEngine &
    jet_engine_avx512();
  } // namespace internal
} // namespace derl

#endif
