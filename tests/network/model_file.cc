// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A model file must give back every bit, and whatever else the reader is given
// must end in a message that names the file and the reason, never in a crash.

#include <derl/base/collective.h>

#include <derl/network/surrogate.h>

#include <cstring>
#include <filesystem>
#include <limits>

#include "model_texts.h"
#include "network_tests.h"

namespace test_model_file
{
using namespace dealii;
using namespace derl;

using Pointer = Json::json_pointer;



Surrogate
example()
{
  NetworkParameters options;
  options.hidden     = {3, 2};
  options.activation = "softplus";
  // a number without a finite binary expansion
  options.softplus_beta = 4. / 3.;
  // an optional section of each kind
  ExactValues values = ExactValues::on_box({0.2, -1.}, {0.9, 3.});
  values.polynomial  = {{{1, 2}, 1. / 7.}};
  values.surrogate =
    std::make_shared<const Surrogate>(NetworkParameters(),
                                      std::vector<std::string>{"x", "t"},
                                      std::vector<std::string>{"g"});
  OutputMap map = OutputMap::identity(2, 2);
  Surrogate surrogate(options,
                      {"x", "t"},
                      {"u", "pressure"},
                      InputMap::periodic(2, {{0, 2.}}),
                      map.impose(0, values));
  surrogate.coefficients = {{"rate", 1. / 11.}};
  surrogate.domain_lower = {-1., -1.};
  surrogate.domain_upper = {1., 3.};
  surrogate.verdict      = {"good", {{"misfit", 1e-3}}};


  using Limits                   = std::numeric_limits<double>;
  surrogate.parameters(0)        = 1. / 3.;
  surrogate.parameters(1)        = Limits::max();
  surrogate.parameters(2)        = Limits::min() / 3.;
  surrogate.parameters(3)        = Limits::denorm_min();
  surrogate.parameters(4)        = -0.;
  surrogate.parameters(5)        = 1e22;
  surrogate.parameters(6)        = -Limits::min();
  surrogate.parameters(7)        = 3.;
  surrogate.scaling.input_shift  = {0.1, -1e-5};
  surrogate.scaling.input_scale  = {1. / 7., 3e8};
  surrogate.scaling.output_shift = {-2., 1e-300};
  surrogate.scaling.output_scale = {0.7, -1.};
  surrogate.provenance.n_ranks   = 3;
  surrogate.provenance.reference = "tanh((x - c t) \"quoted\") \\ \xc3\xbc";
  surrogate.provenance.optimizer = "L-BFGS";
  surrogate.provenance.terms     = {{"derivatives", 1. / 9., 2e-9},
                                    {"boundary", 10., Limits::quiet_NaN()}};
  surrogate.provenance.errors    = {{"relative_l2_error", 1e-3 / 3.},
                                    {"unknown", Limits::quiet_NaN()}};
  surrogate.provenance.box_lower = {-1., 0.};
  surrogate.provenance.box_upper = {1., 1. / 3.};
  return surrogate;
}



bool
same_bits(const double *a, const double *b, const std::size_t n)
{
  return std::memcmp(a, b, n * sizeof(double)) == 0;
}



bool
same(const std::vector<double> &a, const std::vector<double> &b)
{
  return a.size() == b.size() && same_bits(a.data(), b.data(), a.size());
}



void
test_round_trip(const Surrogate &old)
{
  const std::string path = "model.json";
  save(MPI_COMM_WORLD, path, old);
  const Surrogate   read = load(MPI_COMM_WORLD, path);
  const Provenance &a = old.provenance, &b = read.provenance;

  check_true("architecture", old.architecture == read.architecture);
  check_true("names",
             old.coordinates == read.coordinates &&
               old.components == read.components);
  check_true("parameters",
             old.parameters.size() == read.parameters.size() &&
               same_bits(old.parameters.begin(),
                         read.parameters.begin(),
                         read.parameters.size()));
  check_true("scaling",
             same(old.scaling.input_shift, read.scaling.input_shift) &&
               same(old.scaling.input_scale, read.scaling.input_scale) &&
               same(old.scaling.output_shift, read.scaling.output_shift) &&
               same(old.scaling.output_scale, read.scaling.output_scale));
  check_true("provenance",
             a.derl_version == b.derl_version &&
               a.deal_ii_version == b.deal_ii_version && a.seed == b.seed &&
               a.n_ranks == b.n_ranks && a.reference == b.reference &&
               a.optimizer == b.optimizer && b.terms.size() == 2 &&
               a.terms[0].name == b.terms[0].name &&
               a.terms[0].weight == b.terms[0].weight &&
               a.terms[0].final_value == b.terms[0].final_value &&
               std::isnan(b.terms[1].final_value) && b.errors.size() == 2 &&
               a.errors[0] == b.errors[0] && b.errors[1].first == "unknown" &&
               std::isnan(b.errors[1].second) &&
               same(a.box_lower, b.box_lower) &&
               same(a.box_upper, b.box_upper));
  check_true("text", to_model_text(read) == to_model_text(old));

  Surrogate moderate(old);
  moderate.parameters = initial_parameters(old.architecture, 5);
  const auto set      = DerivativeSet::up_to_order(2, 4);
  const auto jets     = [&](const Surrogate &surrogate) {
    return all_jets(surrogate.make_plan(set),
                    surrogate.parameters,
                    {0.1, 0.2, -0.3, 0.4, 5., -6.},
                    2);
  };
  check_true("jets",
             same(jets(moderate),
                  jets(from_model_text(to_model_text(moderate), "text"))));
}



void
test_damage(const std::string &text)
{
  unsigned int n_accepted = 0;
  for (std::size_t length = 0; length + 2 < text.size(); length += 97)
    if (message_for(text.substr(0, length)).find("JSON") == std::string::npos)
      ++n_accepted;
  check_true("truncation", n_accepted == 0);

  unsigned int n_wrong = 0, n_rejected = 0, n_positions = 0;
  for (std::size_t i = 0; i < text.size(); i += 13, ++n_positions)
    for (const char byte :
         {' ', '9', ',', '"', char(0x80), char(0), char(text[i] ^ 1)})
      {
        std::string altered = text;
        altered[i]          = byte;
        try
          {
            if (to_model_text(from_model_text(altered, "altered")) != text)
              ++n_wrong;
          }
        catch (const std::exception &)
          {
            ++n_rejected;
          }
      }
  check_true("altered bytes", n_wrong == 0 && n_rejected > 3 * n_positions);
}



void
collect_entries(const Json           &json,
                const Pointer        &here,
                std::vector<Pointer> &entries)
{
  if (json.is_array() && !json.empty())
    entries.push_back(here / 0);
  for (const auto &entry : json.items())
    if (json.is_object() || (json.is_array() && json[0].is_object()))
      {
        const Pointer there = json.is_object() ? here / entry.key()
                                               : here / std::stoul(entry.key());
        if (json.is_object())
          entries.push_back(there);
        collect_entries(entry.value(), there, entries);
      }
}



/**
 * Every entry missing, with something beside it, and of another type.
 */
void
test_structure(const Json &document)
{
  std::vector<Pointer> entries;
  collect_entries(document, Pointer(), entries);
  deallog << "number of entries: " << entries.size() << std::endl;
  for (const Pointer &entry : entries)
    {
      const std::string name = entry.to_string();
      // named numbers are free, and those that are unknown are null; a bound
      // or a lifting may be missing
      const std::string above   = entry.parent_pointer().to_string();
      const bool        is_free = above == "/provenance/errors" ||
                           above == "/sections/verdict/figures" ||
                           above == "/sections/coefficients";
      const bool may_be_null = (is_free && above != "/sections/coefficients") ||
                               entry.back() == "final_value" ||
                               above == "/sections/domain/lower" ||
                               above == "/sections/domain/upper" ||
                               (entry.back() == "surrogate" && above != "/");
      const bool is_checksum = name == "/checksum";
      const Json old         = document.at(entry);

      Json  without = document;
      auto &parent  = without.at(entry.parent_pointer());
      if (parent.is_object() && !is_free && above != "/sections")
        {
          parent.erase(entry.back());
          if (message_for(is_checksum ? without.dump() : with_checksum(without))
                .empty())
            deallog << "FAILED: accepted without " << name << std::endl;
          Json beside                                     = document;
          beside.at(entry.parent_pointer())["additional"] = 1;
          if (message_for(with_checksum(beside)).empty())
            deallog << "FAILED: accepted with something beside " << name
                    << std::endl;
        }

      for (const Json &other : {Json(),
                                Json(true),
                                Json(-1),
                                Json(0),
                                Json(1),
                                Json(2.5),
                                Json("x"),
                                Json::array(),
                                Json::array({1}),
                                Json::object(),
                                Json({{"a", 1}})})
        if (other.type() != old.type() &&
            !(other.is_number() && old.is_number_float()) &&
            !(other.is_number_unsigned() && old.is_number()) &&
            !(other.is_number_integer() && old.is_number_unsigned() &&
              other >= 0) &&
            !(may_be_null && (other.is_null() || other.is_number())))
          {
            Json wrong      = document;
            wrong.at(entry) = other;
            if (message_for(is_checksum ? wrong.dump() : with_checksum(wrong))
                  .empty())
              deallog << "FAILED: accepted with " << name << " = "
                      << other.dump() << std::endl;
          }
    }
}



void
test_contents(const Json &document)
{
  const auto log_with = [&](const std::string &pointer,
                            const std::string &value) {
    Json altered                 = document;
    altered.at(Pointer(pointer)) = Json::parse(value);
    log_message(pointer + " = " + value, with_checksum(altered));
  };
  for (const std::string version :
       {"3", "0", "-1", "\"1\"", "1.5", "4294967297", "18446744073709551615"})
    log_with("/format_version", version);
  log_with("/format", "\"another format\"");
  for (const std::string widths : {"[]",
                                   "[3, 0]",
                                   "[3, -2]",
                                   "[3, 2.5]",
                                   "[3, \"2\"]",
                                   "[3, 3]",
                                   "[4294967296]",
                                   "[4000000000, 4000000000]",
                                   "[60000, 60000]"})
    log_with("/architecture/hidden", widths);
  for (const std::string outputs : {"0", "-1", "3", "4000000000"})
    log_with("/architecture/outputs", outputs);
  log_with("/architecture/activation", "\"relu\"");
  // what a message quotes must not control the terminal
  log_with("/architecture/activation", "\"\\u001b[2J\"");
  log_with("/architecture/softplus_beta", "-1.0");
  log_with("/parameters", "[0.5]");
  log_with("/coordinates", "[\"x\"]");
  log_with("/scaling/input_scale", "[1.0, 0.0]");
  log_with("/scaling/output_shift", "[1.0]");
  log_with("/provenance/training_box/lower", "[1.0]");
  log_with("/sections/input_map/linear", "[2]");
  log_with("/sections/input_map/waves", "[[0.5]]");
  log_with("/sections/output_map/components", "[]");
  log_with("/sections/output_map/outputs/0/polynomial/0/exponents",
           "[4000000000, 0]");
  log_with("/sections/output_map/components/0/0/derivative", "[4294967295, 1]");
  log_with("/sections/output_map/components/0/0/output", "2");
  log_with("/sections/output_map/outputs/0/surrogate/number", "7");
  log_with("/sections/output_map/outputs/0/surrogate/component", "1");
  log_with("/sections/output_map/outputs/0/distance/0/scale", "0.0");
  log_with("/sections/domain/lower", "[1.0]");
  log_with("/sections/coefficients/rate", "null");
  Json newer               = document;
  newer["sections"]["lid"] = 1;
  log_message("a section of the future", with_checksum(newer));
  Json older              = document;
  older["format_version"] = 1;
  log_message("sections in version 1", with_checksum(older));

  const std::string text         = with_checksum(document);
  const auto        log_replaced = [&](const std::string &old_text,
                                const std::string &new_text) {
    std::string altered = text;
    altered.replace(altered.find(old_text), old_text.size(), new_text);
    log_message("\"" + old_text + "\" replaced", altered);
  };
  log_replaced("0.3333333333333333", "1e999");
  log_replaced("0.3333333333333333", "NaN");
  log_replaced("0.3333333333333333", "0.3333333333333334");
  log_replaced("L-BFGS", "L\xff");
  log_replaced("\"format\"", "\"format\": \"\", \"format\"");
}



void
test_foreign(const std::string &text)
{
  log_message("empty", "");
  log_message("blank", " \n");
  log_message("not JSON", "set Hidden layers = 20\n");
  for (const std::string foreign : {"null", "5", "\"format\"", "[1, 2]", "{}"})
    log_message(foreign, foreign);
  log_message("two models", text + text);
  log_message("UTF-16", std::string("\xff\xfe{\0", 4));

  const unsigned int depth = 100000;
  const std::string  open(depth, '['), close(depth, ']');
  std::string        objects;
  for (unsigned int i = 0; i < depth; ++i)
    objects += "{\"a\":";
  log_message("deep", open);
  log_message("deep and closed", open + close);
  log_message("deep objects", objects);
  std::string inside = text;
  inside.insert(1, "\"deep\": " + open + close + ",");
  log_message("deep inside of a model", inside);
}



void
test_paths(const Surrogate &surrogate)
{
  const auto log = [](const std::string           &what,
                      const std::function<void()> &function) {
    try
      {
        function();
        deallog << what << ": FAILED, no exception" << std::endl;
      }
    catch (const std::exception &error)
      {
        deallog << what << ": " << error_message(error) << std::endl;
      }
  };
  const auto load_from = [](const std::string &path) {
    return [path]() { load(MPI_COMM_WORLD, path); };
  };
  const auto save_to = [&](const std::string &path) {
    return [path, &surrogate]() { save(MPI_COMM_WORLD, path, surrogate); };
  };
  std::filesystem::create_directory("folder");
  log("missing", load_from("missing.json"));
  log("no path", load_from(""));
  log("folder", load_from("folder"));
  log("device", load_from("/dev/zero"));
  log("save into missing folder", save_to("missing/model.json"));
  log("save below a file", save_to("model.json/model.json"));
  log("save over a folder", save_to("folder"));
  check_true("nothing is left",
             !std::filesystem::exists("missing") &&
               !std::filesystem::exists("folder.part") &&
               !std::filesystem::exists("model.json.part") &&
               std::filesystem::is_empty("folder"));

  Surrogate broken(surrogate);
  broken.parameters(0)   = std::nan("");
  const auto save_broken = [&]() {
    save(MPI_COMM_WORLD, "model.json", broken);
  };
  log("save NaN", save_broken);
  broken.parameters(0)              = 0.;
  broken.provenance.terms[0].weight = std::nan("");
  log("save NaN as weight", save_broken);
  broken.provenance.terms[0].weight = 1.;
  broken.provenance.box_upper[1]    = std::numeric_limits<double>::infinity();
  log("save infinite box", save_broken);
  broken.provenance.box_upper = {1.};
  log("save incomplete box", save_broken);
  broken.provenance.box_upper = surrogate.provenance.box_upper;

  check_true("the old file is still there",
             to_model_text(load(MPI_COMM_WORLD, "model.json")) ==
               to_model_text(surrogate));
}



/**
 * A wrong encoding in a free text must not lose the model.
 */
void
test_encoding(Surrogate surrogate)
{
  surrogate.provenance.reference = "a\xff b";
  const Surrogate read = from_model_text(to_model_text(surrogate), "text");
  check_true("text that is not UTF-8",
             read.provenance.reference == "a\xef\xbf\xbd b");
}



DERL_TEST(model_file)
{
  initlog();

  const Surrogate   surrogate = example();
  const std::string text      = to_model_text(surrogate);
  const Json        document  = Json::parse(text);
  check_true("checksum", with_checksum(document) == text);
  test_round_trip(surrogate);
  test_damage(text);
  test_structure(document);
  test_contents(document);
  test_foreign(text);
  test_encoding(surrogate);
  test_paths(surrogate);
}
} // namespace test_model_file
