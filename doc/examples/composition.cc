// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Two teachers of two physics, one student of both. The first teacher knows reaction
// and diffusion, u_t = 0.05 u_xx + u - u^3, the second one transport, u_t = -b(x) u_x.
// A solution of both is a solution of neither, so there is no value or derivative to be
// copied; but their rates add. Each teacher is a network for its rate as a function of
// what the rate depends on, trained with derivatives. The student sees no equation: its
// residual is u_t minus what the teachers say for its present state. The judge is
// a finite element solution of the coupled equation.

#include <derl/derl.h>

#include <deal.II/base/function_parser.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <iostream>
#include <memory>

using namespace dealii;

constexpr double diffusion = 0.05, pi = numbers::PI;

double field(const double x) { return 0.5 + 0.5 * std::cos(pi * x); }
double initial(const double x) { return 0.6 * std::cos(pi * x) + 0.4 * std::sin(pi * x / 2.); }

const std::vector<double> times = {0., 0.2, 0.4, 0.6, 0.8, 1.};

// elements of degree four, with the Gauss-Lobatto rule, so that the mass matrix is diagonal,
// and tiny time steps; no flux through the ends
std::pair<std::vector<Point<1>>, derl::Samples>
finite_elements(const unsigned int n_cells)
{
  Triangulation<1> mesh;
  GridGenerator::subdivided_hyper_cube(mesh, n_cells, -1., 1.);
  const MappingQ1<1> mapping;
  const FE_Q<1>      fe(4);
  DoFHandler<1>      dof_handler(mesh);
  dof_handler.distribute_dofs(fe);
  const unsigned int    n = dof_handler.n_dofs();
  std::vector<Point<1>> nodes(n);
  DoFTools::map_dofs_to_support_points(mapping, dof_handler, nodes);

  FullMatrix<double> matrix(n, n);
  Vector<double>     mass(n);
  FEValues<1>        values(mapping, fe, QGaussLobatto<1>(5),
                            update_values | update_gradients | update_JxW_values |
                              update_quadrature_points);
  std::vector<types::global_dof_index> dofs(fe.dofs_per_cell);
  for (const auto &cell : dof_handler.active_cell_iterators())
    {
      values.reinit(cell);
      cell->get_dof_indices(dofs);
      for (const unsigned int q : values.quadrature_point_indices())
        for (const unsigned int i : values.dof_indices())
          {
            mass(dofs[i]) += values.shape_value(i, q) * values.JxW(q);
            for (const unsigned int j : values.dof_indices())
              matrix(dofs[i], dofs[j]) -=
                (diffusion * values.shape_grad(i, q)[0] +
                 field(values.quadrature_point(q)[0]) * values.shape_value(i, q)) *
                values.shape_grad(j, q)[0] * values.JxW(q);
          }
    }
  std::vector<double>         start;
  std::vector<derl::JetEntry> columns;
  for (unsigned int i = 0; i < n; ++i)
    {
      start.push_back(initial(nodes[i][0]));
      columns.push_back({i, {0}});
    }
  const auto rate = [&](const double, const Vector<double> &u, Vector<double> &u_t) {
    matrix.vmult(u_t, u);
    for (unsigned int i = 0; i < n; ++i)
      u_t(i) = u_t(i) / mass(i) + u(i) - u(i) * u(i) * u(i);
  };
  return {nodes, derl::sample_trajectories({n, rate}, {start}, times, columns)};
}

// a network for a rate that depends on two quantities between -1 and 1 times limits,
// which in the formula are x and y
std::shared_ptr<derl::Surrogate>
teacher(const std::vector<std::string> &inputs, const Point<2> &limits, const std::string &formula)
{
  const FunctionParser<2> rate(formula, "pi=3.14159265358979323846");
  const auto samples = std::make_shared<const derl::Samples>(
    derl::sample_function(MPI_COMM_SELF, rate, derl::random_points<2>(-limits, limits, 500, 1),
                          {derl::jet_values, derl::jet_gradients}));
  derl::NetworkParameters network;
  network.hidden = {10, 10};
  const auto result = std::make_shared<derl::Surrogate>(network, inputs, std::vector<std::string>{"rate"});
  derl::TrainingParameters parameters;
  parameters.optimizer.method        = "Levenberg-Marquardt";
  parameters.stopping.max_iterations = 200;
  derl::Trainer trainer(*result, parameters, MPI_COMM_SELF, ConditionalOStream(std::cout, false));
  trainer.add_term("gradient", samples, derl::match({1u}));
  trainer.add_term("value", samples, derl::match({"rate"}));
  trainer.train();
  return result;
}

// the rate of a teacher and its derivatives with respect to both inputs
class Rate
{
public:
  Rate(const derl::Surrogate &teacher, const std::string &x, const std::string &y)
    : evaluator(teacher, {"rate", "rate_" + x, "rate_" + y})
    , workspace(evaluator)
  {}

  std::array<double, 3>
  operator()(const double x, const double y)
  {
    std::array<double, 3>       result;
    const std::array<double, 2> point = {{x, y}};
    evaluator.evaluate(make_array_view(point.begin(), point.end()), workspace,
                       make_array_view(result.begin(), result.end()));
    return result;
  }

private:
  derl::Evaluator            evaluator;
  derl::Evaluator::Workspace workspace;
};

