// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "checkpoint_records.h"

#include <boost/crc.hpp>

#include <algorithm>
#include <cstring>

namespace fuzz
{
  namespace
  {
    const std::string     head_of_file("DERLckpt\1\0\0\0", 12);
    constexpr std::size_t size_of_head     = 24;
    constexpr std::size_t size_of_checksum = 4;
    constexpr std::size_t word             = 8;



    template <typename Number>
    void
    append(std::string &bytes, const Number number)
    {
      bytes.append(reinterpret_cast<const char *>(&number), sizeof(number));
    }



    template <typename Number>
    Number
    number_at(const std::string &bytes, const std::size_t position)
    {
      Number result;
      require(position + sizeof(result) <= bytes.size(),
              "this is no good checkpoint");
      std::memcpy(&result, bytes.data() + position, sizeof(result));
      return result;
    }



    /**
     * Append @p part and its checksum.
     */
    void
    append_sealed(std::string &bytes, const std::string &part)
    {
      boost::crc_32_type checksum;
      checksum.process_bytes(part.data(), part.size());
      bytes += part;
      append(bytes, std::uint32_t(checksum.checksum()));
    }



    void
    append_head(std::string &bytes, const Record &record)
    {
      std::string head;
      append(head, record.type);
      append(head,
             record.name_length == std::uint32_t(-1)
               ? std::uint32_t(record.name.size())
               : record.name_length);
      append(head, record.n_rows);
      append(head, record.n_columns);
      append_sealed(bytes, head + record.name);
    }



    std::size_t
    size_of_entry(const std::uint32_t type)
    {
      return type == 3 ? 1 : word;
    }



    /**
     * Another entry in place of one of the payload's.
     */
    void
    mutate_payload(Record &record, const Record &other, Dice &dice)
    {
      if (record.type == 3 || record.payload.size() < word)
        {
          const std::vector<std::string> words = {"auto",
                                                  "Adam",
                                                  "L-BFGS",
                                                  "L-BFGS, strong Wolfe",
                                                  "L-BFGS, fixed step",
                                                  "Levenberg-Marquardt",
                                                  "self-scaled Broyden",
                                                  "self-scaled BFGS",
                                                  "BFGS"};
          if (dice.one_in(2))
            record.payload = dice.choose(words);
          else
            mutate_bytes(record.payload, other.payload, dice);
          record.n_rows = record.payload.size() / size_of_entry(record.type);
          return;
        }
      std::string entry;
      if (record.type == 2)
        append(entry, dice.integer());
      else
        append(entry, dice.one_in(8) ? dice.any_real() : dice.real());
      const std::size_t n     = record.payload.size() / word;
      const std::size_t first = dice.below(n);
      const std::size_t last  = dice.one_in(4) ? n : first + 1;
      for (std::size_t k = first; k < last; ++k)
        record.payload.replace(k * word, word, entry);
    }



    void
    mutate_size(Record &record, Dice &dice)
    {
      switch (dice.below(4))
        {
        case 0:
          record.n_rows = dice.integer();
          break;
        case 1:
          record.n_columns = dice.integer();
          break;
        case 2:
          std::swap(record.n_rows, record.n_columns);
          break;
        default:
          record.n_rows    = dice.below(100);
          record.n_columns = dice.below(4);
          record.payload.resize(record.n_rows * record.n_columns *
                                size_of_entry(record.type));
        }
    }



    void
    mutate_name(Record &record, const Record &other, Dice &dice)
    {
      switch (dice.below(4))
        {
        case 0:
          record.name = other.name;
          break;
        case 1:
          record.name_length = std::uint32_t(dice.integer());
          break;
        default:
          mutate_bytes(record.name, other.name, dice);
        }
    }
  } // namespace



  Checkpoint
  take_apart(const std::string &bytes)
  {
    require(bytes.compare(0, head_of_file.size(), head_of_file) == 0,
            "this is no checkpoint");
    Checkpoint  result;
    std::size_t position = head_of_file.size();
    while (true)
      {
        Record     record;
        const auto length = number_at<std::uint32_t>(bytes, position + 4);
        record.type       = number_at<std::uint32_t>(bytes, position);
        record.n_rows     = number_at<std::uint64_t>(bytes, position + 8);
        record.n_columns  = number_at<std::uint64_t>(bytes, position + 16);
        record.name       = bytes.substr(position + size_of_head, length);
        if (record.type == 0)
          return result;
        position += size_of_head + length + size_of_checksum;
        record.payload = bytes.substr(position,
                                      record.n_rows * record.n_columns *
                                        size_of_entry(record.type));
        position += record.payload.size() + size_of_checksum;
        result.records.push_back(record);
      }
  }



  std::string
  put_together(const Checkpoint &checkpoint)
  {
    std::string bytes = head_of_file;
    for (const Record &record : checkpoint.records)
      {
        append_head(bytes, record);
        append_sealed(bytes, record.payload);
      }
    append_head(bytes,
                {0,
                 "end",
                 checkpoint.n_records == std::uint64_t(-1)
                   ? checkpoint.records.size()
                   : checkpoint.n_records,
                 0,
                 ""});
    return bytes;
  }



  void
  mutate_checkpoint(Checkpoint &checkpoint, const Checkpoint &other, Dice &dice)
  {
    auto &records = checkpoint.records;
    if (records.empty())
      return;
    const std::size_t k      = dice.below(records.size());
    Record           &record = records[k];
    const Record     &from   = dice.choose(other.records);
    switch (dice.below(24))
      {
      case 0:
        records.erase(records.begin() + k);
        break;
      case 1:
        records.insert(records.begin() + k, from);
        break;
      case 2:
        std::swap(record, dice.choose(records));
        break;
      case 3:
        record.type = dice.one_in(2) ? dice.below(5) : dice.integer();
        break;
      case 4:
        mutate_name(record, from, dice);
        break;
      case 5:
      case 6:
        mutate_size(record, dice);
        break;
      case 7:
        checkpoint.n_records = dice.integer();
        break;
      case 8:
      case 9:
      case 10:
        // the record of this name
        for (const Record &same : other.records)
          if (same.name == record.name)
            record = same;
        break;
      default:
        mutate_payload(record, from, dice);
      }
  }
} // namespace fuzz
