// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/chain_rule.h>
#include <derl/network/jet_plan.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cstdlib>

#include "kernels/jet_engine.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The blocked arrays of all layers should stay in half of a common second
     * level cache.
     */
    constexpr std::size_t block_bytes = 400 * 1024;

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



  struct JetPlan::Implementation
  {
    Implementation(const Architecture  &architecture,
                   const Scaling       &scaling,
                   const DerivativeSet &derivatives);

    const internal::JetEngine &engine;
    const Architecture         architecture;
    const Scaling              scaling;
    const DerivativeSet        derivatives;

    /** Derivative entry c of component o in the user's units is
     * factor[o * n_derivatives + c] times the network's. */
    std::vector<double> output_factor;

    internal::JetShape                 shape;
    std::vector<internal::LayerLayout> layers;
    std::vector<internal::ChainTerm>   chain_terms;
    std::vector<unsigned int>          coordinate_of_channel;
    std::vector<double>                input_slope;

    unsigned int block_points;
    std::size_t  workspace_size;
  };



  JetPlan::Implementation::Implementation(const Architecture  &architecture,
                                          const Scaling       &scaling,
                                          const DerivativeSet &derivatives)
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

    const unsigned int n_channels = derivatives.size();
    coordinate_of_channel.assign(n_channels, 0);
    shape.n_first_order = 0;
    for (unsigned int c = 1; c < n_channels; ++c)
      if (order(derivatives[c]) == 1)
        {
          shape.n_first_order      = c;
          coordinate_of_channel[c] = std::distance(
            derivatives[c].begin(),
            std::find(derivatives[c].begin(), derivatives[c].end(), 1u));
        }
    for (const double scale : scaling.input_scale)
      input_slope.push_back(1. / scale);
    for (const ChainProduct &product : chain_products(derivatives))
      {
        internal::ChainTerm term = {};
        term.target              = product.target;
        term.coefficient         = product.coefficient;
        term.n_factors           = product.factors.size();
        std::copy(product.factors.begin(), product.factors.end(), term.factors);
        chain_terms.push_back(term);
      }
    for (unsigned int o = 0; o < architecture.n_outputs; ++o)
      output_factor.insert(
        output_factor.end(), n_channels, scaling.output_scale[o]);

    // the size of a block
    std::size_t  numbers_per_point = 0;
    unsigned int widest            = 0;
    for (unsigned int l = 1; l <= architecture.n_layers(); ++l)
      {
        numbers_per_point += 2 * n_channels * architecture.width(l);
        widest = std::max(widest, architecture.width(l));
      }
    numbers_per_point += 2 * n_channels * widest;
    const unsigned int panel = engine.panel_size;
    shape.n_panels           = std::min<std::size_t>(
      std::max<std::size_t>(
        block_bytes / (numbers_per_point * sizeof(double) * panel), 1),
      max_block_points / panel);
    block_points = shape.n_panels * panel;

    // the layout of a workspace; every array begins at a 64-byte boundary
    workspace_size      = 0;
    const auto allocate = [&](const std::size_t size) {
      const std::size_t begin = workspace_size;
      workspace_size += (size + 7) / 8 * 8;
      return begin;
    };
    shape.input = allocate(std::size_t(architecture.n_inputs) * block_points);
    for (unsigned int l = 1; l <= architecture.n_layers(); ++l)
      {
        internal::LayerLayout layer;
        layer.n_inputs  = architecture.width(l - 1);
        layer.n_outputs = architecture.width(l);
        const std::size_t n_weights =
          std::size_t(layer.n_inputs) * layer.n_outputs;
        const std::size_t n_values =
          std::size_t(layer.n_outputs) * block_points;
        const bool is_hidden     = l < architecture.n_layers();
        layer.weights            = allocate(n_weights);
        layer.transposed_weights = l > 1 ? allocate(n_weights) : 0;
        layer.bias               = allocate(layer.n_outputs);
        layer.z                  = allocate(n_values * n_channels);
        layer.a = is_hidden ? allocate(n_values * n_channels) : 0;
        layer.auxiliary =
          is_hidden && architecture.activation != Activation::tanh
            ? allocate(n_values)
            : 0;
        layer.weight_gradient = allocate(n_weights * engine.n_lanes);
        layer.bias_gradient =
          allocate(std::size_t(layer.n_outputs) * engine.n_lanes);
        layers.push_back(layer);
      }
    for (std::size_t &adjoint : shape.adjoint)
      adjoint = allocate(std::size_t(widest) * n_channels * block_points);

    shape.n_layers              = architecture.n_layers();
    shape.n_coordinates         = architecture.n_inputs;
    shape.n_channels            = n_channels;
    shape.max_order             = derivatives.max_order();
    shape.coordinate_of_channel = coordinate_of_channel.data();
    shape.input_slope           = input_slope.data();
    shape.n_chain_terms         = chain_terms.size();
    shape.chain_terms           = chain_terms.data();
    shape.activation            = static_cast<int>(architecture.activation);
    shape.softplus_beta         = architecture.softplus_beta;
    shape.layers                = layers.data();
  }



  JetPlan::JetPlan(const Architecture  &architecture,
                   const Scaling       &scaling,
                   const DerivativeSet &derivatives)
    : implementation(std::make_unique<const Implementation>(architecture,
                                                            scaling,
                                                            derivatives))
  {
  }



  JetPlan::JetPlan(JetPlan &&) noexcept = default;



  JetPlan::~JetPlan() = default;



  const DerivativeSet &
  JetPlan::derivative_set() const
  {
    return implementation->derivatives;
  }



  std::string
  JetPlan::instruction_set() const
  {
    return implementation->engine.name;
  }



  JetPlan::Workspace::Workspace(const JetPlan &plan)
  {
    const Implementation &i = *plan.implementation;
    numbers.resize(i.workspace_size, 0.);
    const std::size_t n_jets = std::size_t(i.architecture.n_outputs) *
                               i.derivatives.size() * i.block_points;
    jets.resize(n_jets, 0.);
    jet_adjoints.resize(n_jets, 0.);
  }



  std::size_t
  JetPlan::Workspace::memory_consumption() const
  {
    return numbers.memory_consumption() + jets.memory_consumption() +
           jet_adjoints.memory_consumption();
  }



  void
  JetPlan::set_parameters(const Vector<double> &parameters,
                          Workspace            &workspace) const
  {
    AssertDimension(parameters.size(),
                    implementation->architecture.n_parameters());
    implementation->engine.set_parameters(
      implementation->shape, parameters.begin(), workspace.numbers.data());
  }



  void
  JetPlan::fill_inputs(const double      *points,
                       const unsigned int n_points,
                       const unsigned int n_panels,
                       Workspace         &workspace) const
  {
    const Implementation &i     = *implementation;
    const unsigned int    dim   = i.architecture.n_inputs;
    const unsigned int    panel = i.engine.panel_size;
    double *const         input = workspace.numbers.data() + i.shape.input;
    for (unsigned int k = 0; k < n_panels * panel; ++k)
      for (unsigned int d = 0; d < dim; ++d)
        // the padding repeats the last point: any valid one will do
        input[(std::size_t(k / panel) * dim + d) * panel + k % panel] =
          (points[std::size_t(std::min(k, n_points - 1)) * dim + d] -
           i.scaling.input_shift[d]) *
          i.input_slope[d];
  }



  void
  JetPlan::read_jets(const unsigned int n_panels, Workspace &workspace) const
  {
    const Implementation &i          = *implementation;
    const unsigned int    panel      = i.engine.panel_size;
    const unsigned int    n_channels = i.shape.n_channels;
    const unsigned int    n_outputs  = i.architecture.n_outputs;
    const double         *in = workspace.numbers.data() + i.layers.back().z;
    for (unsigned int p = 0; p < n_panels; ++p)
      for (unsigned int c = 0; c < n_channels; ++c)
        for (unsigned int o = 0; o < n_outputs; ++o, in += panel)
          {
            const unsigned int entry  = o * n_channels + c;
            const double       factor = i.output_factor[entry];
            const double  shift = (c == 0 ? i.scaling.output_shift[o] : 0.);
            double *const out   = workspace.jets.data() +
                                std::size_t(entry) * i.block_points + p * panel;
            for (unsigned int k = 0; k < panel; ++k)
              out[k] = factor * in[k] + shift;
          }
  }



  void
  JetPlan::write_adjoints(const unsigned int n_points,
                          const unsigned int n_panels,
                          Workspace         &workspace) const
  {
    const Implementation &i          = *implementation;
    const unsigned int    panel      = i.engine.panel_size;
    const unsigned int    n_channels = i.shape.n_channels;
    const unsigned int    n_outputs  = i.architecture.n_outputs;
    double               *out = workspace.numbers.data() + i.shape.adjoint[0];
    for (unsigned int p = 0; p < n_panels; ++p)
      for (unsigned int c = 0; c < n_channels; ++c)
        for (unsigned int o = 0; o < n_outputs; ++o, out += panel)
          {
            const unsigned int  entry  = o * n_channels + c;
            const double        factor = i.output_factor[entry];
            const double *const in     = workspace.jet_adjoints.data() +
                                     std::size_t(entry) * i.block_points +
                                     p * panel;
            for (unsigned int k = 0; k < panel; ++k)
              out[k] = (p * panel + k < n_points ? factor * in[k] : 0.);
          }
  }



  template <typename BlockFunction>
  void
  JetPlan::for_each_block(const ArrayView<const double> &points,
                          Workspace                     &workspace,
                          const BlockFunction           &function) const
  {
    const Implementation &i   = *implementation;
    const unsigned int    dim = i.architecture.n_inputs;
    AssertDimension(points.size() % dim, 0);
    const unsigned int n_points = points.size() / dim;
    for (unsigned int first = 0; first < n_points; first += i.block_points)
      {
        const unsigned int n = std::min(i.block_points, n_points - first);
        const unsigned int n_panels =
          (n + i.engine.panel_size - 1) / i.engine.panel_size;
        fill_inputs(
          points.data() + std::size_t(first) * dim, n, n_panels, workspace);
        i.engine.forward(i.shape, n_panels, workspace.numbers.data());
        read_jets(n_panels, workspace);
        function(
          first,
          n_panels,
          JetBlock(
            workspace.jets.data(), n, i.block_points, i.shape.n_channels));
      }
  }



  void
  JetPlan::evaluate(const ArrayView<const double> &points,
                    Workspace                     &workspace,
                    const JetConsumer             &consumer) const
  {
    for_each_block(points,
                   workspace,
                   [&](const unsigned int first,
                       const unsigned int,
                       const JetBlock &jets) { consumer(first, jets); });
  }



  void
  JetPlan::add_gradient(const ArrayView<const double> &points,
                        Workspace                     &workspace,
                        const JetLoss                 &loss,
                        Vector<double>                &gradient) const
  {
    const Implementation &i = *implementation;
    AssertDimension(gradient.size(), i.architecture.n_parameters());
    for_each_block(points,
                   workspace,
                   [&](const unsigned int first,
                       const unsigned int n_panels,
                       const JetBlock    &jets) {
                     workspace.jet_adjoints.fill(0.);
                     loss(first,
                          jets,
                          JetBlock(workspace.jet_adjoints.data(),
                                   jets.n_points(),
                                   i.block_points,
                                   i.shape.n_channels));
                     write_adjoints(jets.n_points(), n_panels, workspace);
                     i.engine.backward(
                       i.shape, n_panels, workspace.numbers.data());
                   });
    i.engine.collect_gradient(
      i.shape, workspace.numbers.data(), gradient.begin());
  }
} // namespace derl
