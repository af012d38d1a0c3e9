// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Open MPI unloads its components before the program ends. The leak sanitizer
// could then not tell where the memory that they leave behind comes from, and
// nothing could be said about it in lsan.supp; so libraries stay where they
// are. Part of the library in builds with sanitizers only.

extern "C" int
dlclose(void *) noexcept
{
  return 0;
}
