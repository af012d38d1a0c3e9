// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/jet_plan.h>

#include <deal.II/base/exceptions.h>

#include "jet_plan_blocks.h"

namespace derl
{
  using namespace dealii;

  JetPlan::JetPlan(const Architecture  &architecture,
                   const Scaling       &scaling,
                   const DerivativeSet &derivatives,
                   const Algorithm      algorithm,
                   const Precision      precision)
    : implementation(std::make_unique<const Implementation>(architecture,
                                                            scaling,
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
    const Implementation &i      = *plan.implementation;
    const std::size_t     n_jets = std::size_t(i.architecture.n_outputs) *
                               i.derivatives.size() * i.block_points;
    for (Slot &slot : slots)
      {
        if (i.precision == Precision::double_precision)
          slot.doubles.resize(i.workspace_size, 0.);
        else
          slot.floats.resize(i.workspace_size, 0.f);
        slot.jets.resize(n_jets, 0.);
        slot.jet_changes.resize(n_jets, 0.);
        slot.sums.resize(i.n_sums, 0.);
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
        slot.sums.memory_consumption();
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
                    slot.sums.size() == i.n_sums,
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
                    implementation->places.size());
  }



  void
  JetPlan::evaluate(const ArrayView<const double> &points,
                    Workspace                     &workspace,
                    const JetConsumer             &consumer) const
  {
    const Implementation &i = *implementation;
    for_each_block(points, workspace, [&](const auto &block) {
      block.engine.forward(i.shape, block.n_panels, block.numbers);
      read_jets(block.n_panels, block.numbers, 0, block.slot.jets.data());
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
      read_jets(block.n_panels, block.numbers, 0, slot.jets.data());
      slot.jet_changes.fill(0.);
      loss(block.first,
           view(slot.jets.data(), block.n_points),
           view(slot.jet_changes.data(), block.n_points));
      write_adjoints(
        block.n_points, block.n_panels, slot.jet_changes.data(), block.numbers);
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
