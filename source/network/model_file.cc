// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/file.h>

#include <derl/network/surrogate.h>

#include <boost/crc.hpp>

#include <cmath>
#include <cstdio>
#include <set>

#include <nlohmann/json.hpp>

namespace derl
{
  using namespace dealii;

  namespace
  {
    // keeps the entries in the order in which they are written
    using Json = nlohmann::ordered_json;

    constexpr int     format_version = 1;
    const char *const format_name    = "DERL surrogate";

    /**
     * A model file has four levels. The limit keeps the recursions of
     * nlohmann::json from using up the stack.
     */
    constexpr int max_depth = 16;



    Json
    parse(const std::string &text)
    {
      std::vector<std::set<std::string>> open_objects;
      return Json::parse(
        text,
        [&](const int depth, const Json::parse_event_t event, Json &value) {
          AssertThrow(depth < max_depth,
                      ExcMessage("it is nested deeper than a model file"));
          if (event == Json::parse_event_t::object_start)
            open_objects.emplace_back();
          else if (event == Json::parse_event_t::object_end)
            open_objects.pop_back();
          else if (event == Json::parse_event_t::key)
            {
              const auto name = value.get<std::string>();
              AssertThrow(
                open_objects.back().insert(name).second,
                ExcMessage("the entry '" + name + "' is given twice"));
            }
          return true;
        });
    }



    /**
     * A letter that is not UTF-8 must not be the reason to lose a model: it
     * becomes the replacement character.
     */
    std::string
    to_text(const Json &document, const int indentation)
    {
      return document.dump(
        indentation, ' ', false, Json::error_handler_t::replace);
    }



    std::string
    checksum(const Json &document)
    {
      // of a text that does not depend on the white space of the file
      const std::string  text = to_text(document, -1);
      boost::crc_32_type crc;
      crc.process_bytes(text.data(), text.size());
      char digits[9];
      std::snprintf(digits, sizeof(digits), "%08x", crc.checksum());
      return digits;
    }



    /**
     * Throw unless @p object has exactly the entries @p names.
     */
    void
    expect_entries(const Json                  &object,
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



    const Json &
    expect_list(const Json &list, const char *const name)
    {
      AssertThrow(
        list.is_array(),
        ExcMessage("the entry '" + std::string(name) + "' is not a list"));
      return list;
    }



    /**
     * Errors that could not be measured are not a number, which JSON does not
     * have.
     */
    Json
    number_or_null(const double x)
    {
      return std::isfinite(x) ? Json(x) : Json(nullptr);
    }



    double
    number_or_nan(const Json &x)
    {
      return x.is_null() ? std::numeric_limits<double>::quiet_NaN()
                         : x.get<double>();
    }



    /**
     * nlohmann::json converts numbers silently: -1 to 4294967295, 2.5 to 2.
     */
    unsigned int
    whole_number(const Json &x)
    {
      AssertThrow(x.is_number_unsigned() &&
                    x.get<std::uint64_t>() <=
                      std::numeric_limits<unsigned int>::max(),
                  ExcMessage("a number that counts something is " + x.dump()));
      return x.get<unsigned int>();
    }



    Json
    to_json(const Provenance &provenance)
    {
      Json terms = Json::array();
      for (const Provenance::Term &term : provenance.terms)
        terms.push_back({{"name", term.name},
                         {"weight", term.weight},
                         {"final_value", number_or_null(term.final_value)}});
      Json errors = Json::object();
      for (const auto &error : provenance.errors)
        errors[error.first] = number_or_null(error.second);
      return {
        {"derl_version", provenance.derl_version},
        {"deal_ii_version", provenance.deal_ii_version},
        {"seed", provenance.seed},
        {"n_ranks", provenance.n_ranks},
        {"reference", provenance.reference},
        {"optimizer", provenance.optimizer},
        {"terms", terms},
        {"errors", errors},
        {"training_box",
         {{"lower", provenance.box_lower}, {"upper", provenance.box_upper}}}};
    }



    Provenance
    provenance_from(const Json &json)
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
          result.terms.push_back({term["name"].get<std::string>(),
                                  term["weight"].get<double>(),
                                  number_or_nan(term["final_value"])});
        }
      AssertThrow(json["errors"].is_object(),
                  ExcMessage("the entry 'errors' is not a JSON object"));
      for (const auto &error : json["errors"].items())
        result.errors.emplace_back(error.key(), number_or_nan(error.value()));
      expect_entries(
        json["training_box"], "'training_box'", {"lower", "upper"});
      result.box_lower =
        json["training_box"]["lower"].get<std::vector<double>>();
      result.box_upper =
        json["training_box"]["upper"].get<std::vector<double>>();
      return result;
    }



