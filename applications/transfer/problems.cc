// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "problems.h"

#include <derl/data/sources.h>

#include <derl/equations/sacado_residual.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/numbers.h>
#include <deal.II/base/utilities.h>

#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <sstream>

#include <korteweg_de_vries/fourier.h>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * At a point, the solution, its derivatives with respect to the first two
     * coordinates, and the force.
     */
    using Solution =
      std::function<std::array<double, 4>(const std::vector<double> &point)>;



    /**
     * A table of u, u_x, u_y, the force, and the number of a set of samples;
     * each rank keeps an equal share of the points.
     */
    class Table
    {
    public:
      Table(const MPI_Comm &communicator, const unsigned int n_coordinates)
        : rank(Utilities::MPI::this_mpi_process(communicator))
        , n_ranks(Utilities::MPI::n_mpi_processes(communicator))
        , samples(n_coordinates,
                  jet_entries(n_coordinates),
                  "exact solution",
                  {"force", "set"})
      {
      }

      void
      add(const std::vector<double> &point,
          const Solution            &solution,
          const double               set)
      {
        if (n_points++ % n_ranks != rank)
          return;
        const auto                  values    = solution(point);
        const std::array<double, 2> auxiliary = {{values[3], set}};
        samples.add(make_array_view(point),
                    ArrayView<const double>(values.data(), 3),
                    1.,
                    make_array_view(auxiliary.begin(), auxiliary.end()));
      }

      std::shared_ptr<const Samples>
      get() const
      {
        return std::make_shared<const Samples>(samples);
      }

    private:
      static std::vector<JetEntry>
      jet_entries(const unsigned int n_coordinates)
      {
        MultiIndex value(n_coordinates, 0), x = value, y = value;
        x[0] = 1;
        y[1] = 1;
        return {{0, value}, {0, x}, {0, y}};
      }

      const unsigned int rank, n_ranks;
      unsigned int       n_points = 0;
      Samples            samples;
    };



    std::shared_ptr<const Residual>
    equation(const double lambda)
    {
      return residual(
        {"u", "u_xx", "u_yy"},
        {"force"},
        [lambda](const auto &jet, const auto &columns, const auto &) {
          const auto &[u, u_xx, u_yy] = jet;
          return rows(lambda * (u_xx + u_yy) + u * u * u - u - columns[0]);
        });
    }



    /**
     * u = sin(pi x) sin(pi y), arXiv 2505.01391.
     */
    std::array<double, 4>
    stationary(const std::vector<double> &point)
    {
      constexpr double lambda = 0.01, pi = numbers::PI;
      const double sx = std::sin(pi * point[0]), cx = std::cos(pi * point[0]);
      const double sy = std::sin(pi * point[1]), cy = std::cos(pi * point[1]);
      const double u = sx * sy;
      return {{u,
               pi * cx * sy,
               pi * sx * cy,
               -2. * lambda * pi * pi * u + u * u * u - u}};
    }



    /**
     * The family of two parameters of arXiv 2505.01391.
     */
    std::array<double, 4>
    two_parameters(const std::vector<double> &point)
    {
      constexpr double      lambda = 0.1, pi = numbers::PI;
      std::array<double, 4> result{};
      double                laplacian = 0.;
      for (const int i : {1, 2})
        {
          const double factor = 0.5 * point[1 + i] / (i * i);
          const double sx     = std::sin(i * pi * point[0]),
                       cx     = std::cos(i * pi * point[0]),
                       sy     = std::sin(i * pi * point[1]),
                       cy     = std::cos(i * pi * point[1]);
          result[0] += factor * sx * sy;
          result[1] += factor * i * pi * cx * sy;
          result[2] += factor * i * pi * sx * cy;
          laplacian -= 2. * factor * i * i * pi * pi * sx * sy;
        }
      result[3] = lambda * laplacian + std::pow(result[0], 3) - result[0];
      return result;
    }



    std::vector<Point<2>>
    square_points(const unsigned int n, const unsigned int seed)
    {
      return random_points(Point<2>(-1., -1.), Point<2>(1., 1.), n, seed);
    }



    /**
     * The square in three stages, each with values at its whole boundary, as in
     * arXiv 2505.01391: the solution is zero on the lines between them.
     */
    TransferProblem
    allen_cahn_domain(const MPI_Comm    &communicator,
                      const unsigned int n_points,
                      const unsigned int seed)
    {
      TransferProblem result;
      result.description = "Allen-Cahn, a domain in three stages";
      result.coordinates = {"x", "y"};
      result.curriculum.regions =
        "x <= 0 and y <= 0 | x > 0 and y <= 0 | y > 0";
      result.curriculum.stages = "1 | 2 | 3";
      result.curriculum.terms  = "interior: equation; all sides: value";

      Table interior(communicator, 2), sides(communicator, 2),
        test(communicator, 2);
      for (const Point<2> &p : square_points(n_points, seed))
        interior.add({p[0], p[1]}, stationary, 0.);
      constexpr int n = 100;
      for (int i = -n; i <= n; ++i)
        {
          const double s = static_cast<double>(i) / n;
          for (const auto &point : std::vector<std::vector<double>>{
                 {-1., s}, {1., s}, {s, -1.}, {s, 1.}, {s, 0.}})
            sides.add(point, stationary, 0.);
          if (i <= 0)
            sides.add({0., s}, stationary, 0.);
          for (int j = -n; j <= n; ++j)
            test.add({s, static_cast<double>(j) / n}, stationary, 0.);
        }
      result.problem.samples   = {{"interior", interior.get()},
                                  {"sides", sides.get()}};
      result.problem.test      = test.get();
      result.problem.residuals = {{"equation", equation(0.01)}};
      return result;
    }



    /**
     * The square swept by ten strips from left to right, each with derivatives
     * of the solution: a strip alone has no boundary values on all sides.
     */
    TransferProblem
    allen_cahn_strips(const MPI_Comm    &communicator,
                      const unsigned int n_points,
                      const unsigned int seed)
    {
      TransferProblem result = allen_cahn_domain(communicator, n_points, seed);
      result.description     = "Allen-Cahn, a domain in ten strips";
      std::ostringstream regions;
      for (int i = 0; i < 10; ++i)
        regions << (i > 0 ? " | " : "") << "x > "
                << (i == 0 ? -2. : -1. + 0.2 * i)
                << " and x <= " << -1. + 0.2 * (i + 1);
      result.curriculum.regions = regions.str();
      result.curriculum.stages  = "1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10";
      result.curriculum.terms   = "interior: gradient; all sides: value";
      return result;
    }



    /**
     * Ten old and ten new pairs of parameters, and five for the test.
     */
    TransferProblem
    allen_cahn_parameters(const MPI_Comm    &communicator,
                          const unsigned int n_points,
                          const unsigned int seed)
    {
      const std::vector<std::array<double, 3>> pairs = {
        {{.136234, .544136, 1}}, {{.335242, .595438, 1}},
        {{.585694, .40669, 1}},  {{.6291, .734953, 1}},
        {{.515382, .472379, 1}}, {{.518176, .766855, 1}},
        {{.663048, .163651, 1}}, {{.93385, .089703, 1}},
        {{.644144, .380748, 1}}, {{.195771, .994194, 1}},
        {{.23518, .238986, 2}},  {{.991751, .235058, 2}},
        {{.555613, .37642, 2}},  {{.026624, .494149, 2}},
        {{.316133, .34625, 2}},  {{.386152, .744137, 2}},
        {{.834715, .366987, 2}}, {{.688344, .031131, 2}},
        {{.962608, .346662, 2}}, {{.902514, .286435, 2}},
        {{.104755, .64767, 3}},  {{.261525, .465852, 3}},
        {{.425622, .519114, 3}}, {{.66818, .993184, 3}},
        {{.612302, .31101, 3}}};
      TransferProblem result;
      result.description        = "Allen-Cahn, two sets of parameters";
      result.coordinates        = {"x", "y", "a", "b"};
      result.curriculum.regions = "set = 1 | set = 2 | set = 3";
      result.curriculum.stages  = "1 | 2";
      result.curriculum.terms   = "interior: equation; boundary: value";

      Table interior(communicator, 4), boundary(communicator, 4),
        test(communicator, 4);
      const auto points = square_points(n_points, seed);
      for (const auto &[a, b, set] : pairs)
        {
          if (set < 3)
            {
              for (const Point<2> &p : points)
                interior.add({p[0], p[1], a, b}, two_parameters, set);
              for (int i = -50; i <= 50; ++i)
                for (const auto &[x, y] :
                     std::vector<std::pair<double, double>>{{-1., i / 50.},
                                                            {1., i / 50.},
                                                            {i / 50., -1.},
                                                            {i / 50., 1.}})
                  boundary.add({x, y, a, b}, two_parameters, set);
            }
          for (int i = -20; i <= 20; ++i)
            for (int j = -20; j <= 20; ++j)
              test.add({i / 20., j / 20., a, b}, two_parameters, set);
        }
      result.problem.samples   = {{"interior", interior.get()},
                                  {"boundary", boundary.get()}};
      result.problem.test      = test.get();
      result.problem.residuals = {{"equation", equation(0.1)}};
      return result;
    }



    /**
     * The Korteweg-de Vries equation in time slabs, from initial values and the
     * equation, or, as it can be solved backwards, from final values. It is
     * periodic by construction.
     */
    template <unsigned int n_slabs>
    TransferProblem
    korteweg_de_vries(const MPI_Comm    &communicator,
                      const unsigned int n_points,
                      const unsigned int seed)
    {
      TransferProblem result;
      result.description = "Korteweg-de Vries equation, time slabs";
      result.coordinates = {"x", "t"};
      result.input_map   = InputMap::periodic(2, {{0, 2., 3}});
      std::ostringstream regions, stages;
      for (unsigned int i = 0; i < n_slabs; ++i)
        {
          regions << (i > 0 ? " | " : "") << "t > "
                  << (i == 0 ? -1. : static_cast<double>(i) / n_slabs)
                  << " and t <= " << static_cast<double>(i + 1) / n_slabs;
          stages << (i > 0 ? " | " : "") << i + 1;
        }
      result.curriculum.regions = regions.str();
      result.curriculum.stages  = stages.str();
      result.curriculum.terms   = "interior: equation; all initial: value: 10";
      result.backward_terms     = "interior: equation; all final: value: 10";

      const KortewegDeVries problem;
      const FourierSolution exact(problem);
      const auto            points = [&](const unsigned int n_places,
                              const unsigned int first_step,
                              const unsigned int last_step) {
        return problem.points(communicator,
                              KortewegDeVries::equal_distances(n_places),
                              first_step,
                              last_step);
      };
      const auto samples = [](const Samples &table) {
        return std::make_shared<const Samples>(table);
      };
      result.problem.samples = {
        {"interior",
         samples(exact.sample(
           stratified_subset(
             communicator, points(200, 0, problem.n_steps), n_points, seed),
           "Fourier solution"))},
        {"initial", samples(exact.sample(points(100, 0, 0), "initial values"))},
        {"final",
         samples(exact.sample(points(100, problem.n_steps, problem.n_steps),
                              "final values"))}};
      result.problem.test = samples(
        exact.sample(points(80, 0, problem.n_steps), "Fourier solution"));
      result.problem.residuals = {{"equation", problem.equation()}};
      return result;
    }



    using MakeProblem = TransferProblem (*)(const MPI_Comm &,
                                            const unsigned int,
                                            const unsigned int);

    const std::map<std::string, MakeProblem> &
    problems()
    {
      static const std::map<std::string, MakeProblem> table = {
        {"allen_cahn_domain", allen_cahn_domain},
        {"allen_cahn_strips", allen_cahn_strips},
        {"allen_cahn_parameters", allen_cahn_parameters},
        {"kdv_time", korteweg_de_vries<3>},
        {"kdv_slabs", korteweg_de_vries<10>}};
      return table;
    }
  } // namespace



  std::string
  transfer_problems(const std::string &separator)
  {
    std::string result;
    for (const auto &[name, make] : problems())
      result += (result.empty() ? "" : separator) + name;
    return result;
  }



  TransferProblem
  make_transfer_problem(const MPI_Comm    &communicator,
                        const std::string &name,
                        const unsigned int n_points,
                        const unsigned int seed)
  {
    TransferProblem result  = problems().at(name)(communicator, n_points, seed);
    result.problem.equation = "equation";
    return result;
  }
} // namespace derl
