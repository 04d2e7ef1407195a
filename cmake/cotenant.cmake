# SPDX-License-Identifier: Apache-2.0
#
# How every target of this project is made: one function for libraries, one for tests.

find_package(Threads REQUIRED)

# Same source, same bits: a fused multiply-add rounds once where two operations round twice, so the
# compiler may not form one. See docs/determinism.md.
add_compile_options(-ffp-contract=off)
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast)

# GCC 12 warns of overlapping copies inside its own std::string (GCC bugs 105329 and 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-restrict)
endif()

# cotenant_library(NAME SOURCES file... LINKS target...)
# The repository root is the only include root.
function(cotenant_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${arg_LINKS})
endfunction()

# cotenant_test(NAME LABEL label SOURCES file... LINKS target...)
# One executable; each of its GoogleTest cases is a CTest test that bears the label. The target
# tests_<label> builds all executables of a label.
function(cotenant_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL" "SOURCES;LINKS")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_LINKS} GTest::gtest GTest::gtest_main)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(${name} PRIVATE -O1)  # the test code itself: half the time to build it
  endif()
  target_compile_definitions(${name} PRIVATE COTENANT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  set(timeout 300)
  if(arg_LABEL STREQUAL "long")
    set(timeout 1800)
  endif()
  gtest_discover_tests(${name} TEST_PREFIX ${name}. PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${timeout} DISCOVERY_TIMEOUT 60)
  if(NOT TARGET tests_${arg_LABEL})
    add_custom_target(tests_${arg_LABEL})
  endif()
  add_dependencies(tests_${arg_LABEL} ${name})
endfunction()