    Surrogate
    surrogate_from(Json document)
    {
      AssertThrow(document.is_object() && document.contains("format") &&
                    document["format"] == format_name,
                  ExcMessage("it is JSON, but no model file of DERL"));
      AssertThrow(document.contains("format_version") &&
                    document["format_version"].is_number_integer(),
                  ExcMessage("its format version is missing or not a whole "
                             "number"));
      const Json &version = document["format_version"];
      AssertThrow(!version.is_number_unsigned() ||
                    version.get<std::uint64_t>() <= format_version,
                  ExcMessage("it has format version " + version.dump() +
                             ", and this program knows versions up to " +
                             std::to_string(format_version) +
                             ": use a newer version of DERL"));
      AssertThrow(version == format_version,
                  ExcMessage("there is no format version " + version.dump()));

      AssertThrow(document.contains("checksum") &&
                    document["checksum"].is_string(),
                  ExcMessage("its checksum is missing"));
      const std::string expected = document["checksum"].get<std::string>();
      document.erase("checksum");
      AssertThrow(expected == checksum(document),
                  ExcMessage("its checksum does not fit its contents: it was "
                             "altered or damaged"));

      expect_entries(document,
                     "the file",
                     {"format",
                      "format_version",
                      "coordinates",
                      "components",
                      "architecture",
                      "scaling",
                      "provenance",
                      "parameters"});
      const Json &shape = document["architecture"];
      expect_entries(
        shape,
        "'architecture'",
        {"inputs", "hidden", "outputs", "activation", "softplus_beta"});
      Architecture architecture;
      architecture.n_inputs = whole_number(shape["inputs"]);
      architecture.hidden.clear();
      for (const Json &width : expect_list(shape["hidden"], "hidden"))
        architecture.hidden.push_back(whole_number(width));
      architecture.n_outputs = whole_number(shape["outputs"]);
      architecture.activation =
        activation_from_string(shape["activation"].get<std::string>());
      architecture.softplus_beta = shape["softplus_beta"].get<double>();
      architecture.check();

      // before anything of that size is allocated
      const Json &parameters = document["parameters"];
      AssertThrow(parameters.is_array() &&
                    parameters.size() == architecture.n_parameters(),
                  ExcMessage("the number of parameters does not fit the "
                             "architecture"));

      Surrogate surrogate(
        architecture,
        document["coordinates"].get<std::vector<std::string>>(),
        document["components"].get<std::vector<std::string>>());
      for (unsigned int i = 0; i < parameters.size(); ++i)
        surrogate.parameters(i) = parameters[i].get<double>();

      const Json &scaling = document["scaling"];
      expect_entries(
        scaling,
        "'scaling'",
        {"input_shift", "input_scale", "output_shift", "output_scale"});
      const auto numbers = [&](const char *name) {
        return scaling[name].get<std::vector<double>>();
      };
      surrogate.scaling.input_shift  = numbers("input_shift");
      surrogate.scaling.input_scale  = numbers("input_scale");
      surrogate.scaling.output_shift = numbers("output_shift");
      surrogate.scaling.output_scale = numbers("output_scale");

      surrogate.provenance = provenance_from(document["provenance"]);
      surrogate.check();
      return surrogate;
    }
  } // namespace



  std::string
  to_model_text(const Surrogate &surrogate)
  {
    surrogate.check();
    const Architecture &architecture = surrogate.architecture;
    const Scaling      &scaling      = surrogate.scaling;
    Json                document     = {{"format", format_name},
                                        {"format_version", format_version},
                                        {"coordinates", surrogate.coordinates},
                                        {"components", surrogate.components},
                                        {"architecture",
                                         {{"inputs", architecture.n_inputs},
                                          {"hidden", architecture.hidden},
                                          {"outputs", architecture.n_outputs},
                                          {"activation", to_string(architecture.activation)},
                                          {"softplus_beta", architecture.softplus_beta}}},
                                        {"scaling",
                                         {{"input_shift", scaling.input_shift},
                                          {"input_scale", scaling.input_scale},
                                          {"output_shift", scaling.output_shift},
                                          {"output_scale", scaling.output_scale}}},
                                        {"provenance", to_json(surrogate.provenance)},
                                        {"parameters",
                                         std::vector<double>(surrogate.parameters.begin(),
                                          surrogate.parameters.end())}};
    document["checksum"]             = checksum(document);
    return to_text(document, 1) + "\n";
  }



  Surrogate
  from_model_text(const std::string &text, const std::string &origin)
  {
    std::string reason;
    try
      {
        return surrogate_from(parse(text));
      }
    catch (const nlohmann::json::parse_error &)
      {
        reason = "it is not valid JSON: it is truncated or something else";
      }
    catch (const nlohmann::json::exception &error)
      {
        reason = std::string("an entry is not what it should be (") +
                 error.what() + ")";
      }
    catch (const ExceptionBase &error)
      {
        reason = error_message(error);
        if (!reason.empty() && reason.back() == '.')
          reason.pop_back();
      }
    AssertThrow(false,
                ExcMessage("The model file '" + origin +
                           "' cannot be used: " + reason + "."));
    throw;
  }



  void
  save(const MPI_Comm    &communicator,
       const std::string &path,
       const Surrogate   &surrogate)
  {
    write_file(communicator, path, to_model_text(surrogate));
  }



  Surrogate
  load(const MPI_Comm &communicator, const std::string &path)
  {
    return from_model_text(read_file(communicator, path, "model file"), path);
  }
} // namespace derl
