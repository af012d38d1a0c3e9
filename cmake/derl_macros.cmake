# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.

# Options that must stand behind those of deal.II on the command line. Debian's
# deal.II asks for debug symbols in Release mode too; without them the compiler
# needs a quarter less time.
add_library(derl_compile_options INTERFACE)
set(DERL_SANITIZE "" CACHE STRING
  "Sanitizers of the compiler, as in address,undefined; none if empty")
if(DERL_SANITIZE)
  # Whatever a sanitizer finds ends the program. deal.II's own hardening of the
  # C library would hide some calls from the address sanitizer. Reports show
  # lines of the source; more optimization would make the instrumented code
  # slow to compile.
  string(REPLACE ";" "," _sanitizers "${DERL_SANITIZE}")
  target_compile_options(derl_compile_options INTERFACE
    -fsanitize=${_sanitizers} -fno-sanitize-recover=all
    -fno-omit-frame-pointer -U_FORTIFY_SOURCE -g1 -O1)
else()
  target_compile_options(derl_compile_options
    INTERFACE $<$<CONFIG:Release>:-g0>)
endif()

#
# derl_link_privately(target library...)
#
# Link without making the libraries part of the target's interface. deal.II's
# macros use target_link_libraries() without keywords, and CMake does not allow
# PRIVATE beside that, hence the property.
#
function(derl_link_privately _target)
  set_property(TARGET ${_target} APPEND PROPERTY LINK_LIBRARIES ${ARGN})
endfunction()

#
# derl_setup_target(target)
#
# Give a target of this project deal.II's flags and libraries, then our own.
#
function(derl_setup_target _target)
  deal_ii_setup_target(${_target})
  derl_link_privately(${_target} derl_compile_options)
endfunction()

# More than half of the time of most translation units goes into deal.II's
# headers. ccache does not store what uses a precompiled one, unless it is asked
# to be sloppy.
if(CMAKE_CXX_COMPILER_LAUNCHER OR CMAKE_VERSION VERSION_LESS 3.16)
  option(DERL_PRECOMPILED_HEADERS "Precompile deal.II's headers" OFF)
else()
  option(DERL_PRECOMPILED_HEADERS "Precompile deal.II's headers" ON)
endif()

#
# derl_precompile_headers(target header...)
#
# All sources of the target see the headers. They include what they need all the
# same: without precompiled headers the project must compile as well.
#
function(derl_precompile_headers _target)
  if(DERL_PRECOMPILED_HEADERS)
    target_precompile_headers(${_target} PRIVATE ${ARGN})
  endif()
endfunction()

#
# derl_reuse_precompiled_headers(target)
#
# The target, an application or a test, sees those of derl_solvers.
#
function(derl_reuse_precompiled_headers _target)
  if(DERL_PRECOMPILED_HEADERS)
    target_precompile_headers(${_target} REUSE_FROM derl_solvers)
  endif()
endfunction()

#
# derl_add_program(name)
#
# The executable `name` from name.cc, installed so that it finds the library.
#
function(derl_add_program _name)
  add_executable(${_name} ${_name}.cc)
  derl_setup_target(${_name})
  derl_reuse_precompiled_headers(${_name})
  target_link_libraries(${_name} derl)

  file(RELATIVE_PATH _library_path
    ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  set_target_properties(${_name} PROPERTIES
    INSTALL_RPATH "$ORIGIN/${_library_path}")
  install(TARGETS ${_name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

#
# derl_add_application(name)
#
# A program with what the applications share. All other .cc files of the current
# folder are the static library `name_parts`, which tests can link as well. The
# files of parameters in the folder prm/, and models beside them, are installed.
#
function(derl_add_application _name)
  derl_add_program(${_name})
  file(GLOB _parts CONFIGURE_DEPENDS *.cc)
  list(REMOVE_ITEM _parts ${CMAKE_CURRENT_SOURCE_DIR}/${_name}.cc)
  if(_parts)
    add_library(${_name}_parts STATIC ${_parts})
    derl_setup_target(${_name}_parts)
    derl_reuse_precompiled_headers(${_name}_parts)
    target_include_directories(${_name}_parts
      PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(${_name}_parts derl_solvers)
    target_link_libraries(${_name} ${_name}_parts)
  endif()
  target_link_libraries(${_name} derl_solvers)
  install(DIRECTORY prm/
    DESTINATION ${CMAKE_INSTALL_DATADIR}/derl/${_name}
    FILES_MATCHING PATTERN "*.prm" PATTERN "*.json")
endfunction()