// the root mean square of u at the nodes and times, relative to that of the judge's
double
error(const derl::Surrogate &student, const std::vector<Point<1>> &nodes, const derl::Samples &judge)
{
  const derl::Evaluator      evaluator(student, {"u"});
  derl::Evaluator::Workspace workspace(evaluator);
  double                     square = 0., size = 0.;
  for (unsigned int k = 0; k < times.size(); ++k)
    for (unsigned int i = 0; i < nodes.size(); ++i)
      {
        const std::array<double, 2> point = {{nodes[i][0], times[k]}};
        std::array<double, 1>       u;
        evaluator.evaluate(make_array_view(point.begin(), point.end()), workspace,
                           make_array_view(u.begin(), u.end()));
        square += std::pow(u[0] - judge.observations(k)[i], 2);
        size += std::pow(judge.observations(k)[i], 2);
      }
  return std::sqrt(square / size);
}

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const unsigned int               n_iterations = argc > 1 ? std::stoi(argv[1]) : 120;

  const auto [nodes, judge]       = finite_elements(24);
  const auto [few_nodes, coarser] = finite_elements(12);
  double difference = 0.;
  for (unsigned int i = 0; i < nodes.size(); ++i)
    for (unsigned int j = 0; j < few_nodes.size(); ++j)
      if (nodes[i].distance(few_nodes[j]) < 1e-12)
        difference = std::max(difference, std::abs(judge.observations(times.size() - 1)[i] -
                                                   coarser.observations(times.size() - 1)[j]));
  std::cout << "finite elements: half as many cells change them by " << difference << std::endl;

  const auto reaction_teacher  = teacher({"u", "w"}, {1.2, 20.}, "0.05*y + x - x^3");
  const auto transport_teacher = teacher({"x", "p"}, {1., 4.}, "-(0.5 + 0.5*cos(pi*x))*y");
  Rate reaction(*reaction_teacher, "u", "w"), transport(*transport_teacher, "x", "p");

  derl::Samples start(2, derl::jet_entries_of_orders(2, 1, {0}), "initial values");
  derl::Samples ends(2, {}, "ends"), inside(2, {}, "points");
  for (int i = 0; i <= 100; ++i)
    {
      const double x = -1. + 0.02 * i;
      start.add(std::vector<double>{x, 0.}, std::vector<double>{initial(x)}, 1.);
      for (const double end : {-1., 1.})
        ends.add(std::vector<double>{end, 0.01 * i}, std::vector<double>{}, 1.);
    }
  for (const Point<2> &p : derl::random_points<2>({-1., 0.}, {1., 1.}, 800, 1))
    inside.add(std::vector<double>{p[0], p[1]}, std::vector<double>{}, 1.);

  // how much of each teacher's rate the student is told; how far its states are from
  // those that the teachers know is what their rates are worth
  const auto learn = [&](const std::string &who, const bool has_reaction, const bool has_transport) {
    double largest_w = 0., largest_p = 0.;
    const auto rate = derl::residual_with_derivatives<1>(
      {"u", "u_t", "u_x", "u_xx"},
      [&](const auto &jet, const auto & /*columns*/, const auto &point, auto &derivatives) {
        largest_w = std::max(largest_w, std::abs(jet[3]));
        largest_p = std::max(largest_p, std::abs(jet[2]));
        const auto r = reaction(jet[0], jet[3]);
        const auto s = transport(point[0], jet[2]);
        const double a = has_reaction, b = has_transport;
        derivatives[0] = {{-a * r[1], 1., -b * s[2], -a * r[2]}};
        return std::array<double, 1>{{jet[1] - a * r[0] - b * s[0]}};
      });
    derl::NetworkParameters network;
    network.hidden = {16, 16};
    derl::Surrogate          student(network, {"x", "t"}, {"u"});
    derl::TrainingParameters parameters;
    parameters.optimizer.method        = "Levenberg-Marquardt";
    parameters.stopping.max_iterations = n_iterations;
    derl::Trainer trainer(student, parameters, MPI_COMM_SELF, ConditionalOStream(std::cout, false));
    trainer.add_term("rate", std::make_shared<const derl::Samples>(inside), rate);
    trainer.add_term("start", std::make_shared<const derl::Samples>(start), derl::match({"u"}), 10.);
    trainer.add_term("ends", std::make_shared<const derl::Samples>(ends),
      derl::residual_with_derivatives<1>({"u_x"},
        [](const auto &jet, const auto & /*columns*/, const auto & /*point*/, auto &derivatives) {
          derivatives[0] = {{1.}};
          return std::array<double, 1>{{jet[0]}};
        }));
    trainer.train();
    std::cout << who << ": " << error(student, nodes, judge) << ", largest u_xx " << largest_w
              << ", u_x " << largest_p << std::endl;
  };
  learn("both teachers", true, true);
  learn("reaction and diffusion", true, false);
  learn("transport", false, true);
}
