// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/jet_plan.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>

#include "jet_plan_implementation.h"

namespace derl
{
  using namespace dealii;

  JetPlan::JetPlan(const Architecture  &architecture,
                   const Scaling       &scaling,
                   const DerivativeSet &derivatives,
                   const Algorithm      algorithm)
    : implementation(std::make_unique<const Implementation>(architecture,
                                                            scaling,
                                                            derivatives,
                                                            algorithm))
  {
  }



  JetPlan::JetPlan(JetPlan &&) noexcept = default;



  JetPlan::~JetPlan() = default;



  const DerivativeSet &
  JetPlan::derivative_set() const
  {
    return implementation->derivatives;
  }



  unsigned int
  JetPlan::n_matrix_products() const
  {
    return 3 * (implementation->shape.n_channels +
                implementation->shape.n_collapsed_channels);
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
    const std::size_t     panel_stride =
      (1 + i.shape.n_collapsed_channels) * i.layers[0].input_stride;
    double *const input = workspace.numbers.data() + i.shape.input;
    for (unsigned int k = 0; k < n_panels * panel; ++k)
      for (unsigned int d = 0; d < dim; ++d)
        // the padding repeats the last point: any valid one will do
        input[(k / panel) * panel_stride + d * panel + k % panel] =
          (points[std::size_t(std::min(k, n_points - 1)) * dim + d] -
           i.scaling.input_shift[d]) *
          i.input_slope[d];
  }



  void
  JetPlan::read_jets(const unsigned int n_panels, Workspace &workspace) const
  {
    const Implementation &i     = *implementation;
    const unsigned int    panel = i.engine.panel_size;
    i.for_each_jet(n_panels,
                   workspace.numbers.data() + i.layers.back().z,
                   workspace.numbers.data() + i.shape.collapsed,
                   [&](const unsigned int  p,
                       const unsigned int  component,
                       const unsigned int  entry,
                       const double *const in) {
                     const double factor = i.scaling.output_scale[component];
                     const double shift =
                       entry == 0 ? i.scaling.output_shift[component] : 0.;
                     double *const out =
                       workspace.jets.data() +
                       (std::size_t(component) * i.places.size() + entry) *
                         i.block_points +
                       p * panel;
                     for (unsigned int k = 0; k < panel; ++k)
                       out[k] = factor * in[k] + shift;
                   });
  }



  void
  JetPlan::write_adjoints(const unsigned int n_points,
                          const unsigned int n_panels,
                          Workspace         &workspace) const
  {
    const Implementation &i     = *implementation;
    const unsigned int    panel = i.engine.panel_size;
    i.for_each_jet(
      n_panels,
      workspace.numbers.data() + i.shape.adjoint[0],
      workspace.numbers.data() + i.shape.collapsed_adjoint,
      [&](const unsigned int p,
          const unsigned int component,
          const unsigned int entry,
          double *const      out) {
        const double        factor = i.scaling.output_scale[component];
        const double *const in =
          workspace.jet_adjoints.data() +
          (std::size_t(component) * i.places.size() + entry) * i.block_points +
          p * panel;
        for (unsigned int k = 0; k < panel; ++k)
          out[k] = (p * panel + k < n_points ? factor * in[k] : 0.);
      });
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
          JetBlock(workspace.jets.data(), n, i.block_points, i.places.size()));
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
                                   i.places.size()));
                     write_adjoints(jets.n_points(), n_panels, workspace);
                     i.engine.backward(
                       i.shape, n_panels, workspace.numbers.data());
                   });
    i.engine.collect_gradient(
      i.shape, workspace.numbers.data(), gradient.begin());
  }
} // namespace derl
