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
   * the derivative set; only the number of points is padded.
   *
   * These files see plain pointers only: an inline function of the standard
   * library compiled here for a new processor could otherwise be picked by
   * the linker for the whole program.
   *
   * <h3>Two algorithms in one</h3>
   *
   * Channels are propagated forward, but a derivative that enters the chain
   * rule of no other one may be collapsed instead. For such a derivative
   * alpha, activations follow a_alpha = f' z_alpha + N_alpha with N_alpha made
   * of propagated channels only, so that it is linear in what it gets from the
   * layer below, and the output's value follows from the adjoint abar of the
   * network's value alone:
   *   u_alpha = sum over layers and units of abar N_alpha
   *             (+ W^T zbar of the first layer, for a first derivative).
   * One back-propagation per component thus gives all collapsed derivatives.
   * A loss with the derivatives c_alpha by u_alpha depends on them as on the
   * single channel tau = sum_alpha c_alpha alpha, which is propagated once
   * more, and whose adjoint is abar again. With C propagated channels and q
   * components this needs 3 (C + q) matrix products per layer instead of three
   * for each derivative.
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
      /** A channel, or the position among the collapsed derivatives. */
      unsigned int target;
      unsigned int n_factors;
      unsigned int factors[max_derivative_order];
      double       coefficient;
    };

    /**
     * Where the arrays of one layer are in the workspace, in numbers from its
     * beginning, and their strides.
     */
    struct LayerLayout
    {
      unsigned int n_inputs;
      unsigned int n_outputs;
      /** From one channel to the next, of inputs and outputs. */
      std::size_t input_stride;
      std::size_t output_stride;
      /** Weights in row tiles, for products with W. */
      std::size_t weights;
      /** Weights in row tiles of the transpose; unused in the first layer. */
      std::size_t transposed_weights;
      std::size_t bias;
      /** Pre-activations z and activations a, all channels; a is unused in
       * the output layer. */
      std::size_t z;
      std::size_t a;
      /** A second function of z (cosine, sigmoid) to build f', f'', ... */
      std::size_t auxiliary;
      /** Adjoint of the activations' values, per component; for collapsed
       * derivatives. */
      std::size_t value_adjoint;
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
      unsigned int n_components;

      /** Channels propagated as they are, the value first. */
      unsigned int n_channels;
      /** Channels tau behind them: one per component, or none. */
      unsigned int n_collapsed_channels;
      /** Channels 1 .. n_first_order are first derivatives. */
      unsigned int n_first_order;
      /** For each of these channels its coordinate. */
      const unsigned int *coordinate_of_channel;
      /** Largest order, collapsed derivatives included. */
      unsigned int max_order;

      /** Products with two factors or more that a channel holds. */
      unsigned int     n_chain_terms;
      const ChainTerm *chain_terms;

      unsigned int n_collapsed;
      /** For each collapsed derivative its coordinate if it is a first
       * derivative, else n_coordinates. */
      const unsigned int *coordinate_of_collapsed;
      unsigned int        n_collapsed_terms;
      const ChainTerm    *collapsed_terms;

      /** d(network input)/d(user's coordinate), per coordinate. */
      const double *input_slope;

      /** The values of enum Activation as integers. */
      int    activation;
      double softplus_beta;

      const LayerLayout *layers;
      unsigned int       n_panels;
      /** The input, with a second channel for tau if there is one:
       * [panel][1 + n_collapsed_channels][coordinate][point]. */
      std::size_t input;
      /** Collapsed derivatives, and the loss's derivatives by them:
       * [panel][component][derivative][point]. */
      std::size_t collapsed;
      std::size_t collapsed_adjoint;
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
      /** Jets of the first @p n_panels panels of the input array: channels
       * into z of the last layer, the others into the collapsed array. */
      void (*forward)(const JetShape    &shape,
                      const unsigned int n_panels,
                      double            *workspace);
      /**
       * Add to the gradient lanes, given the adjoint of the output layer's
       * channels in adjoint[0] and that of the collapsed derivatives in
       * collapsed_adjoint; forward() must have been called for the same
       * panels. For points that are padding all of these must be zero.
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
