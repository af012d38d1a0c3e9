// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_kernels_jet_engine_h
#define derl_network_kernels_jet_engine_h

#include <derl/network/activation.h>

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
   * If the inputs are features phi(x) of the coordinates, that last part is the
   * sum over the features of the adjoint of the input times phi_alpha, for
   * derivatives of any order.
   * A loss with the derivatives c_alpha by u_alpha depends on them as on the
   * single channel tau = sum_alpha c_alpha alpha, which is propagated once
   * more, and whose adjoint is abar again. With C propagated channels and q
   * components this needs 3 (C + q) matrix products per layer instead of three
   * for each derivative.
   *
   * <h3>Rows of the Jacobian</h3>
   *
   * The derivative of any combination of jets at one point by a layer's
   * weights is sum_c bar_c a_c^T, with the adjoint bar_c of the layer's
   * pre-activations and the activations a_c of the layer below, over all
   * channels c (the network's input counts as a layer of activations); that by
   * the bias is bar_0. These factors are kept instead of the rows: rows and
   * inner products of rows follow from them.
   */
  namespace internal
  {
    constexpr unsigned int max_derivative_order = 4;

    /**
     * One product in the chain rule of f(z(x)), with @p order factors:
     * coefficient * f^(order)(z) * prod_j z_{factors[j]}; or its derivative by
     * one of the factors, which has one factor less.
     */
    struct ChainTerm
    {
      double coefficient;
      /** Where what the product is part of is, and where its factors are: for
       * channels their distance from the value, for a collapsed derivative that
       * from the first one. */
      std::size_t source;
      std::size_t factors[max_derivative_order];
    };

    /**
     * Terms, grouped by what they contribute to (see JetShape) and by order:
     * those of group g and order k are terms begin[3 g + k - 2] ..
     * begin[3 g + k - 1] - 1.
     */
    struct ChainTermTable
    {
      const unsigned int *begin;
      const ChainTerm    *terms;
    };

    /**
     * Where the arrays of one layer are in the workspace, in numbers from its
     * beginning, and their strides.
     */
    struct LayerLayout
    {
      unsigned int n_inputs;
      unsigned int n_outputs;
      /** Whether its parameters do not count in derivatives. */
      bool is_fixed;
      /** From one channel to the next, of inputs and outputs. */
      std::size_t input_stride;
      std::size_t output_stride;
      /** Weights in row tiles, for products with W. */
      std::size_t weights;
      /** Weights in row tiles of the transpose. */
      std::size_t transposed_weights;
      std::size_t bias;
      /** The activations of the layer below, all channels; for the first layer
       * the network's input. */
      std::size_t input;
      /** Pre-activations z, all channels; in hidden layers channel 0 is
       * replaced by its activation, in the array of activations, at once. */
      std::size_t z;
      /** Activations; none in the output layer. */
      std::size_t a;
      /** A second function of z (cosine, sigmoid) to build f', f'', ... */
      std::size_t auxiliary;
      /** Adjoint of the activations' values, per component; for collapsed
       * derivatives. */
      std::size_t value_adjoint;
      /** Products with two factors or more that a channel holds, by channel,
       * and the derivatives of all such products by a channel, by channel. */
      ChainTermTable chain_terms;
      ChainTermTable chain_term_derivatives;
      /** The same for what collapsed derivatives hold, but the products are all
       * in one group. */
      ChainTermTable collapsed_terms;
      ChainTermTable collapsed_term_derivatives;
      /** Position of W in a parameter vector; the bias comes behind it. */
      std::size_t first_parameter;
      /** Where the derivatives by W, tile by tile, and by the bias are in the
       * array of sums. */
      std::size_t weight_sums;
      std::size_t bias_sums;
    };

    /**
     * Network and derivative set, and the layout of a workspace.
     */
    struct JetShape
    {
      unsigned int n_layers;
      /** Below this one all layers are fixed. */
      unsigned int first_free_layer;
      unsigned int n_inputs;
      unsigned int n_components;

      /** Whether the inputs are features of the coordinates whose derivatives
       * depend on the point: then all of them come with the points. Otherwise
       * an input is a coordinate, with constant slope. */
      bool has_features;

      /** Channels propagated as they are, the value first. */
      unsigned int n_channels;
      /** Channels tau behind them: one per component, or none. */
      unsigned int n_collapsed_channels;
      /** For each channel its input if it is the first derivative with respect
       * to a coordinate that is an input, else n_inputs. */
      const unsigned int *coordinate_of_channel;
      /** Largest order, collapsed derivatives included, and without them. */
      unsigned int max_order;
      unsigned int propagated_order;

      unsigned int n_collapsed;
      /** As coordinate_of_channel. */
      const unsigned int *coordinate_of_collapsed;

      /** d(network input)/d(user's coordinate), per coordinate. */
      const double *input_slope;

      Activation activation;
      double     softplus_beta;

      const LayerLayout *layers;
      unsigned int       n_panels;
      /** Collapsed derivatives, and the loss's derivatives by them:
       * [panel][component][derivative][point]. */
      std::size_t collapsed;
      std::size_t collapsed_adjoint;
      /** Collapsed derivatives of the features:
       * [panel][derivative][feature][point]. */
      std::size_t collapsed_features;
      /** Two arrays for the adjoint, all channels, of the widest layer. */
      std::size_t adjoint[2];
      /** For one panel, [.][unit][point] with the widest layer's stride:
       * f^(k)(z), k = 1 .. max_order + 1, and, for each component, f^(k)(z)
       * times the adjoint of the layer's activations, k = 1 .. max_order. */
      std::size_t derivatives;
      std::size_t scaled_adjoint;
      std::size_t scratch_stride;
      /** From a number of the workspace to its derivative in the direction of
       * parameter space that was set. */
      std::size_t tangents;

      /** Numbers of the factors of a panel of rows of the Jacobian; fixed
       * layers have none. */
      std::size_t factor_size;
    };

    /**
     * The functions of one instruction set and number type. The workspace is
     * 64-byte aligned. "Panels" are the first @p n_panels of the workspace.
     */
    template <typename Number>
    struct JetEngine
    {
      const char *name;
      /** Points in a panel. */
      unsigned int panel_size;

      /** Bring a parameter vector into the layout of the kernels: for use in
       * all evaluations, or as the direction of forward_tangents(). */
      void (*set_parameters)(const JetShape &shape,
                             const double   *parameters,
                             Number         *workspace);
      void (*set_direction)(const JetShape &shape,
                            const double   *direction,
                            Number         *workspace);
      /** Jets of the panels in the first layer's input array (with all
       * derivatives if these are features): channels into z of the last layer,
       * the others into the collapsed array. */
      void (*forward)(const JetShape    &shape,
                      const unsigned int n_panels,
                      Number            *workspace);
      /** The same, and their derivatives in the direction that was set. */
      void (*forward_tangents)(const JetShape    &shape,
                               const unsigned int n_panels,
                               Number            *workspace);
      /** Numbers in the sums for the derivatives by a matrix. */
      std::size_t (*n_sums)(const unsigned int n_rows,
                            const unsigned int n_columns);
      /**
       * Add to the sums that make the gradient, given the adjoint of the
       * output layer's channels in adjoint[0] and that of the collapsed
       * derivatives in collapsed_adjoint; forward() must have been called for
       * the same panels. For points that are padding all of these must be
       * zero.
       */
      void (*backward)(const JetShape    &shape,
                       const unsigned int n_panels,
                       Number            *workspace,
                       double            *sums);
      /** Add the sums to a gradient in the order of the parameter vector. */
      void (*add_sums)(const JetShape &shape,
                       const double   *sums,
                       double         *gradient);
      /**
       * Given the same, write the factors of the rows of the Jacobian, a panel
       * of rows for each panel of points, @p stride numbers apart.
       */
      void (*factorize)(const JetShape    &shape,
                        const unsigned int n_panels,
                        Number            *workspace,
                        Number            *factors,
                        const std::size_t  stride);
      /**
       * The rows of one panel's factors: row k is written to rows[k], unless
       * that is null.
       */
      void (*expand_rows)(const JetShape &shape,
                          const Number   *factors,
                          double *const  *rows);
      /**
       * Inner products of all rows of one panel with all rows of another:
       * [row of the second][row of the first]. Both are rows for the network
       * of @p shape, but either may have been made with another number of
       * channels: @p n_first and @p n_second.
       */
      void (*inner_products)(const JetShape    &shape,
                             const unsigned int n_first,
                             const Number      *first,
                             const unsigned int n_second,
                             const Number      *second,
                             Number            *products);
    };

    template <typename Number>
    const JetEngine<Number> &
    jet_engine_baseline();

    template <typename Number>
    const JetEngine<Number> &
    jet_engine_avx2();

    template <typename Number>
    const JetEngine<Number> &
    jet_engine_avx512();
  } // namespace internal
} // namespace derl

#endif
