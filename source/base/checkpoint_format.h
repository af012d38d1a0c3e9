// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What writer and reader of checkpoints share; see doc/checkpoint.md.

#ifndef derl_base_checkpoint_format_h
#define derl_base_checkpoint_format_h

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace derl
{
  namespace checkpoint_format
  {
    constexpr std::array<char, 8> magic = {
      {'D', 'E', 'R', 'L', 'c', 'k', 'p', 't'}};
    constexpr std::uint32_t format_version = 1;

    // Types of records
    constexpr std::uint32_t end_of_file  = 0;
    constexpr std::uint32_t real_numbers = 1;
    constexpr std::uint32_t integers     = 2;
    constexpr std::uint32_t characters   = 3;

    // Limits that no checkpoint comes near, for files that are none
    constexpr std::size_t max_name_length = 100;
    constexpr std::size_t max_text_length = std::size_t(1) << 20;
    constexpr std::size_t max_n_records   = 100000;

    /** Numbers that are handled at once. */
    constexpr std::size_t piece_size = std::size_t(1) << 17;



    /**
     * The fixed part of a record, before its name.
     */
    struct RecordHeader
    {
      std::uint32_t type;
      std::uint32_t name_length;
      std::uint64_t n_rows;
      std::uint64_t n_columns;
    };
    static_assert(sizeof(RecordHeader) == 24, "The format has no gaps.");



    inline void
    convert_byte_order(RecordHeader &header)
    {
      boost::endian::little_to_native_inplace(header.type);
      boost::endian::little_to_native_inplace(header.name_length);
      boost::endian::little_to_native_inplace(header.n_rows);
      boost::endian::little_to_native_inplace(header.n_columns);
    }



    inline std::size_t
    size_of(const std::uint32_t type)
    {
      return type == characters ? 1 : 8;
    }



    inline bool
    is_good_name(const std::string &name)
    {
      return !name.empty() && name.size() <= max_name_length &&
             std::all_of(name.begin(), name.end(), [](const char c) {
               return c >= ' ' && c <= '~';
             });
    }



    /**
     * Call @p work with the first number and the size of each piece of a block
     * of @p n numbers.
     */
    template <typename Work>
    void
    for_each_piece(const std::uint64_t n, const Work &work)
    {
      for (std::uint64_t begin = 0; begin < n; begin += piece_size)
        work(begin,
             static_cast<std::size_t>(
               std::min<std::uint64_t>(piece_size, n - begin)));
    }



    /**
     * Call @p work with pointers to the parts of rows that numbers @p begin to
     * @p begin + @p n lie in, and the lengths of these parts.
     */
    template <typename Number, typename Work>
    void
    for_each_part(Number             *rows,
                  const std::uint64_t n_columns,
                  const std::uint64_t stride,
                  std::uint64_t       begin,
                  std::size_t         n,
                  const Work         &work)
    {
      while (n > 0)
        {
          const std::uint64_t column = begin % n_columns;
          const std::size_t   length =
            std::min<std::uint64_t>(n, n_columns - column);
          work(rows + begin / n_columns * stride + column, length);
          begin += length;
          n -= length;
        }
    }
  } // namespace checkpoint_format
} // namespace derl

#endif
