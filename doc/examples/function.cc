// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A function is learned from its gradient at random points and its value at one
// point. The network then also has second derivatives, which were not given.

#include <derl/derl.h>

#include <iostream>
#include <memory>

using namespace dealii;

// any Function that knows its gradient
class Wave : public Function<2>
{
public:
  double
  value(const Point<2> &x, const unsigned int) const override
  {
    return std::exp(x[0]) * std::sin(2 * x[1]);
  }

  Tensor<1, 2>
  gradient(const Point<2> &x, const unsigned int) const override
  {
    return std::exp(x[0]) * Point<2>(std::sin(2 * x[1]), 2 * std::cos(2 * x[1]));
  }
};

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const MPI_Comm                   comm = MPI_COMM_WORLD;
  const ConditionalOStream         out(std::cout, Utilities::MPI::this_mpi_process(comm) == 0);

  const Wave f;
  const auto gradients = std::make_shared<const derl::Samples>(
    derl::sample_function(comm, f, derl::random_points<2>({-1, -1}, {1, 1}, 500, 1),
                          {derl::jet_gradients}));
  const auto value = std::make_shared<const derl::Samples>(
    derl::sample_function<2>(comm, f, {Point<2>(0, 0)}, {derl::jet_values}));

  derl::Surrogate          surrogate(derl::NetworkParameters(), {"x", "y"}, {"u"});
  derl::TrainingParameters parameters;
  parameters.stopping.max_iterations = 2000;
  derl::Trainer trainer(surrogate, parameters, comm, out);
  trainer.add_term("gradient", gradients, derl::match({"u_x", "u_y"}));
  trainer.add_term("value", value, derl::match({"u"}));
  trainer.train();

  const derl::SurrogateFunction<2> u(surrogate);
  double                           error = 0., laplacian_error = 0.;
  for (const Point<2> &x : derl::random_points<2>({-1, -1}, {1, 1}, 1000, 2))
    {
      error = std::max(error, std::abs(u.value(x) - f.value(x, 0)));
      // the Laplacian of f is -3 f
      laplacian_error = std::max(laplacian_error, std::abs(u.laplacian(x) + 3 * f.value(x, 0)));
    }
  out << "largest error of the value: " << error << std::endl
      << "largest error of the Laplacian: " << laplacian_error << std::endl;
}
