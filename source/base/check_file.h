// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_check_file_h
#define derl_base_check_file_h

#include <deal.II/base/exceptions.h>

#include <filesystem>
#include <string>

namespace derl
{
  namespace internal
  {
    /**
     * Throw unless the file @p path can be read like a file: it exists and is
     * no folder or device. @p what names it at the beginning of the message.
     */
    inline void
    check_is_regular_file(const std::string &path, const std::string &what)
    {
      std::error_code error;
      const auto      status = std::filesystem::status(path, error);
      AssertThrow(
        std::filesystem::exists(status),
        dealii::ExcMessage(what + " does not exist. Check the path."));
      AssertThrow(std::filesystem::is_regular_file(status),
                  dealii::ExcMessage(what + " is not a regular file."));
    }
  } // namespace internal
} // namespace derl

#endif
