// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Reading and writing the parts of a model file, which must be what they should
// be: for the source files that do so.

#ifndef derl_network_model_json_h
#define derl_network_model_json_h

#include <derl/network/surrogate.h>

#include <deal.II/base/exceptions.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace derl
{
  namespace internal
  {
    // keeps the entries in the order in which they are written
    using Json = nlohmann::ordered_json;

    /**
     * Surrogates may be within surrogates, as liftings, but not more often than
     * that.
     */
    constexpr unsigned int max_model_nesting = 4;

    /**
     * Throw unless @p object has exactly the entries @p names.
     */
    void
    expect_entries(const Json                  &object,
                   const std::string           &where,
                   const std::set<std::string> &names);

    const Json &
    expect_list(const Json &list, const char *const name);

    /**
     * Throw unless @p x counts something.
     */
    unsigned int
    whole_number(const Json &x);

    std::vector<unsigned int>
    whole_numbers(const Json &list, const std::string &name);

    /**
     * Numbers that are not finite, which JSON does not have, become null, and
     * null becomes @p otherwise.
     */
    Json
    number_or_null(const double x);

    double
    number_or(const Json &x, const double otherwise);

    /**
     * Named numbers as an object.
     */
    Json
    to_json(const std::vector<std::pair<std::string, double>> &numbers);

    std::vector<std::pair<std::string, double>>
    named_numbers_from(const Json &object, const std::string &name);

    Json
    to_json(const Provenance &provenance);

    Provenance
    provenance_from(const Json &json);

    /**
     * A whole model as a document with its checksum, and back. @p nesting
     * counts the surrogates around it.
     */
    Json
    to_document(const Surrogate &surrogate, const unsigned int nesting);

    Surrogate
    surrogate_from(Json document, const unsigned int nesting);

    /**
     * The optional sections that a surrogate needs.
     */
    Json
    sections_of(const Surrogate &surrogate, const unsigned int nesting);

    /**
     * Read the sections into @p surrogate. Throws if one is unknown.
     */
    void
    read_sections(const Json        &sections,
                  const unsigned int nesting,
                  Surrogate         &surrogate);
  } // namespace internal
} // namespace derl

#endif
