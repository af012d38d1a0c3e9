// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The parts of a model file that are there for the reader, and what all parts
// use.

#include <cmath>
#include <limits>

#include "model_json.h"

namespace derl
{
  using namespace dealii;

  void
  internal::expect_entries(const Json                  &object,
                           const std::string           &where,
                           const std::set<std::string> &names)
  {
    AssertThrow(object.is_object(),
                ExcMessage(where + " is not a JSON object"));
    for (const std::string &name : names)
      AssertThrow(
        object.contains(name),
        ExcMessage("the entry '" + name + "' of " + where + " is missing"));
    for (const auto &entry : object.items())
      AssertThrow(names.count(entry.key()) == 1,
                  ExcMessage("the entry '" + entry.key() + "' of " + where +
                             " is unknown"));
  }



  const internal::Json &
  internal::expect_list(const Json &list, const char *const name)
  {
    AssertThrow(
      list.is_array(),
      ExcMessage(std::string("the entry '") + name + "' is not a list"));
    return list;
  }



  unsigned int
  internal::whole_number(const Json &x)
  {
    // nlohmann::json converts numbers silently: -1 to 4294967295, 2.5 to 2
    AssertThrow(x.is_number_unsigned() &&
                  x.get<std::uint64_t>() <=
                    std::numeric_limits<unsigned int>::max(),
                ExcMessage("a number that counts something is " + x.dump()));
    return x.get<unsigned int>();
  }



  std::vector<unsigned int>
  internal::whole_numbers(const Json &list, const std::string &name)
  {
    std::vector<unsigned int> result;
    for (const Json &number : expect_list(list, name.c_str()))
      result.push_back(whole_number(number));
    return result;
  }



  internal::Json
  internal::number_or_null(const double x)
  {
    return std::isfinite(x) ? Json(x) : Json(nullptr);
  }



  double
  internal::number_or(const Json &x, const double otherwise)
  {
    return x.is_null() ? otherwise : x.get<double>();
  }



  internal::Json
  internal::to_json(const std::vector<std::pair<std::string, double>> &numbers)
  {
    Json result = Json::object();
    for (const auto &number : numbers)
      result[number.first] = number_or_null(number.second);
    return result;
  }



  std::vector<std::pair<std::string, double>>
  internal::named_numbers_from(const Json &object, const std::string &name)
  {
    AssertThrow(object.is_object(),
                ExcMessage("the entry '" + name + "' is not a JSON object"));
    std::vector<std::pair<std::string, double>> result;
    for (const auto &number : object.items())
      result.emplace_back(
        number.key(),
        number_or(number.value(), std::numeric_limits<double>::quiet_NaN()));
    return result;
  }



  internal::Json
  internal::to_json(const Provenance &provenance)
  {
    Json terms = Json::array();
    for (const Provenance::Term &term : provenance.terms)
      terms.push_back({{"name", term.name},
                       {"weight", term.weight},
                       {"final_value", number_or_null(term.final_value)}});
    return {
      {"derl_version", provenance.derl_version},
      {"deal_ii_version", provenance.deal_ii_version},
      {"seed", provenance.seed},
      {"n_ranks", provenance.n_ranks},
      {"reference", provenance.reference},
      {"optimizer", provenance.optimizer},
      {"terms", terms},
      {"errors", to_json(provenance.errors)},
      {"training_box",
       {{"lower", provenance.box_lower}, {"upper", provenance.box_upper}}}};
  }



  Provenance
  internal::provenance_from(const Json &json)
  {
    expect_entries(json,
                   "'provenance'",
                   {"derl_version",
                    "deal_ii_version",
                    "seed",
                    "n_ranks",
                    "reference",
                    "optimizer",
                    "terms",
                    "errors",
                    "training_box"});
    Provenance result;
    result.derl_version    = json["derl_version"].get<std::string>();
    result.deal_ii_version = json["deal_ii_version"].get<std::string>();
    result.seed            = whole_number(json["seed"]);
    result.n_ranks         = whole_number(json["n_ranks"]);
    result.reference       = json["reference"].get<std::string>();
    result.optimizer       = json["optimizer"].get<std::string>();
    for (const Json &term : expect_list(json["terms"], "terms"))
      {
        expect_entries(term, "a term", {"name", "weight", "final_value"});
        result.terms.push_back(
          {term["name"].get<std::string>(),
           term["weight"].get<double>(),
           number_or(term["final_value"],
                     std::numeric_limits<double>::quiet_NaN())});
      }
    result.errors = named_numbers_from(json["errors"], "errors");
    expect_entries(json["training_box"], "'training_box'", {"lower", "upper"});
    result.box_lower = json["training_box"]["lower"].get<std::vector<double>>();
    result.box_upper = json["training_box"]["upper"].get<std::vector<double>>();
    return result;
  }
} // namespace derl
