// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Groups of ranks that solve for different parameters must take the same
// samples as one rank alone, on any grid of ranks, and teach the same student;
// a group without parameters has an empty table of the same columns.

#include <derl/data/sampling.h>

#include <derl/program/training_run.h>

#include <derl/training/trainer.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/function_lib.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_handler.h>
#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/trilinos_vector.h>

#include <deal.II/numerics/vector_tools.h>

#include <cmath>
#include <memory>
#include <sstream>

#include "../check.h"

namespace test_parameter_groups
{
using namespace dealii;
using namespace derl;

/**
 * The samples of "solutions" exp(-mu x) cos(y) for mu = 1, 2, ...
 */
Samples
take(const ParameterGroups &groups, const unsigned int n_parameters)
{
  const MPI_Comm &communicator = groups.mesh_communicator();
  parallel::distributed::Triangulation<2> mesh(communicator);
  GridGenerator::hyper_cube(mesh);
  mesh.refine_global(2);
  DoFHandler<2> dof_handler(mesh);
  const FE_Q<2> fe(2);
  MappingQ1<2>  mapping;
  dof_handler.distribute_dofs(fe);
  IndexSet relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);

  std::unique_ptr<Samples> mine;
  groups.for_each(n_parameters, [&](const unsigned int i) {
    const double                        mu = 1. + i;
    ScalarFunctionFromFunctionObject<2> exact([mu](const Point<2> &x) {
      return std::exp(-mu * x[0]) * std::cos(x[1]);
    });
    using VectorType = TrilinosWrappers::MPI::Vector;
    VectorType owned(dof_handler.locally_owned_dofs(), communicator);
    VectorTools::interpolate(mapping, dof_handler, exact, owned);
    VectorType solution(
      dof_handler.locally_owned_dofs(), relevant, communicator);
    solution = owned;
    const Samples samples =
      sample(mapping,
             dof_handler,
             Snapshot<VectorType>(solution, {mu}),
             QGauss<2>(2),
             SampleRequest<2>({jet_values, jet_gradients}));
    if (mine == nullptr)
      mine = std::make_unique<Samples>(samples);
    else
      mine->append(samples);
  });
  return groups.join(mine.get());
}



/**
 * The losses of the first ten iterations of a student.
 */
std::vector<double>
losses(const MPI_Comm &communicator, const Samples &samples)
{
  NetworkParameters options;
  options.hidden = {6};
  Surrogate          student(options, {"x", "y", "mu"}, {"u"});
  TrainingParameters parameters;
  parameters.optimizer.method        = "L-BFGS";
  parameters.stopping.max_iterations = 10;
  std::ostringstream log;
  Trainer            trainer(
    student, parameters, communicator, ConditionalOStream(log, false));
  trainer.add_term("gradient",
                   std::make_shared<const Samples>(samples),
                   match({"u_x", "u_y"}));
  std::vector<double> values;
  trainer.observe(
    [&](const IterationState &state) { values.push_back(state.value); });
  trainer.train();
  return values;
}



/**
 * Number, and sums that no order and no distribution of samples changes.
 */
std::vector<double>
moments(const MPI_Comm &communicator, const Samples &samples)
{
  std::vector<double> sums(7, 0.);
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      const double *const       point = samples.point(i);
      const double              w     = samples.weight(i);
      const std::vector<double> each  = {
         1.,
         w,
         w * point[0] * point[2],
         w * point[1] * point[2] * point[2],
         w * samples.observations(i)[0],
         w * samples.observations(i)[1] * point[2],
         w * samples.observations(i)[2] * point[0]};
      for (unsigned int k = 0; k < sums.size(); ++k)
        sums[k] += each[k];
    }
  Utilities::MPI::sum(sums, communicator, sums);
  return sums;
}



double
difference(const std::vector<double> &a, const std::vector<double> &b)
{
  double result = a.size() == b.size() ? 0. : 1.;
  for (unsigned int i = 0; i < std::min(a.size(), b.size()); ++i)
    result = std::max(result, std::abs(a[i] - b[i]) / std::abs(b[i]));
  return result;
}



void
check_students()
{
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  const ParameterGroups alone(MPI_COMM_SELF, 1);
  const Samples         expected   = take(alone, 5);
  double                of_moments = 0., of_losses = 0.;
  bool                  has_columns = true;
  for (unsigned int n_groups = 1; n_groups <= n_ranks; ++n_groups)
    {
      const ParameterGroups groups(MPI_COMM_WORLD, n_groups);
      const Samples         samples = take(groups, 5);
      of_moments                    = std::max(of_moments,
                            difference(moments(MPI_COMM_WORLD, samples),
                                       moments(MPI_COMM_SELF, expected)));
      of_losses                     = std::max(of_losses,
                           difference(losses(MPI_COMM_WORLD, samples),
                                      losses(MPI_COMM_SELF, expected)));
      // some groups have nothing to do
      const Samples few = take(groups, 1);
      has_columns       = has_columns && few.columns() == expected.columns() &&
                    few.n_coordinates() == 3 &&
                    few.origin() == expected.origin() &&
                    (groups.group() == 0 || few.size() == 0);
      of_losses = std::max(of_losses,
                           difference(losses(MPI_COMM_WORLD, few),
                                      losses(MPI_COMM_SELF, take(alone, 1))));
    }
  check("the same samples", of_moments, 1e-12);
  check("the same students", of_losses, 1e-9);
  check("columns without parameters", has_columns);
}



void
check_errors()
{
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  for (const unsigned int n_groups : {0u, n_ranks + 1})
    {
      bool is_refused = false;
      try
        {
          ParameterGroups(MPI_COMM_WORLD, n_groups);
        }
      catch (const AgreedError &)
        {
          is_refused = true;
        }
      check("a wrong number of groups", is_refused);
    }
  const ParameterGroups groups(MPI_COMM_WORLD, n_ranks);
  expect_error("a solver that fails in one group", [&]() {
    groups.for_each(n_ranks, [&](const unsigned int i) {
      AssertThrow(i + 1 < n_ranks, ExcMessage("No convergence."));
    });
  });
  expect_error("no parameters", [&]() { groups.join(nullptr); });
}



DERL_TEST(parameter_groups)
{
  initlog();
  check_students();
  check_errors();
}
} // namespace test_parameter_groups
