# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# How the tests are run: see deal.II's testsuite documentation for the names of
# the files (test.cc or test.prm, test.output, test.mpirun=2.output).

set(TEST_LIBRARIES derl derl_compile_options)

# One thread per rank, whatever BLAS is installed.
set(DERL_TEST_ENVIRONMENT
  DEAL_II_NUM_THREADS=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1)

if(DERL_SANITIZE)
  # Everything takes several times as long. One allocation of more than a
  # gigabyte is none that a test asks for.
  set(TEST_TIME_LIMIT 3600)
  list(APPEND DERL_TEST_ENVIRONMENT
    DERL_TIME_FACTOR=10
    ASAN_OPTIONS=detect_leaks=1:max_allocation_size_mb=1024
    LSAN_OPTIONS=suppressions=${CMAKE_CURRENT_LIST_DIR}/../tests/sanitizers/lsan.supp:print_suppressions=0
    UBSAN_OPTIONS=print_stacktrace=1)
endif()

execute_process(COMMAND ${DEAL_II_MPIEXEC} --version
  OUTPUT_VARIABLE _mpi_version ERROR_QUIET)
if(_mpi_version MATCHES "(Open ?MPI|OpenRTE)[^0-9]*([0-9]+)")
  set(_open_mpi_major ${CMAKE_MATCH_2})
  # Tests run side by side; bound ranks would all sit on the first cores. The
  # test driver sets OMP_NUM_THREADS=2, -x takes it back.
  set(DEAL_II_MPIEXEC_PREFLAGS
    --bind-to none --oversubscribe -x OMP_NUM_THREADS=1)
  execute_process(COMMAND id -u
    OUTPUT_VARIABLE _user_id OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(_user_id STREQUAL "0")
    list(APPEND DEAL_II_MPIEXEC_PREFLAGS --allow-run-as-root)
  endif()
  # Messages on stderr are part of a test's output. Open MPI 5 complains where
  # there is no network interface, Open MPI 4 where a container forbids one
  # process to read another one's memory.
  if(_open_mpi_major GREATER_EQUAL 5)
    list(APPEND DERL_TEST_ENVIRONMENT OMPI_MCA_btl=self,sm)
  else()
    list(APPEND DERL_TEST_ENVIRONMENT
      OMPI_MCA_btl_vader_single_copy_mechanism=none)
  endif()
endif()

# All test executables; ctest would otherwise build each one when it runs it.
add_custom_target(test_executables)
if(CMAKE_GENERATOR MATCHES "Makefiles")
  set(_build_executables $(MAKE) test_executables) # shares the -j of the caller
else()
  set(_build_executables
    ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target test_executables)
endif()
set(_guards ${CMAKE_COMMAND} -DFOLDER=${CMAKE_CURRENT_BINARY_DIR})
set(_guards_script -P ${PROJECT_SOURCE_DIR}/cmake/interrupt_guards.cmake)
add_custom_target(build_tests
  COMMAND ${_guards} -DACTION=open ${_guards_script}
  COMMAND ${_build_executables}
  COMMAND ${_guards} -DACTION=close ${_guards_script}
  WORKING_DIRECTORY ${CMAKE_BINARY_DIR})

# Every test asks for the libraries and the applications to be up to date; as a
# fixture this happens once, before tests run side by side.
add_test(NAME build
  COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR})
set_tests_properties(build PROPERTIES FIXTURES_SETUP build TIMEOUT 3600)

#
# derl_pickup_tests()
#
# deal_ii_pickup_tests() for the current folder, with the settings above.
#
macro(derl_pickup_tests)
  deal_ii_pickup_tests()

  get_property(_tests DIRECTORY PROPERTY TESTS)
  if(_tests)
    set_tests_properties(${_tests} PROPERTIES
      ENVIRONMENT "${DERL_TEST_ENVIRONMENT}"
      FIXTURES_REQUIRED build)
  endif()

  get_property(_targets DIRECTORY PROPERTY BUILDSYSTEM_TARGETS)
  foreach(_target ${_targets})
    get_target_property(_type ${_target} TYPE)
    if(_type STREQUAL "EXECUTABLE")
      add_dependencies(test_executables ${_target})
      derl_reuse_precompiled_headers(${_target})
    endif()
  endforeach()
endmacro()

#
# derl_add_application_tests(application script...)
#
# Tests of an application as a user runs it, by the scripts of the current
# folder; see tests/applications/common.sh.
#
function(derl_add_application_tests _application)
  foreach(_script ${ARGN})
    set(_test ${_application}/${_script})
    add_test(NAME ${_test}
      COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/${_script}.sh
        $<TARGET_FILE:${_application}>
        ${PROJECT_SOURCE_DIR}/applications/${_application}/prm
        ${CMAKE_CURRENT_BINARY_DIR}/${_script}
        ${DEAL_II_MPIEXEC} ${DEAL_II_MPIEXEC_PREFLAGS}
        ${DEAL_II_MPIEXEC_NUMPROC_FLAG})
    set_tests_properties(${_test} PROPERTIES
      ENVIRONMENT "${DERL_TEST_ENVIRONMENT}"
      FIXTURES_REQUIRED build
      TIMEOUT 1800)
  endforeach()

  # Tests of several ranks each share few cores in `ctest -j2`: ranks that wait
  # must not spin.
  get_property(_tests DIRECTORY PROPERTY TESTS)
  set_property(TEST ${_tests} APPEND PROPERTY
    ENVIRONMENT OMPI_MCA_mpi_yield_when_idle=1)
endfunction()
