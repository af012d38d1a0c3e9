// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/chain_rule.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cstdlib>

#include "jet_plan_implementation.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The blocked arrays of all layers should stay in the second level cache,
     * of which common processors have 512 KiB or more per core.
     */
    constexpr std::size_t block_bytes = 300 * 1024;

    /**
     * More points than this in a block bring nothing.
     */
    constexpr unsigned int max_block_points = 128;



    const internal::JetEngine &
    choose_engine()
    {
#ifdef DERL_WITH_X86_DISPATCH
      const char *const wish  = std::getenv("DERL_INSTRUCTION_SET");
      const std::string limit = wish == nullptr ? "avx512" : wish;
      AssertThrow(limit == "baseline" || limit == "avx2" || limit == "avx512",
                  ExcMessage("The environment variable DERL_INSTRUCTION_SET is "
                             "'" +
                             limit +
                             "'. Unset it or use baseline, avx2 or avx512."));
      const bool avx2 = __builtin_cpu_supports("avx2") &&
                        __builtin_cpu_supports("fma") &&
                        __builtin_cpu_supports("bmi2");
      const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                          __builtin_cpu_supports("avx512vl") &&
                          __builtin_cpu_supports("avx512dq") &&
                          __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512cd");
      if (avx512 && limit == "avx512")
        return internal::jet_engine_avx512();
      if (avx2 && limit != "baseline")
        return internal::jet_engine_avx2();
#endif
      return internal::jet_engine_baseline();
    }
  } // namespace



  JetPlan::Implementation::Implementation(const Architecture  &architecture,
                                          const Scaling       &scaling,
                                          const DerivativeSet &derivatives,
                                          const Algorithm      algorithm)
    : engine(choose_engine())
    , architecture(architecture)
    , scaling(scaling)
    , derivatives(derivatives)
  {
    architecture.check();
    scaling.check(architecture.n_inputs, architecture.n_outputs);
    AssertDimension(derivatives.n_coordinates(), architecture.n_inputs);
    AssertThrow(derivatives.max_order() <= internal::max_derivative_order,
                ExcMessage("Derivatives of a network are available up to total "
                           "order four."));
    AssertThrow(derivatives.size() <= internal::max_channels,
                ExcMessage("More derivatives at once than the network kernel "
                           "can hold: use fewer."));

    for (const double scale : scaling.input_scale)
      input_slope.push_back(1. / scale);
    choose_algorithm(algorithm);
    choose_block_size();
    lay_out_workspace();

    shape.n_layers                = architecture.n_layers();
    shape.n_coordinates           = architecture.n_inputs;
    shape.n_components            = architecture.n_outputs;
    shape.max_order               = derivatives.max_order();
    shape.coordinate_of_channel   = coordinate_of_channel.data();
    shape.coordinate_of_collapsed = coordinate_of_collapsed.data();
    shape.n_chain_terms           = chain_terms.size();
    shape.chain_terms             = chain_terms.data();
    shape.n_collapsed_terms       = collapsed_terms.size();
    shape.collapsed_terms         = collapsed_terms.data();
    shape.input_slope             = input_slope.data();
    shape.activation              = static_cast<int>(architecture.activation);
    shape.softplus_beta           = architecture.softplus_beta;
    shape.layers                  = layers.data();
  }



  void
  JetPlan::Implementation::choose_algorithm(const Algorithm algorithm)
  {
    const std::vector<ChainProduct> products = chain_products(derivatives);

    // the value and whatever is a factor of something must be propagated
    std::vector<bool> collapsible(derivatives.size(), true);
    collapsible[0] = false;
    for (const ChainProduct &product : products)
      for (const unsigned int factor : product.factors)
        collapsible[factor] = false;
    const unsigned int n_collapsible =
      std::count(collapsible.begin(), collapsible.end(), true);
    // see jet_engine.h for the number of matrix products
    const bool collapse = algorithm == Algorithm::automatic &&
                          architecture.n_outputs < n_collapsible;

    unsigned int n_channels = 0, n_collapsed = 0;
    shape.n_first_order = 0;
    for (unsigned int entry = 0; entry < derivatives.size(); ++entry)
      {
        const MultiIndex  &derivative = derivatives[entry];
        const unsigned int coordinate =
          order(derivative) == 1
            ? std::distance(derivative.begin(),
                            std::find(derivative.begin(), derivative.end(), 1u))
            : architecture.n_inputs;
        if (collapse && collapsible[entry])
          {
            places.push_back({true, n_collapsed++});
            coordinate_of_collapsed.push_back(coordinate);
          }
        else
          {
            if (order(derivative) == 1)
              shape.n_first_order = n_channels;
            places.push_back({false, n_channels++});
            coordinate_of_channel.push_back(coordinate);
          }
      }
    shape.n_channels           = n_channels;
    shape.n_collapsed          = n_collapsed;
    shape.n_collapsed_channels = collapse ? architecture.n_outputs : 0;

    for (const ChainProduct &product : products)
      {
        internal::ChainTerm term = {};
        term.target              = places[product.target].index;
        term.coefficient         = product.coefficient;
        term.n_factors           = product.factors.size();
        for (unsigned int j = 0; j < product.factors.size(); ++j)
          term.factors[j] = places[product.factors[j]].index;
        (places[product.target].is_collapsed ? collapsed_terms : chain_terms)
          .push_back(term);
      }
  }



  void
  JetPlan::Implementation::choose_block_size()
  {
    const std::size_t n_all = shape.n_channels + shape.n_collapsed_channels;
    std::size_t       numbers_per_point = 0;
    unsigned int      widest            = 0;
    for (unsigned int l = 1; l <= architecture.n_layers(); ++l)
      {
        const unsigned int width = architecture.width(l);
        numbers_per_point += (2 * n_all + shape.n_collapsed_channels) * width;
        widest = std::max(widest, width);
      }
    numbers_per_point += 2 * n_all * widest;
    const unsigned int panel = engine.panel_size;
    const std::size_t  fitting =
      block_bytes / (numbers_per_point * sizeof(double) * panel);
    shape.n_panels = std::min<std::size_t>(std::max<std::size_t>(fitting, 1),
                                           max_block_points / panel);
    block_points   = shape.n_panels * panel;
  }



  void
  JetPlan::Implementation::lay_out_workspace()
  {
    const std::size_t  panel        = engine.panel_size;
    const std::size_t  n_panels     = shape.n_panels;
    const std::size_t  n_components = shape.n_collapsed_channels;
    const std::size_t  n_all        = shape.n_channels + n_components;
    constexpr unsigned cache_line   = 8;

    // every array begins with a cache line
    workspace_size      = 0;
    const auto allocate = [&](const std::size_t size) {
      const std::size_t begin = workspace_size;
      workspace_size += (size + cache_line - 1) / cache_line * cache_line;
      return begin;
    };
    // Channels are an odd number of cache lines apart: with a large power of
    // two, all of them would compete for the same few places in the cache.
    const auto stride = [&](const std::size_t width) {
      const std::size_t size = width * panel;
      return (size / cache_line) % 2 == 0 ? size + cache_line : size;
    };

    std::size_t largest_stride = stride(architecture.n_inputs);
    for (unsigned int l = 1; l <= architecture.n_layers(); ++l)
      {
        internal::LayerLayout layer;
        layer.n_inputs      = architecture.width(l - 1);
        layer.n_outputs     = architecture.width(l);
        layer.input_stride  = stride(layer.n_inputs);
        layer.output_stride = stride(layer.n_outputs);
        largest_stride      = std::max(largest_stride, layer.output_stride);
        const std::size_t n_weights =
          std::size_t(layer.n_inputs) * layer.n_outputs;
        const std::size_t n_values  = layer.output_stride * n_panels;
        const bool        is_hidden = l < architecture.n_layers();
        layer.weights               = allocate(n_weights);
        layer.transposed_weights    = allocate(n_weights);
        layer.bias                  = allocate(layer.n_outputs);
        layer.z                     = allocate(n_values * n_all);
        layer.a = is_hidden ? allocate(n_values * n_all) : 0;
        layer.auxiliary =
          is_hidden && architecture.activation != Activation::tanh
            ? allocate(n_values)
            : 0;
        layer.value_adjoint = is_hidden ? allocate(n_values * n_components) : 0;
        layer.weight_gradient = allocate(n_weights * engine.n_lanes);
        layer.bias_gradient =
          allocate(std::size_t(layer.n_outputs) * engine.n_lanes);
        layers.push_back(layer);
      }
    shape.input =
      allocate((1 + n_components) * layers[0].input_stride * n_panels);
    shape.collapsed =
      allocate(n_components * shape.n_collapsed * panel * n_panels);
    shape.collapsed_adjoint =
      allocate(n_components * shape.n_collapsed * panel * n_panels);
    for (std::size_t &adjoint : shape.adjoint)
      adjoint = allocate(largest_stride * n_all * n_panels);
  }
} // namespace derl
