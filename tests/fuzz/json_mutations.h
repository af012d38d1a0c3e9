// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_tests_fuzz_json_mutations_h
#define derl_tests_fuzz_json_mutations_h

#include <nlohmann/json.hpp>

#include "fuzz.h"

namespace fuzz
{
  using Json = nlohmann::ordered_json;

  /**
   * Change a node of @p document, whatever its entries mean; @p other is a
   * document from which nodes may be taken.
   */
  void
  mutate_json(Json &document, const Json &other, Dice &dice);
} // namespace fuzz

#endif
