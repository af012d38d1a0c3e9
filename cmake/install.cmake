# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# find_package(derl) finds the library where it is installed, and also in the
# build tree (-Dderl_DIR=<build folder>) without an installation.

set(_config_destination ${CMAKE_INSTALL_LIBDIR}/cmake/derl)

install(TARGETS derl EXPORT derlTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY
  ${PROJECT_SOURCE_DIR}/include/derl
  ${PROJECT_BINARY_DIR}/include/derl
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/source/program/gnuplot
  DESTINATION ${CMAKE_INSTALL_DATADIR}/derl)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE
  DESTINATION ${CMAKE_INSTALL_DATADIR}/derl)

install(EXPORT derlTargets NAMESPACE derl::
  DESTINATION ${_config_destination})
export(EXPORT derlTargets NAMESPACE derl::
  FILE ${PROJECT_BINARY_DIR}/derlTargets.cmake)

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/derlConfig.cmake.in
  ${PROJECT_BINARY_DIR}/derlConfig.cmake
  INSTALL_DESTINATION ${_config_destination})
# Before 1.0 a change of the minor number may break users.
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/derlConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/derlConfig.cmake
  ${PROJECT_BINARY_DIR}/derlConfigVersion.cmake
  DESTINATION ${_config_destination})
