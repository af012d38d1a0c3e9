// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The optional sections of a model file.

#include <limits>
#include <map>
#include <sstream>

#include "model_json.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    using internal::expect_entries;
    using internal::expect_list;
    using internal::Json;
    using internal::number_or;
    using internal::whole_number;
    using internal::whole_numbers;



    Json
    to_json(const InputMap &map)
    {
      return {{"linear", map.linear_coordinates()}, {"waves", map.waves()}};
    }



    InputMap
    input_map_from(const Json &json)
    {
      expect_entries(json, "'input_map'", {"linear", "waves"});
      return InputMap(whole_numbers(json["linear"], "linear"),
                      json["waves"].get<std::vector<std::vector<double>>>());
    }



    /**
     * @p number is that of the surrogate in the lifting, if there is one.
     */
    Json
    to_json(const ExactValues &values, const unsigned int number)
    {
      Json distance = Json::array(), polynomial = Json::array();
      for (const ExactValues::Factor &factor : values.distance)
        distance.push_back({{"coordinate", factor.coordinate},
                            {"position", factor.position},
                            {"scale", factor.scale}});
      for (const ExactValues::Monomial &monomial : values.polynomial)
        polynomial.push_back({{"exponents", monomial.exponents},
                              {"coefficient", monomial.coefficient}});
      Json surrogate = nullptr;
      if (values.surrogate != nullptr)
        surrogate = {{"number", number},
                     {"component", values.surrogate_component}};
      return {{"distance", distance},
              {"polynomial", polynomial},
              {"surrogate", surrogate}};
    }



    ExactValues
    exact_values_from(
      const Json                                          &json,
      const std::vector<std::shared_ptr<const Surrogate>> &surrogates)
    {
      expect_entries(
        json, "an output", {"distance", "polynomial", "surrogate"});
      ExactValues result;
      for (const Json &factor : expect_list(json["distance"], "distance"))
        {
          expect_entries(factor,
                         "a factor of a distance",
                         {"coordinate", "position", "scale"});
          result.distance.push_back({whole_number(factor["coordinate"]),
                                     factor["position"].get<double>(),
                                     factor["scale"].get<double>()});
        }
      for (const Json &monomial : expect_list(json["polynomial"], "polynomial"))
        {
          expect_entries(
            monomial, "a term of a polynomial", {"exponents", "coefficient"});
          result.polynomial.push_back(
            {whole_numbers(monomial["exponents"], "exponents"),
             monomial["coefficient"].get<double>()});
        }
      const Json &surrogate = json["surrogate"];
      if (!surrogate.is_null())
        {
          expect_entries(
            surrogate, "the surrogate of an output", {"number", "component"});
          const unsigned int number = whole_number(surrogate["number"]);
          AssertThrow(number < surrogates.size(),
                      ExcMessage("an output refers to surrogate " +
                                 std::to_string(number) +
                                 ", which is not in the file"));
          result.surrogate           = surrogates[number];
          result.surrogate_component = whole_number(surrogate["component"]);
        }
      return result;
    }



    Json
    to_json(const OutputMap &map, const unsigned int nesting)
    {
      std::map<const Surrogate *, unsigned int> numbers;
      Json outputs = Json::array(), surrogates = Json::array(),
           components = Json::array();
      for (const ExactValues &values : map.exact_values())
        {
          const Surrogate *const surrogate = values.surrogate.get();
          if (surrogate != nullptr && numbers.count(surrogate) == 0)
            {
              numbers[surrogate] = surrogates.size();
              surrogates.push_back(
                internal::to_document(*surrogate, nesting + 1));
            }
          outputs.push_back(to_json(values, numbers[surrogate]));
        }
      for (const auto &terms : map.components())
        {
          Json component = Json::array();
          for (const OutputMap::Term &term : terms)
            component.push_back({{"output", term.output},
                                 {"derivative", term.derivative},
                                 {"coefficient", term.coefficient}});
          components.push_back(component);
        }
      return {{"outputs", outputs},
              {"components", components},
              {"surrogates", surrogates}};
    }



    OutputMap
    output_map_from(const Json &json, const unsigned int nesting)
    {
      expect_entries(
        json, "'output_map'", {"outputs", "components", "surrogates"});
      std::vector<std::shared_ptr<const Surrogate>> surrogates;
      for (const Json &document : expect_list(json["surrogates"], "surrogates"))
        surrogates.push_back(std::make_shared<const Surrogate>(
          internal::surrogate_from(document, nesting + 1)));

      std::vector<std::vector<OutputMap::Term>> components;
      for (const Json &component :
           expect_list(json["components"], "components"))
        {
          components.emplace_back();
          for (const Json &term : expect_list(component, "components"))
            {
              expect_entries(term,
                             "a term of a component",
                             {"output", "derivative", "coefficient"});
              components.back().push_back(
                {whole_number(term["output"]),
                 whole_numbers(term["derivative"], "derivative"),
                 term["coefficient"].get<double>()});
            }
        }
      const Json &outputs = expect_list(json["outputs"], "outputs");
      OutputMap   result(outputs.size(), components);
      for (unsigned int o = 0; o < outputs.size(); ++o)
        result.impose(o, exact_values_from(outputs[o], surrogates));
      return result;
    }



    Json
    bounds(const std::vector<double> &numbers)
    {
      Json result = Json::array();
      for (const double number : numbers)
        result.push_back(internal::number_or_null(number));
      return result;
    }



    std::vector<double>
    bounds_from(const Json &list, const double otherwise)
    {
      std::vector<double> result;
      for (const Json &number : expect_list(list, "domain"))
        result.push_back(number_or(number, otherwise));
      return result;
    }
  } // namespace



  internal::Json
  internal::sections_of(const Surrogate &surrogate, const unsigned int nesting)
  {
    Json sections = Json::object();
    if (!surrogate.input_map.is_affine())
      sections["input_map"] = derl::to_json(surrogate.input_map);
    if (!surrogate.output_map.is_identity())
      sections["output_map"] = derl::to_json(surrogate.output_map, nesting);
    if (!surrogate.coefficients.empty())
      sections["coefficients"] = to_json(surrogate.coefficients);
    if (!surrogate.domain_lower.empty())
      sections["domain"] = {{"lower", bounds(surrogate.domain_lower)},
                            {"upper", bounds(surrogate.domain_upper)}};
    if (!surrogate.verdict.text.empty())
      sections["verdict"] = {{"text", surrogate.verdict.text},
                             {"figures", to_json(surrogate.verdict.figures)}};
    return sections;
  }



  void
  internal::read_sections(const Json        &sections,
                          const unsigned int nesting,
                          Surrogate         &surrogate)
  {
    AssertThrow(sections.is_object(),
                ExcMessage("the entry 'sections' is not a JSON object"));
    constexpr double infinity = std::numeric_limits<double>::infinity();
    for (const auto &section : sections.items())
      {
        const std::string &name = section.key();
        const Json        &json = section.value();
        if (name == "input_map")
          surrogate.input_map = input_map_from(json);
        else if (name == "output_map")
          surrogate.output_map = output_map_from(json, nesting);
        else if (name == "coefficients")
          surrogate.coefficients = named_numbers_from(json, name);
        else if (name == "domain")
          {
            expect_entries(json, "'domain'", {"lower", "upper"});
            surrogate.domain_lower = bounds_from(json["lower"], -infinity);
            surrogate.domain_upper = bounds_from(json["upper"], infinity);
          }
        else if (name == "verdict")
          {
            expect_entries(json, "'verdict'", {"text", "figures"});
            surrogate.verdict.text = json["text"].get<std::string>();
            surrogate.verdict.figures =
              named_numbers_from(json["figures"], "figures");
          }
        else
          AssertThrow(false,
                      ExcMessage("this program does not know its section '" +
                                 name + "': use a newer version of DERL"));
      }
  }



  std::string
  describe_maps(const Surrogate &surrogate)
  {
    Json text = Json::object();
    if (!surrogate.input_map.is_affine())
      text["input_map"] = to_json(surrogate.input_map);
    if (!surrogate.output_map.is_identity())
      {
        text["output_map"] = to_json(surrogate.output_map, 0);
        for (Json &inner : text["output_map"]["surrogates"])
          inner = Json(inner["checksum"]);
      }
    return text.dump();
  }
} // namespace derl
