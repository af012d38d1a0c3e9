// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Print what a model file holds.

#include <derl/base/collective.h>

#include <derl/network/surrogate.h>

#include <cmath>
#include <iomanip>
#include <iostream>

using namespace dealii;
using namespace derl;

namespace
{
  std::ostream &
  line(const std::string &name)
  {
    return std::cout << std::left << std::setw(20) << name << std::right;
  }



  std::string
  listed(const std::vector<std::string> &words)
  {
    std::string text;
    for (const std::string &word : words)
      text += (text.empty() ? "" : ", ") + word;
    return text;
  }



  void
  print_network(const Surrogate &surrogate)
  {
    const Architecture &network = surrogate.architecture;
    line("coordinates") << listed(surrogate.coordinates) << '\n';
    line("components") << listed(surrogate.components) << '\n';
    line("network") << network.n_inputs;
    for (const unsigned int n : network.hidden)
      std::cout << '-' << n;
    std::cout << '-' << network.n_outputs << ", "
              << to_string(network.activation) << ", "
              << surrogate.parameters.size() << " parameters\n";
    const std::string maps = describe_maps(surrogate);
    if (!maps.empty())
      line("maps") << maps << '\n';
    for (const auto &coefficient : surrogate.coefficients)
      line("coefficient") << coefficient.first << " = " << coefficient.second
                          << '\n';
  }



  void
  print_box(const std::string         &name,
            const Surrogate           &surrogate,
            const std::vector<double> &lower,
            const std::vector<double> &upper)
  {
    for (unsigned int d = 0; d < lower.size(); ++d)
      line(d == 0 ? name : "") << surrogate.coordinates[d] << " from "
                               << lower[d] << " to " << upper[d] << '\n';
  }



  void
  print_provenance(const Surrogate &surrogate)
  {
    const Provenance &provenance = surrogate.provenance;
    print_box(
      "trained in", surrogate, provenance.box_lower, provenance.box_upper);
    print_box(
      "meant for", surrogate, surrogate.domain_lower, surrogate.domain_upper);
    if (!provenance.reference.empty())
      line("reference") << provenance.reference << '\n';
    if (!provenance.optimizer.empty())
      line("optimizer") << provenance.optimizer << ", seed " << provenance.seed
                        << ", " << provenance.n_ranks << " ranks\n";
    for (const Provenance::Term &term : provenance.terms)
      line("term") << term.name << ", weight " << term.weight
                   << ", final value " << term.final_value << '\n';
    for (const auto &error : provenance.errors)
      line("measured") << error.first << " = " << error.second << '\n';
    if (!surrogate.verdict.text.empty())
      line("verdict") << surrogate.verdict.text << '\n';
    for (const auto &figure : surrogate.verdict.figures)
      line("") << figure.first << " = " << figure.second << '\n';
    line("written with") << "DERL " << provenance.derl_version << ", deal.II "
                         << provenance.deal_ii_version << '\n';
  }
} // namespace



int
main(int argc, char **argv)
{
  return run_program(argc, argv, [&](const MPI_Comm &communicator) {
    if (argc != 2 || argv[1] == std::string("--help"))
      {
        if (Utilities::MPI::this_mpi_process(communicator) == 0)
          std::cout << "Usage: derl-info MODEL\n\n"
                       "Prints what a model file holds: coordinates and "
                       "components, the network, where it was\ntrained and on "
                       "what, and how good it was found to be.\n";
        if (argc == 2)
          return;
        throw AgreedError("Give one model file.");
      }
    const Surrogate surrogate = load(communicator, argv[1]);
    if (Utilities::MPI::this_mpi_process(communicator) == 0)
      {
        print_network(surrogate);
        print_provenance(surrogate);
      }
  });
}
