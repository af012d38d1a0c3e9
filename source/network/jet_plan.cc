// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/surrogate.h>

#include <deal.II/base/exceptions.h>

#include "jet_plan_blocks.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    const Surrogate &
    checked(const Surrogate &surrogate)
    {
      surrogate.check();
      return surrogate;
    }
  } // namespace



  JetPlan::JetPlan(const Architecture  &architecture,
                   const Scaling       &scaling,
                   const DerivativeSet &derivatives,
                   const Algorithm      algorithm,
                   const Precision      precision)
    : implementation(
        std::make_unique<const Implementation>(architecture,
                                               scaling,
                                               InputMap(),
                                               OutputMap(),
                                               std::vector<unsigned int>(),
                                               derivatives,
                                               algorithm,
                                               precision))
  {
  }



  JetPlan::JetPlan(const Surrogate     &surrogate,
                   const DerivativeSet &derivatives,
                   const Algorithm      algorithm,
                   const Precision      precision)
    : implementation(
        std::make_unique<const Implementation>(checked(surrogate).architecture,
                                               surrogate.scaling,
                                               surrogate.input_map,
                                               surrogate.output_map,
                                               surrogate.fixed_layers,
                                               derivatives,
                                               algorithm,
                                               precision))
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
    return implementation->instruction_set;
  }



  JetPlan::Workspace::Workspace() = default;



  JetPlan::Workspace::Workspace(const JetPlan     &plan,
                                const unsigned int n_threads)
    : slots(n_threads)
  {
    AssertThrow(n_threads > 0, ExcMessage("An evaluation needs a thread."));
    const Implementation &i = *plan.implementation;
    for (Slot &slot : slots)
      {
        if (i.precision == Precision::double_precision)
          slot.doubles.resize(i.workspace_size, 0.);
        else
          slot.floats.resize(i.workspace_size, 0.f);
        slot.jets.resize(i.n_jets(), 0.);
        slot.jet_changes.resize(i.n_jets(), 0.);
        slot.network_jets.resize(i.n_network_jets(), 0.);
        slot.sums.resize(i.n_sums, 0.);
        if (i.jet_map)
          slot.map_scratch = i.jet_map->make_scratch();
      }
  }



  JetPlan::Workspace::Workspace(const Workspace &other) = default;



  JetPlan::Workspace::Workspace(Workspace &&) noexcept = default;



  JetPlan::Workspace &
  JetPlan::Workspace::operator=(Workspace &&) noexcept = default;



  JetPlan::Workspace::~Workspace() = default;



  std::size_t
  JetPlan::Workspace::memory_consumption() const
  {
    std::size_t bytes = 0;
    for (const Slot &slot : slots)
      bytes +=
        slot.doubles.memory_consumption() + slot.floats.memory_consumption() +
        slot.jets.memory_consumption() + slot.jet_changes.memory_consumption() +
        slot.network_jets.memory_consumption() +
        slot.map_scratch.memory_consumption() + slot.sums.memory_consumption();
    return bytes;
  }



  void
  JetPlan::check_workspace(const Workspace &workspace) const
  {
    const Implementation &i = *implementation;
    for (const Workspace::Slot &slot : workspace.slots)
      AssertThrow((i.precision == Precision::double_precision
                     ? slot.doubles.size()
                     : slot.floats.size()) == i.workspace_size &&
                    slot.sums.size() == i.n_sums &&
                    slot.jets.size() == i.n_jets() &&
                    slot.network_jets.size() == i.n_network_jets(),
                  ExcMessage("This workspace was made for another plan."));
    AssertThrow(!workspace.slots.empty(),
                ExcMessage("This workspace was made without a plan."));
  }



  void
  JetPlan::set_parameters(const Vector<double> &parameters,
                          Workspace            &workspace) const
  {
    const Implementation &i = *implementation;
    AssertDimension(parameters.size(), i.architecture.n_parameters());
    check_workspace(workspace);
    i.with_number([&](auto zero) {
      using Number = decltype(zero);
      for (Workspace::Slot &slot : workspace.slots)
        i.engine<Number>().set_parameters(
          i.shape, parameters.begin(), slot.numbers<Number>());
    });
  }



  JetBlock
  JetPlan::view(double *jets, const unsigned int n_points) const
  {
    return JetBlock(jets,
                    n_points,
                    implementation->block_points,
                    implementation->derivatives.size());
  }



  void
  JetPlan::evaluate(const ArrayView<const double> &points,
                    Workspace                     &workspace,
                    const JetConsumer             &consumer) const
  {
    const Implementation &i = *implementation;
    for_each_block(points, workspace, [&](const auto &block) {
      block.engine.forward(i.shape, block.n_panels, block.numbers);
      read_jets(block, block.slot.jets.data());
      consumer(block.first, view(block.slot.jets.data(), block.n_points));
    });
  }



  void
  JetPlan::add_gradient(const ArrayView<const double> &points,
                        Workspace                     &workspace,
                        const JetLoss                 &loss,
                        Vector<double>                &gradient) const
  {
    const Implementation &i = *implementation;
    AssertDimension(gradient.size(), i.architecture.n_parameters());
    check_workspace(workspace);
    for (Workspace::Slot &slot : workspace.slots)
      slot.sums.fill(0.);
    for_each_block(points, workspace, [&](const auto &block) {
      Workspace::Slot &slot = block.slot;
      block.engine.forward(i.shape, block.n_panels, block.numbers);
      read_jets(block, slot.jets.data());
      slot.jet_changes.fill(0.);
      loss(block.first,
           view(slot.jets.data(), block.n_points),
           view(slot.jet_changes.data(), block.n_points));
      write_adjoints(block, slot.jet_changes.data());
      block.engine.backward(
        i.shape, block.n_panels, block.numbers, slot.sums.data());
    });
    for (const Workspace::Slot &slot : workspace.slots)
      i.with_number([&](auto zero) {
        i.engine<decltype(zero)>().add_sums(
          i.shape, slot.sums.data(), gradient.begin());
      });
  }
} // namespace derl
