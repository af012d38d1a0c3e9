# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# deal.II's test driver takes a test executable whose file interrupt_guard.cc is
# in place for one that was interrupted, and links it again; the guard of a test
# that has run is kept as interrupt_guard.cc_bck. Called with
#   -DACTION=open    before, and
#   -DACTION=close   after test executables are built outside of ctest,
# this script makes them look as if ctest had built them.

if(ACTION STREQUAL "open")
  file(GLOB_RECURSE _guards ${FOLDER}/interrupt_guard.cc)
  if(_guards)
    file(REMOVE ${_guards})
  endif()
  set(_from interrupt_guard.cc_bck)
  set(_to interrupt_guard.cc)
else()
  set(_from interrupt_guard.cc)
  set(_to interrupt_guard.cc_bck)
endif()

file(GLOB_RECURSE _guards ${FOLDER}/${_from})
foreach(_guard ${_guards})
  get_filename_component(_folder ${_guard} DIRECTORY)
  file(RENAME ${_guard} ${_folder}/${_to})
endforeach()
