// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Bratu's equation, Laplace(u) + exp(u) = 0, from its residual and boundary
// values alone: no mesh, no solver. A residual is a lambda of some derivatives.

#include <derl/derl.h>
#include <derl/equations/sacado_residual.h>

#include <iostream>
#include <memory>

using namespace dealii;

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const MPI_Comm                   comm = MPI_COMM_WORLD;
  const ConditionalOStream         out(std::cout, Utilities::MPI::this_mpi_process(comm) == 0);

  // Liouville's solution
  const ScalarFunctionFromFunctionObject<2> exact(
    [](const Point<2> &x) { return std::log(8.) - 2 * std::log(1. + x.square()); });

  // the equation needs points only, the boundary condition values
  const Point<2> lower(0, 0), upper(1, 1);
  const auto     points = std::make_shared<const derl::Samples>(
    derl::sample_function(comm, exact, derl::random_points(lower, upper, 500, 1), {}));
  const auto boundary = std::make_shared<const derl::Samples>(derl::sample_function(
    comm, exact, derl::boundary_grid_points(lower, upper, 21), {derl::jet_values}));

  const auto bratu = derl::residual(
    {"u", "u_xx", "u_yy"}, [](const auto &jet, const auto & /*columns*/, const auto & /*point*/) {
      const auto &[u, u_xx, u_yy] = jet;
      using std::exp;
      return derl::rows(u_xx + u_yy + exp(u));
    });

  derl::Surrogate          surrogate(derl::NetworkParameters(), {"x", "y"}, {"u"});
  derl::TrainingParameters parameters;
  parameters.stopping.max_iterations = 1000;
  derl::Trainer trainer(surrogate, parameters, comm, out);
  trainer.add_term("equation", points, bratu);
  trainer.add_term("boundary", boundary, derl::match({"u"}));
  trainer.train();

  // at points that training has not seen
  const auto others = derl::random_points(lower, upper, 1000, 2);
  const auto unseen = std::make_shared<const derl::Samples>(
    derl::sample_function(comm, exact, others, {derl::jet_values}));
  const double residual = derl::residual_rms(comm, surrogate, unseen, bratu);
  const double error    = derl::mismatch(comm, surrogate, *unseen).columns[0].max;
  out << "root mean square of the residual: " << residual << std::endl
      << "largest error: " << error << std::endl;
}
