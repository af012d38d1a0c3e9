// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/network/surrogate.h>

#include <boost/crc.hpp>

#include <cstdio>
#include <set>

#include "model_json.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    using internal::expect_entries;
    using internal::expect_list;
    using internal::Json;
    using internal::whole_number;

    constexpr int     format_version = 2;
    const char *const format_name    = "DERL surrogate";

    /**
     * A model file has nine levels, and four more for each surrogate within a
     * surrogate. The limit keeps the recursions of nlohmann::json from using up
     * the stack.
     */
    constexpr int max_depth = 10 + 4 * internal::max_model_nesting;



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
     * Throw unless the document says that it is a model in a format that is
     * known.
     */
    void
    check_format(const Json &document)
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
      AssertThrow(version.is_number_unsigned() && version != 0,
                  ExcMessage("there is no format version " + version.dump()));
    }



    Architecture
    architecture_from(const Json &shape)
    {
      expect_entries(
        shape,
        "'architecture'",
        {"inputs", "hidden", "outputs", "activation", "softplus_beta"});
      Architecture architecture;
      architecture.n_inputs = whole_number(shape["inputs"]);
      architecture.hidden = internal::whole_numbers(shape["hidden"], "hidden");
      architecture.n_outputs = whole_number(shape["outputs"]);
      architecture.activation =
        activation_from_string(shape["activation"].get<std::string>());
      architecture.softplus_beta = shape["softplus_beta"].get<double>();
      architecture.check();
      return architecture;
    }



    Scaling
    scaling_from(const Json &json)
    {
      expect_entries(
        json,
        "'scaling'",
        {"input_shift", "input_scale", "output_shift", "output_scale"});
      const auto numbers = [&](const char *name) {
        return json[name].get<std::vector<double>>();
      };
      Scaling result;
      result.input_shift  = numbers("input_shift");
      result.input_scale  = numbers("input_scale");
      result.output_shift = numbers("output_shift");
      result.output_scale = numbers("output_scale");
      return result;
    }
  } // namespace



  Surrogate
  internal::surrogate_from(Json document, const unsigned int nesting)
  {
    AssertThrow(nesting <= max_model_nesting,
                ExcMessage("there are too many surrogates within surrogates"));
    check_format(document);
    AssertThrow(document.contains("checksum") &&
                  document["checksum"].is_string(),
                ExcMessage("its checksum is missing"));
    const std::string expected = document["checksum"].get<std::string>();
    document.erase("checksum");
    AssertThrow(expected == checksum(document),
                ExcMessage("its checksum does not fit its contents: it was "
                           "altered or damaged"));

    std::set<std::string> entries = {"format",
                                     "format_version",
                                     "coordinates",
                                     "components",
                                     "architecture",
                                     "scaling",
                                     "provenance",
                                     "parameters"};
    if (document["format_version"] != 1)
      entries.insert("sections");
    expect_entries(document, "the file", entries);

    // before anything of that size is allocated
    const Architecture architecture =
      architecture_from(document["architecture"]);
    const Json &parameters = document["parameters"];
    AssertThrow(parameters.is_array() &&
                  parameters.size() == architecture.n_parameters(),
                ExcMessage("the number of parameters does not fit the "
                           "architecture"));

    Surrogate surrogate;
    surrogate.architecture = architecture;
    surrogate.coordinates =
      document["coordinates"].get<std::vector<std::string>>();
    surrogate.components =
      document["components"].get<std::vector<std::string>>();
    surrogate.parameters.reinit(parameters.size());
    for (unsigned int i = 0; i < parameters.size(); ++i)
      surrogate.parameters(i) = parameters[i].get<double>();
    surrogate.scaling    = scaling_from(document["scaling"]);
    surrogate.provenance = provenance_from(document["provenance"]);
    if (document.contains("sections"))
      read_sections(document["sections"], nesting, surrogate);
    surrogate.check();
    return surrogate;
  }



  internal::Json
  internal::to_document(const Surrogate &surrogate, const unsigned int nesting)
  {
    AssertThrow(nesting <= max_model_nesting,
                ExcMessage("There are too many surrogates within surrogates "
                           "to save this one."));
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
                                        {"sections", sections_of(surrogate, nesting)},
                                        {"parameters",
                                         std::vector<double>(surrogate.parameters.begin(),
                                          surrogate.parameters.end())}};
    document["checksum"]             = checksum(document);
    return document;
  }



  std::string
  to_model_text(const Surrogate &surrogate)
  {
    return to_text(internal::to_document(surrogate, 0), 1) + "\n";
  }



  Surrogate
  from_model_text(const std::string &text, const std::string &origin)
  {
    std::string reason;
    try
      {
        return internal::surrogate_from(parse(text), 0);
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
