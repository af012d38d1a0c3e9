// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "chain_rule.h"

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
    constexpr std::size_t block_bytes = 256 * 1024;

    /**
     * More points than this in a block bring nothing.
     */
    constexpr unsigned int max_block_points = 128;



    template <typename Number>
    const internal::JetEngine<Number> &
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
        return internal::jet_engine_avx512<Number>();
      if (avx2 && limit != "baseline")
        return internal::jet_engine_avx2<Number>();
#endif
      return internal::jet_engine_baseline<Number>();
    }

  } // namespace



  internal::ChainTermTable
  JetPlan::Implementation::TermTable::finish()
  {
    begin.push_back(0);
    for (const auto &group : groups)
      for (const auto &terms_of_order : group)
        {
          terms.insert(
            terms.end(), terms_of_order.begin(), terms_of_order.end());
          begin.push_back(terms.size());
        }
    groups.clear();
    return {begin.data(), terms.data()};
  }



  JetPlan::Implementation::Implementation(
    const Architecture              &architecture,
    const Scaling                   &scaling,
    const InputMap                  &input_map,
    const OutputMap                 &output_map,
    const std::vector<unsigned int> &fixed_layers,
    const DerivativeSet             &derivatives,
    const Algorithm                  algorithm,
    const Precision                  precision)
    : architecture(architecture)
    , scaling(scaling)
    , input_map(input_map)
    , n_components(output_map.is_identity() ? architecture.n_outputs
                                            : output_map.components().size())
    , derivatives(derivatives)
    , network_derivatives(output_map.needed_derivatives(derivatives))
    , precision(precision)
    , engines(choose_engine<double>(), choose_engine<float>())
    , shape()
  {
    const unsigned int n_coordinates = derivatives.n_coordinates();
    architecture.check();
    scaling.check(n_coordinates, architecture.n_outputs);
    input_map.check(n_coordinates);
    output_map.check(n_coordinates, n_components);
    AssertDimension(input_map.n_features(n_coordinates), architecture.n_inputs);
    AssertDimension(output_map.n_outputs(n_components), architecture.n_outputs);
    AssertThrow(
      network_derivatives.max_order() <= internal::max_derivative_order,
      ExcMessage("Derivatives of a network are available up to total "
                 "order four; these take some of order " +
                 std::to_string(network_derivatives.max_order()) + "."));

    with_number([&](auto zero) {
      const auto &engine = this->engine<decltype(zero)>();
      panel_size         = engine.panel_size;
      instruction_set    = engine.name;
    });
    for (const double scale : scaling.input_scale)
      input_slope.push_back(1. / scale);
    shape.n_layers      = architecture.n_layers();
    shape.n_inputs      = architecture.n_inputs;
    shape.has_features  = !input_map.is_affine();
    shape.n_components  = architecture.n_outputs;
    shape.max_order     = network_derivatives.max_order();
    shape.input_slope   = input_slope.data();
    shape.activation    = architecture.activation;
    shape.softplus_beta = architecture.softplus_beta;

    choose_algorithm(algorithm);
    choose_block_size();
    lay_out_workspace();
    fix(fixed_layers);
    tabulate_chain_rule();
    if (shape.has_features)
      tabulate_features();
    if (!output_map.is_identity())
      jet_map = std::make_unique<const internal::JetMap>(
        output_map, derivatives, network_derivatives, block_points);
    shape.layers = layers.data();
  }



  void
  JetPlan::Implementation::choose_algorithm(const Algorithm algorithm)
  {
    // the value and whatever is a factor of something must be propagated
    std::vector<bool> collapsible(network_derivatives.size(), true);
    collapsible[0] = false;
    for (const ChainProduct &product : chain_products(network_derivatives))
      for (const unsigned int factor : product.factors)
        collapsible[factor] = false;
    const unsigned int n_collapsible =
      std::count(collapsible.begin(), collapsible.end(), true);
    // see jet_engine.h for the number of matrix products
    const bool collapse = algorithm == Algorithm::automatic &&
                          architecture.n_outputs < n_collapsible;

    for (unsigned int entry = 0; entry < network_derivatives.size(); ++entry)
      {
        const MultiIndex  &derivative = network_derivatives[entry];
        const unsigned int coordinate =
          order(derivative) == 1 && !shape.has_features
            ? std::distance(derivative.begin(),
                            std::find(derivative.begin(), derivative.end(), 1u))
            : architecture.n_inputs;
        const bool is_collapsed = collapse && collapsible[entry];
        auto      &coordinates =
          is_collapsed ? coordinate_of_collapsed : coordinate_of_channel;
        places.push_back(
          {is_collapsed, static_cast<unsigned int>(coordinates.size())});
        coordinates.push_back(coordinate);
        if (!is_collapsed)
          shape.propagated_order =
            std::max(shape.propagated_order, order(derivative));
      }
    shape.n_channels              = coordinate_of_channel.size();
    shape.n_collapsed             = coordinate_of_collapsed.size();
    shape.n_collapsed_channels    = collapse ? architecture.n_outputs : 0;
    shape.coordinate_of_channel   = coordinate_of_channel.data();
    shape.coordinate_of_collapsed = coordinate_of_collapsed.data();
  }



  void
  JetPlan::Implementation::tabulate_chain_rule()
  {
    const std::vector<ChainProduct> products =
      chain_products(network_derivatives);
    // tables point into their own memory: none may be moved later
    tables.resize(layers.size());
    for (unsigned int l = 0; l < layers.size(); ++l)
      {
        LayerTables      &table  = tables[l];
        const std::size_t stride = layers[l].output_stride;
        table.chain_terms.groups.resize(shape.n_channels);
        table.chain_term_derivatives.groups.resize(shape.n_channels);
        table.collapsed_terms.groups.resize(1);
        table.collapsed_term_derivatives.groups.resize(shape.n_channels);
        for (const ChainProduct &product : products)
          {
            const Place         target  = places[product.target];
            const auto         &factors = product.factors;
            const unsigned int  n       = factors.size();
            internal::ChainTerm term    = {};
            term.coefficient            = product.coefficient;
            term.source =
              target.index * (target.is_collapsed ? panel_size : stride);
            for (unsigned int j = 0; j < n; ++j)
              term.factors[j] = places[factors[j]].index * stride;
            if (target.is_collapsed)
              table.collapsed_terms.groups[0][n - 2].push_back(term);
            else
              table.chain_terms.groups[target.index][n - 2].push_back(term);

            // equal factors are neighbors
            for (unsigned int j = 0, multiplicity; j < n; j += multiplicity)
              {
                multiplicity =
                  std::count(factors.begin(), factors.end(), factors[j]);
                internal::ChainTerm derivative = term;
                derivative.coefficient *= multiplicity;
                std::copy(term.factors + j + 1,
                          term.factors + n,
                          derivative.factors + j);
                (target.is_collapsed ? table.collapsed_term_derivatives
                                     : table.chain_term_derivatives)
                  .groups[places[factors[j]].index][n - 2]
                  .push_back(derivative);
              }
          }
        layers[l].chain_terms = table.chain_terms.finish();
        layers[l].chain_term_derivatives =
          table.chain_term_derivatives.finish();
        layers[l].collapsed_terms = table.collapsed_terms.finish();
        layers[l].collapsed_term_derivatives =
          table.collapsed_term_derivatives.finish();
      }
  }



  void
  JetPlan::Implementation::choose_block_size()
  {
    const std::size_t n_all = shape.n_channels + shape.n_collapsed_channels;
    std::size_t       numbers_per_point = 0;
    unsigned int      widest            = 0;
    for (unsigned int l = 1; l < architecture.n_layers(); ++l)
      {
        const unsigned int width = architecture.width(l);
        // z, a and value_adjoint; z of the value is not used
        numbers_per_point +=
          (2 * n_all - 1 + shape.n_collapsed_channels) * width;
        widest = std::max(widest, width);
      }
    numbers_per_point += 2 * n_all * widest;
    const std::size_t number_size =
      precision == Precision::double_precision ? sizeof(double) : sizeof(float);
    const std::size_t fitting =
      block_bytes / (numbers_per_point * number_size * panel_size);
    shape.n_panels =
      std::min<std::size_t>(std::max<std::size_t>(fitting, 1),
                            std::max(max_block_points / panel_size, 1u));
    block_points = shape.n_panels * panel_size;
  }



  void
  JetPlan::Implementation::lay_out_workspace()
  {
    const std::size_t  panel        = panel_size;
    const std::size_t  n_panels     = shape.n_panels;
    const std::size_t  n_components = shape.n_collapsed_channels;
    const std::size_t  n_all        = shape.n_channels + n_components;
    const unsigned int cache_line =
      precision == Precision::double_precision ? 8 : 16;

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
      const std::size_t lines = (width * panel + cache_line - 1) / cache_line;
      return (lines % 2 == 0 ? lines + 1 : lines) * cache_line;
    };

    std::size_t largest_stride = stride(architecture.n_inputs);
    std::size_t input          = allocate(n_all * largest_stride * n_panels);
    std::size_t parameter      = 0;
    n_sums                     = 0;
    for (unsigned int l = 1; l <= architecture.n_layers(); ++l)
      {
        internal::LayerLayout layer;
        layer.is_fixed      = false;
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
        layer.input                 = input;
        layer.z                     = allocate(n_values * n_all);
        layer.a = is_hidden ? allocate(n_values * n_all) : 0;
        layer.auxiliary =
          is_hidden && architecture.activation != Activation::tanh
            ? allocate(n_values)
            : 0;
        layer.value_adjoint = is_hidden ? allocate(n_values * n_components) : 0;
        layer.first_parameter = parameter;
        layer.weight_sums     = n_sums;
        with_number([&](auto zero) {
          n_sums +=
            engine<decltype(zero)>().n_sums(layer.n_outputs, layer.n_inputs);
        });
        layer.bias_sums = n_sums;
        // packs of sums begin at multiples of their size
        n_sums += (layer.n_outputs + 15) / 16 * 16;
        layers.push_back(layer);
        parameter += n_weights + layer.n_outputs;
        input = layer.a;
      }
    shape.collapsed =
      allocate(n_components * shape.n_collapsed * panel * n_panels);
    shape.collapsed_adjoint =
      allocate(n_components * shape.n_collapsed * panel * n_panels);
    shape.collapsed_features =
      allocate(shape.has_features
                 ? shape.n_collapsed * architecture.n_inputs * panel * n_panels
                 : 0);
    for (std::size_t &adjoint : shape.adjoint)
      adjoint = allocate(largest_stride * n_all * n_panels);
    shape.scratch_stride = largest_stride;
    shape.derivatives    = allocate((shape.max_order + 1) * largest_stride);
    shape.scaled_adjoint =
      allocate(n_components * shape.max_order * largest_stride);
    shape.tangents = workspace_size;
    workspace_size *= 2;
  }



  void
  JetPlan::Implementation::fix(const std::vector<unsigned int> &fixed_layers)
  {
    for (const unsigned int l : fixed_layers)
      {
        AssertThrow(l < layers.size(),
                    ExcMessage("Layer " + std::to_string(l) +
                               " is to be kept fixed, but the network has "
                               "only " +
                               std::to_string(layers.size()) + "."));
        layers[l].is_fixed = true;
      }
    const auto first_free = std::find_if(
      layers.begin(), layers.end(), [](const internal::LayerLayout &layer) {
        return !layer.is_fixed;
      });
    AssertThrow(first_free != layers.end(),
                ExcMessage("All layers of the network are kept fixed."));
    shape.first_free_layer = std::distance(layers.begin(), first_free);
    for (const internal::LayerLayout &layer : layers)
      if (!layer.is_fixed)
        shape.factor_size += (shape.n_channels + shape.n_collapsed_channels) *
                             (layer.input_stride + layer.output_stride);
  }



  void
  JetPlan::Implementation::tabulate_features()
  {
    const auto &linear = input_map.linear_coordinates();
    for (unsigned int f = 0; f < linear.size(); ++f)
      {
        MultiIndex first(derivatives.n_coordinates(), 0);
        first[linear[f]] = 1;
        if (network_derivatives.contains(first))
          linear_slopes.push_back({places[network_derivatives.index_of(first)],
                                   f,
                                   input_slope[linear[f]]});
      }
    for (const std::vector<double> &frequencies : input_map.waves())
      {
        wave_derivatives.emplace_back();
        for (unsigned int e = 0; e < network_derivatives.size(); ++e)
          {
            const MultiIndex &derivative = network_derivatives[e];
            double            factor     = 1.;
            for (unsigned int d = 0; d < derivative.size(); ++d)
              for (unsigned int i = 0; i < derivative[d]; ++i)
                factor *= 2. * numbers::PI * frequencies[d];
            if (factor != 0.)
              wave_derivatives.back().push_back(
                {places[e], order(derivative), factor});
          }
      }
  }
} // namespace derl
