// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What surrogates promise whatever their parameters are: periods, values on
// faces, and fields without divergence to round-off; and that all of this comes
// back from a model file, of this version and of the one before.

#include <derl/base/collective.h>

#include <derl/network/jet_plan.h>

#include <sstream>

#include "mapped_surrogates.h"

namespace test_map_properties
{
using namespace dealii;
using namespace derl;



/**
 * Value and all derivatives agree at both ends of a period.
 */
void
test_periodic(const unsigned int dim)
{
  double     worst = 0.;
  const auto set   = DerivativeSet::up_to_order(dim, 4);
  for (const double period : {1., 2.5, 1. / 3.})
    for (const unsigned int n_harmonics : {1u, 3u})
      {
        const Surrogate surrogate = random_surrogate(
          Architecture(),
          dim,
          {13, 20, 7},
          2,
          InputMap::periodic(dim, {{dim - 1, period, n_harmonics}}),
          OutputMap());
        auto left = random_points(surrogate, 19), right = left;
        for (std::size_t i = dim - 1; i < left.size(); i += dim)
          {
            left[i]  = -0.7;
            right[i] = -0.7 + period;
          }
        worst = std::max(worst,
                         relative_error(jets_of(surrogate, set, left),
                                        jets_of(surrogate, set, right),
                                        2 * set.size()));
      }
  check_error(
    std::to_string(dim) + " coordinates: both ends of a period", worst, 1e-12);
}



/**
 * On the faces the values are those of the lifting, and with multiplicity two
 * the first derivatives, too.
 */
void
test_exact_values()
{
  const double infinity = std::numeric_limits<double>::infinity();
  ExactValues  values =
    ExactValues::on_box({0.1, -infinity, 0.}, {0.7, 2., infinity});
  values.polynomial = {{{1, 2, 0}, 3.}, {{0, 0, 1}, -0.5}};
  ExactValues twice =
    ExactValues::on_box({0.1, -infinity, 0.}, {0.7, 2., infinity}, 2);
  twice.polynomial = values.polynomial;
  OutputMap map    = OutputMap::identity(2, 3);
  map.impose(0, values).impose(1, twice);
  const Surrogate surrogate =
    random_surrogate(Architecture(), 3, {13, 20, 7}, 2, InputMap(), map);
  const auto set = DerivativeSet::up_to_order(3, 1);

  double       value_error = 0., slope_error = 0.;
  const double faces[3][2] = {{0.1, 0.7}, {2., 2.}, {0., 0.}};
  for (unsigned int d = 0; d < 3; ++d)
    for (const double position : faces[d])
      {
        auto points = random_points(surrogate, 21);
        for (std::size_t i = d; i < points.size(); i += 3)
          points[i] = position;
        const auto jets = jets_of(surrogate, set, points);
        for (unsigned int p = 0; p < 21; ++p)
          {
            const double *const x   = &points[3 * p];
            const double *const jet = &jets[p * 2 * set.size()];
            const double        g   = 3. * x[0] * x[1] * x[1] - 0.5 * x[2];
            const double        gradient[3] = {
                     3. * x[1] * x[1], 6. * x[0] * x[1], -0.5};
            for (unsigned int c = 0; c < 2; ++c)
              value_error =
                std::max(value_error, std::abs(jet[c * set.size()] - g));
            for (unsigned int i = 0; i < 3; ++i)
              {
                MultiIndex first(3, 0);
                first[i] = 1;
                slope_error =
                  std::max(slope_error,
                           std::abs(jet[set.size() + set.index_of(first)] -
                                    gradient[i]));
              }
          }
      }
  check_error("values on the faces", value_error, 1e-14);
  check_error("derivatives on the faces", slope_error, 1e-14);
}



/**
 * The sum of some first derivatives of the components, relative to the largest
 * of these derivatives.
 */
double
relative_sum(const Surrogate                                 &surrogate,
             const std::vector<std::pair<unsigned int, int>> &summands,
             const unsigned int                               first_component,
             const JetPlan::Algorithm                         algorithm)
{
  const unsigned int dim     = surrogate.n_coordinates();
  const auto         set     = DerivativeSet::up_to_order(dim, 1);
  const auto         points  = random_points(surrogate, 200);
  const auto         jets    = jets_of(surrogate, set, points, algorithm);
  double             largest = 0., worst = 0.;
  for (std::size_t j = 0; j < jets.size();
       j += surrogate.n_components() * set.size())
    {
      double sum = 0.;
      for (unsigned int i = 0; i < summands.size(); ++i)
        {
          MultiIndex first(dim, 0);
          first[summands[i].first] = 1;
          const double derivative =
            jets[j + (first_component + i) * set.size() + set.index_of(first)];
          sum += summands[i].second * derivative;
          largest = std::max(largest, std::abs(derivative));
        }
      worst = std::max(worst, std::abs(sum));
    }
  return worst / largest;
}



void
test_divergence()
{
  double divergence = 0., rotation = 0., conservation = 0.;
  for (const auto algorithm : algorithms)
    for (const unsigned int hidden : {13u, 50u})
      {
        const auto surrogate = [&](const unsigned int dim,
                                   const OutputMap   &map) {
          return random_surrogate(Architecture(),
                                  dim,
                                  {hidden, hidden, hidden},
                                  map.components().size(),
                                  InputMap::periodic(dim, {{0, 2.}}),
                                  map);
        };
        // space, and in the third case time, too
        OutputMap no_slip = OutputMap::curl(2, 2);
        no_slip.impose(0, ExactValues::on_box({0., 0.}, {1., 1.}, 2));
        for (const Surrogate &u : {surrogate(2, OutputMap::curl(2, 2)),
                                   surrogate(2, no_slip),
                                   surrogate(3, OutputMap::curl(2, 3))})
          divergence = std::max(
            divergence, relative_sum(u, {{0, 1}, {1, 1}}, 0, algorithm));
        divergence = std::max(divergence,
                              relative_sum(surrogate(3, OutputMap::curl(3, 3)),
                                           {{0, 1}, {1, 1}, {2, 1}},
                                           0,
                                           algorithm));
        rotation =
          std::max(rotation,
                   relative_sum(surrogate(3, OutputMap::gradient(2, 3)),
                                {{1, 1}, {0, -1}},
                                0,
                                algorithm));
        for (const unsigned int dim : {2u, 3u, 4u})
          {
            std::vector<std::pair<unsigned int, int>> all;
            for (unsigned int d = 0; d < dim; ++d)
              all.emplace_back(d, 1);
            conservation = std::max(
              conservation,
              relative_sum(surrogate(dim, OutputMap::conservation_law(dim)),
                           all,
                           0,
                           algorithm));
          }
      }
  check_error("divergence of a curl", divergence, 1e-12);
  check_error("rotation of a gradient", rotation, 1e-12);
  check_error("divergence in n coordinates", conservation, 1e-12);
}



/**
 * Text and jets, bit by bit, after writing and reading.
 */
bool
survives(const Surrogate &surrogate, const unsigned int max_order)
{
  const std::string text = to_model_text(surrogate);
  const Surrogate   read = from_model_text(text, "text");
  const auto        set =
    DerivativeSet::up_to_order(surrogate.n_coordinates(), max_order);
  const auto points = random_points(surrogate, 20);
  return to_model_text(read) == text &&
         describe_maps(read) == describe_maps(surrogate) &&
         jets_of(read, set, points) == jets_of(surrogate, set, points);
}



/**
 * All maps and the other optional sections come back from a model file.
 */
void
test_model_file()
{
  bool maps = true;
  for (const unsigned int dim : {1u, 2u, 3u, 4u})
    for (const MappedSurrogate &mapped :
         mapped_surrogates(Architecture(), dim, {5, 3}))
      maps = maps && survives(mapped.surrogate, 4 - mapped.n_orders);
  check_true("maps in a model file", maps);

  const double infinity = std::numeric_limits<double>::infinity();
  Surrogate    surrogate =
    random_surrogate(Architecture(), 2, {5, 3}, 1, InputMap(), OutputMap());
  surrogate.coefficients = {{"viscosity", 1. / 3.}, {"rate", -2.}};
  surrogate.domain_lower = {-infinity, 0.1};
  surrogate.domain_upper = {1., infinity};
  surrogate.verdict      = {"As good as its reference.", {{"misfit", 1. / 7.}}};
  const Surrogate read   = from_model_text(to_model_text(surrogate), "text");
  check_true("other sections in a model file",
             survives(surrogate, 4) &&
               read.coefficients == surrogate.coefficients &&
               read.domain_lower == surrogate.domain_lower &&
               read.domain_upper == surrogate.domain_upper &&
               read.verdict.text == surrogate.verdict.text &&
               read.verdict.figures == surrogate.verdict.figures);

  // a surrogate within a surrogate within ...
  Surrogate    inner    = surrogate;
  unsigned int n_nested = 0;
  try
    {
      for (; n_nested < 20; ++n_nested)
        {
          ExactValues values;
          values.surrogate = std::make_shared<const Surrogate>(inner);
          inner            = random_surrogate(Architecture(),
                                   2,
                                   {5, 3},
                                   1,
                                   InputMap(),
                                   OutputMap::identity(1, 2).impose(0, values));
          if (!survives(inner, 0))
            n_nested = 100;
        }
    }
  catch (const std::exception &error)
    {
      deallog << "after " << n_nested
              << " surrogates within each other: " << error_message(error)
              << std::endl;
    }
}



/**
 * The largest difference of a stored model's values from those that are stored
 * beside it, relative to the largest value.
 */
double
stored_error(const Surrogate &surrogate, const std::string &path)
{
  std::ifstream       file(path);
  std::vector<double> points, expected;
  double              number = 0.;
  for (unsigned int i = 0; file >> number; ++i)
    (i % (surrogate.n_coordinates() + surrogate.n_components()) <
         surrogate.n_coordinates()
       ? points
       : expected)
      .push_back(number);
  return expected.empty()
           ? std::nan("")
           : relative_error(jets_of(surrogate,
                                    DerivativeSet(surrogate.n_coordinates()),
                                    points),
                            expected,
                            surrogate.n_components());
}



/**
 * Files of version 1, made by DERL 0.1, and of version 2.
 */
void
test_stored_models()
{
  const auto stored = [](const std::string &name) {
    std::ifstream     file(DERL_NETWORK_TESTS_FOLDER "/" + name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  };
  using Limits = std::numeric_limits<double>;
  NetworkParameters options;
  options.hidden        = {3, 2};
  options.activation    = "softplus";
  options.softplus_beta = 4. / 3.;
  Surrogate expected(options, {"x", "t"}, {"u", "pressure"});
  expected.parameters    = initial_parameters(expected.architecture, 5);
  expected.parameters(0) = 1. / 3.;
  expected.parameters(3) = Limits::denorm_min();
  expected.parameters(4) = -0.;
  expected.scaling = {{0.1, -1e-5}, {1. / 7., 3.}, {-2., 1e-300}, {0.7, -1.}};
  expected.provenance.derl_version    = "0.1.0";
  expected.provenance.deal_ii_version = "9.4.1";
  expected.provenance.n_ranks         = 3;
  expected.provenance.reference = "tanh((x - c t) \"quoted\") \\ \xc3\xbc";
  expected.provenance.optimizer = "L-BFGS";
  expected.provenance.terms     = {{"derivatives", 1. / 9., 2e-9},
                                   {"boundary", 10., Limits::quiet_NaN()}};
  expected.provenance.errors    = {{"relative_l2_error", 1e-3 / 3.},
                                   {"unknown", Limits::quiet_NaN()}};
  expected.provenance.box_lower = {-1., 0.};
  expected.provenance.box_upper = {1., 1. / 3.};

  // each number has a text of its own
  const Surrogate first = from_model_text(stored("stored_model_1.json"), "1");
  check_true("a stored file of version 1, bit by bit",
             to_model_text(first) == to_model_text(expected));
  check_error(
    "its values",
    stored_error(first, DERL_NETWORK_TESTS_FOLDER "/stored_model_1.values"),
    1e-13);
  const std::string text   = stored("stored_model_2.json");
  const Surrogate   second = from_model_text(text, "2");
  check_true("a stored file of version 2, bit by bit",
             to_model_text(second) == text);
  check_error(
    "its values",
    stored_error(second, DERL_NETWORK_TESTS_FOLDER "/stored_model_2.values"),
    1e-13);
}



/**
 * What cannot be meant must be refused with words.
 */
void
test_misuse()
{
  const auto log = [](const std::string           &what,
                      const std::function<void()> &work) {
    deallog << what << ": ";
    try
      {
        work();
        deallog << "FAILED, no exception" << std::endl;
      }
    catch (const std::exception &error)
      {
        deallog << error_message(error) << std::endl;
      }
  };
  const auto make = [](const InputMap    &input,
                       const OutputMap   &output,
                       const unsigned int n_inputs  = 2,
                       const unsigned int n_outputs = 1) {
    Architecture architecture;
    architecture.n_inputs  = n_inputs;
    architecture.n_outputs = n_outputs;
    return Surrogate(architecture, {"x", "y"}, {"u"}, input, output);
  };
  log("period", []() { InputMap::periodic(2, {{0, -1.}}); });
  log("coordinate", []() { InputMap::periodic(2, {{2, 1.}}); });
  log("harmonics", []() { InputMap::periodic(2, {{0, 1., 0}}); });
  log("features", [&]() { make(InputMap::periodic(2, {{0, 1.}}), {}); });
  log("wave", [&]() { make(InputMap({0}, {{1.}}), {}, 3); });
  log("outputs", [&]() { make({}, OutputMap::conservation_law(2)); });
  log("components", [&]() { make({}, OutputMap::curl(2, 2)); });
  log("coordinates", [&]() { make({}, OutputMap(1, {{{0, {1, 0, 0}, 1.}}})); });
  log("output", [&]() { make({}, OutputMap(1, {{{1, {1, 0}, 1.}}})); });
  log("impose", []() { OutputMap().impose(0, ExactValues()); });
  log("face", [&]() {
    OutputMap map = OutputMap::identity(1, 2);
    make({}, map.impose(0, ExactValues::on_box({0, 0, 0}, {1, 1, 1})));
  });
  log("box", []() { ExactValues::on_box({1.}, {0.}); });
  log("order", []() {
    random_surrogate(
      Architecture(), 2, {3}, 2, InputMap(), OutputMap::curl(2, 2))
      .make_plan(DerivativeSet::up_to_order(2, 4));
  });
  log("fixed layers", [&]() {
    Surrogate surrogate    = make({}, {});
    surrogate.fixed_layers = {0, 1, 2, 3};
    surrogate.make_plan(DerivativeSet(2));
  });
  log("narrower", [&]() { widen(make({}, {}), {20, 10, 20}, 1); });
}



DERL_TEST(map_properties)
{
  initlog();
  for (const unsigned int dim : {1u, 2u, 3u, 4u})
    test_periodic(dim);
  test_exact_values();
  test_divergence();
  test_model_file();
  test_stored_models();
  test_misuse();
}
} // namespace test_map_properties
