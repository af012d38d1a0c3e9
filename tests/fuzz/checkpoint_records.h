// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Checkpoints taken apart, changed, and put together with right checksums; the
// format is that of doc/checkpoint.md.

#ifndef derl_tests_fuzz_checkpoint_records_h
#define derl_tests_fuzz_checkpoint_records_h

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz.h"

namespace fuzz
{
  struct Record
  {
    std::uint32_t type;
    std::string   name;
    std::uint64_t n_rows, n_columns;
    std::string   payload;

    /** What the head says of the name; -1 for the truth. */
    std::uint32_t name_length = -1;
  };

  struct Checkpoint
  {
    std::vector<Record> records;

    /** What the end says of the records; -1 for the truth. */
    std::uint64_t n_records = -1;
  };

  /** The records of a good file. */
  Checkpoint
  take_apart(const std::string &bytes);

  std::string
  put_together(const Checkpoint &checkpoint);

  /**
   * Change a record, or which records there are; @p other has records that may
   * be taken over.
   */
  void
  mutate_checkpoint(Checkpoint       &checkpoint,
                    const Checkpoint &other,
                    Dice             &dice);
} // namespace fuzz

#endif
