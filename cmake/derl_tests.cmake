# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# How the tests are built and run.

# Seconds
set(TEST_TIME_LIMIT 1200)

# One thread per rank, whatever BLAS is installed.
set(DERL_TEST_ENVIRONMENT
  DEAL_II_NUM_THREADS=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1)

if(DERL_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL "Debug")
  # Everything takes several times as long.
  set(TEST_TIME_LIMIT 3600)
  list(APPEND DERL_TEST_ENVIRONMENT DERL_TIME_FACTOR=10)
endif()
if(DERL_SANITIZE)
  # One allocation of more than a gigabyte is none that a test asks for.
  list(APPEND DERL_TEST_ENVIRONMENT
    ASAN_OPTIONS=detect_leaks=1:max_allocation_size_mb=1024
    LSAN_OPTIONS=suppressions=${CMAKE_CURRENT_LIST_DIR}/../tests/sanitizers/lsan.supp:print_suppressions=0
    UBSAN_OPTIONS=print_stacktrace=1)
endif()

execute_process(COMMAND ${DEAL_II_MPIEXEC} --version
  OUTPUT_VARIABLE _mpi_version ERROR_QUIET)
if(_mpi_version MATCHES "(Open ?MPI|OpenRTE)[^0-9]*([0-9]+)")
  set(_open_mpi_major ${CMAKE_MATCH_2})
  # Tests run side by side; bound ranks would all sit on the first cores.
  set(DEAL_II_MPIEXEC_PREFLAGS --bind-to none --oversubscribe)
  execute_process(COMMAND id -u
    OUTPUT_VARIABLE _user_id OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(_user_id STREQUAL "0")
    list(APPEND DEAL_II_MPIEXEC_PREFLAGS --allow-run-as-root)
  endif()
  # Open MPI 5 complains where there is no network interface, Open MPI 4 where a
  # container forbids one process to read another one's memory.
  if(_open_mpi_major GREATER_EQUAL 5)
    list(APPEND DERL_TEST_ENVIRONMENT OMPI_MCA_btl=self,sm)
  else()
    list(APPEND DERL_TEST_ENVIRONMENT
      OMPI_MCA_btl_vader_single_copy_mechanism=none)
  endif()
endif()
# Ranks that wait must not spin where tests of several ranks share few cores.
list(APPEND DERL_TEST_ENVIRONMENT OMPI_MCA_mpi_yield_when_idle=1)

# What takes long in a test is in the libraries. Optimizing the tests themselves
# would double the time that they take to compile.
add_library(derl_test_options INTERFACE)
target_compile_options(derl_test_options INTERFACE
  $<$<CONFIG:Release>:-O1;-fno-unroll-loops;-fno-unroll-all-loops>)

# All that tests run, to be built beforehand.
add_custom_target(test_executables)
add_custom_target(build_tests DEPENDS test_executables)

# Tests ask for what they run to be up to date. As fixtures this happens once,
# before tests run side by side, and with the lock one after the other.
function(derl_add_build_fixture _fixture _test _target)
  add_test(NAME ${_test}
    COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target ${_target})
  set_tests_properties(${_test} PROPERTIES
    FIXTURES_SETUP ${_fixture}
    RESOURCE_LOCK build
    TIMEOUT 3600)
endfunction()

# The library and the applications
derl_add_build_fixture(build build all)

#
# derl_pickup_tests([library...])
#
# The tests of the current folder, the room: one executable of all its .cc files
# that contain a DERL_TEST and of the libraries, and a test for each reference
# and number of ranks in the name of the reference:
#
#   test.output                 run without mpirun
#   test.mpirun=1,2,3.output    the same on one, two and three ranks
#
# The executable is one translation unit, unless CMAKE_UNITY_BUILD is OFF: then
# a changed test alone is compiled, but all together take five times as long.
#
function(derl_pickup_tests)
  get_filename_component(_room ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  set(_executable tests_${_room})
  set(_sources ${PROJECT_SOURCE_DIR}/tests/main.cc)
  set(_tests)
  file(GLOB _files CONFIGURE_DEPENDS *.cc)
  foreach(_file ${_files})
    file(STRINGS ${_file} _test REGEX "^DERL_TEST\\([a-z0-9_]+\\)")
    if(_test)
      list(APPEND _sources ${_file})
      string(REGEX REPLACE "DERL_TEST\\((.*)\\).*" "\\1" _test ${_test})
      list(APPEND _tests ${_test})
    endif()
  endforeach()
  add_executable(${_executable} EXCLUDE_FROM_ALL ${_sources})
  deal_ii_setup_target(${_executable})
  target_include_directories(${_executable}
    PRIVATE ${PROJECT_SOURCE_DIR}/applications)
  target_link_libraries(${_executable}
    derl ${ARGN} derl_compile_options derl_test_options)
  if(NOT DEFINED CMAKE_UNITY_BUILD)
    set_target_properties(${_executable} PROPERTIES
      UNITY_BUILD ON
      UNITY_BUILD_BATCH_SIZE 0)
  endif()
  derl_reuse_precompiled_headers(${_executable})
  add_dependencies(test_executables ${_executable})
  derl_add_build_fixture(tests_${_room} ${_room}/build ${_executable})

  file(GLOB _references CONFIGURE_DEPENDS *.output)
  set(_referenced)
  foreach(_reference ${_references})
    get_filename_component(_file ${_reference} NAME)
    string(REGEX REPLACE "\\..*" "" _test ${_file})
    list(APPEND _referenced ${_test})
    if(NOT _test IN_LIST _tests)
      list(APPEND _single ${_test})
    elseif(_file STREQUAL "${_test}.output")
      derl_add_test(${_room} ${_test} ${_reference} 0)
    elseif(_file MATCHES "^[^.]+\\.mpirun=([0-9,]+)\\.output$")
      string(REPLACE "," ";" _numbers_of_ranks ${CMAKE_MATCH_1})
      foreach(_n_ranks ${_numbers_of_ranks})
        derl_add_test(${_room} ${_test} ${_reference} ${_n_ranks})
      endforeach()
    else()
      message(FATAL_ERROR "The name ${_file} says no numbers of ranks")
    endif()
  endforeach()
  foreach(_test ${_tests})
    if(NOT _test IN_LIST _referenced)
      message(FATAL_ERROR "The test ${_room}/${_test} has no reference")
    endif()
  endforeach()
  if(_single)
    # executables of their own: deal.II's way
    string(REPLACE ";" "|" _single "${_single}")
    set(TEST_PICKUP_REGEX "^${_room}/(${_single})$")
    set(TEST_LIBRARIES derl ${ARGN} derl_compile_options)
    get_property(_tests_of_room DIRECTORY PROPERTY TESTS)
    deal_ii_pickup_tests()
    get_property(_tests DIRECTORY PROPERTY TESTS)
    list(REMOVE_ITEM _tests ${_tests_of_room})
    set_tests_properties(${_tests} PROPERTIES
      ENVIRONMENT "${DERL_TEST_ENVIRONMENT}"
      FIXTURES_REQUIRED build)
    get_property(_targets DIRECTORY PROPERTY BUILDSYSTEM_TARGETS)
    foreach(_target ${_targets})
      if(_target MATCHES "^${_room}\\..*\\.(debug|release)$")
        add_dependencies(test_executables ${_target})
        derl_reuse_precompiled_headers(${_target})
      endif()
    endforeach()
  endif()
endfunction()

# One test of a room on a number of ranks, or without mpirun on 0.
function(derl_add_test _room _test _reference _n_ranks)
  set(_name ${_test})
  set(_launcher)
  if(_n_ranks GREATER 0)
    set(_name ${_test}.mpirun=${_n_ranks})
    set(_launcher ${DEAL_II_MPIEXEC} ${DEAL_II_MPIEXEC_NUMPROC_FLAG} ${_n_ranks}
      ${DEAL_II_MPIEXEC_PREFLAGS})
  endif()
  add_test(NAME ${_room}/${_name}
    COMMAND sh ${PROJECT_SOURCE_DIR}/tests/run_test.sh ${NUMDIFF_EXECUTABLE}
      ${CMAKE_CURRENT_BINARY_DIR}/${_name} ${_reference}
      ${_launcher} $<TARGET_FILE:tests_${_room}> ${_test})
  set_tests_properties(${_room}/${_name} PROPERTIES
    ENVIRONMENT "${DERL_TEST_ENVIRONMENT}"
    FIXTURES_REQUIRED tests_${_room}
    TIMEOUT ${TEST_TIME_LIMIT})
endfunction()

#
# derl_add_application_tests(application script...)
#
# Tests of an application as a user runs it, by the scripts of the current
# folder; see tests/applications/common.sh. The longest tests start first.
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
      COST 50
      TIMEOUT ${TEST_TIME_LIMIT})
  endforeach()
endfunction()
