// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The program of a room: runs the test whose name it is given.

#include <iostream>

#include "tests.h"

int
main(int argc, char **argv)
{
  dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const auto test = room_tests().find(argc == 2 ? argv[1] : "");
  if (test == room_tests().end())
    {
      std::cerr << "Give the name of one test:";
      for (const auto &name_and_function : room_tests())
        std::cerr << ' ' << name_and_function.first;
      std::cerr << std::endl;
      return 1;
    }
  test->second();
}
