// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Texts of model files that were altered, and what the reader says of them.

#ifndef derl_tests_network_model_texts_h
#define derl_tests_network_model_texts_h

#include <derl/base/collective.h>

#include <derl/network/surrogate.h>

#include <boost/crc.hpp>

#include <cstdio>
#include <string>

#include <nlohmann/json.hpp>

#include "../tests.h"

namespace derl
{
  using Json = nlohmann::ordered_json;



  /**
   * The reader's message, which must name the file; empty if the text is taken
   * for a model.
   */
  inline std::string
  message_for(const std::string &text)
  {
    try
      {
        from_model_text(text, "some/path.json");
        return "";
      }
    catch (const std::exception &error)
      {
        const std::string message = error_message(error);
        const std::string begin   = "The model file 'some/path.json' cannot be "
                                    "used: ";
        return message.compare(0, begin.size(), begin) == 0
                 ? message.substr(begin.size())
                 : "FAILED, does not name the file: " + message;
      }
  }



  /**
   * Log the message, without what the JSON library says in brackets.
   */
  inline void
  log_message(const std::string &what, const std::string &text)
  {
    const std::string message = message_for(text);
    dealii::deallog << what << ": "
                    << (message.empty() ? "FAILED, was accepted"
                                        : message.substr(0, message.find(" (")))
                    << std::endl;
  }



  inline std::string
  with_checksum(Json document)
  {
    document.erase("checksum");
    const std::string  text = document.dump();
    boost::crc_32_type crc;
    crc.process_bytes(text.data(), text.size());
    char digits[9];
    std::snprintf(digits,
                  sizeof(digits),
                  "%08x",
                  static_cast<unsigned int>(crc.checksum()));
    document["checksum"] = digits;
    return document.dump(1) + "\n";
  }
} // namespace derl

#endif
