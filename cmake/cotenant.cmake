# SPDX-License-Identifier: Apache-2.0
#
# How every target of this project is made: one function for libraries, one for tests.

find_package(Threads REQUIRED)

# Same source, same bits: a fused multiply-add rounds once where two operations round twice, so the
# compiler may not form one. See docs/determinism.md.
add_compile_options(-ffp-contract=off)
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast)

# GCC 12 warns of overlapping copies inside its own std::string (GCC bugs 105329 and 105651), and takes the
# insides of a precompiled one for ours.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-restrict)
  if(COTENANT_PRECOMPILE)
    add_compile_options(-Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
endif()

# What runs once for each file or report, and the tests' own code, is not worth the time that the optimizer
# takes to build it: in Release half, under the sanitizers two thirds.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(not_hot_options -O1)
elseif(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  set(not_hot_options -O0)
endif()

# cotenant_library(NAME SOURCES file... LINKS target... [PRECOMPILE header...] [NOT_HOT])
# The repository root is the only include root. PRECOMPILE names what most of the sources include.
function(cotenant_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NOT_HOT" "" "SOURCES;LINKS;PRECOMPILE")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${arg_LINKS})
  if(arg_NOT_HOT)
    target_compile_options(${name} PRIVATE ${not_hot_options})
  endif()
  if(COTENANT_PRECOMPILE AND arg_PRECOMPILE)
    cotenant_precompile(${name} ${arg_PRECOMPILE})
  endif()
endfunction()

# cotenant_precompile(TARGET header...)   the project's own, from its root, and <others>
function(cotenant_precompile name)
  set(headers ${ARGN})
  list(TRANSFORM headers PREPEND ${PROJECT_SOURCE_DIR}/ REGEX "^[a-z]")
  target_precompile_headers(${name} PRIVATE ${headers})
endfunction()

# cotenant_precompiled(NAME HEADERS header... LINKS target...)
# Half the time to build a test goes into reading headers. Those of the models, or of a study, are read once.
function(cotenant_precompiled name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;LINKS")
  if(NOT COTENANT_PRECOMPILE)
    return()
  endif()
  add_library(${name} OBJECT ${PROJECT_SOURCE_DIR}/tests/support/precompiled.cpp)
  cotenant_test_options(${name})
  target_link_libraries(${name} PRIVATE ${arg_LINKS} GTest::gtest)
  cotenant_precompile(${name} <gtest/gtest.h> ${arg_HEADERS})
endfunction()

# cotenant_take_precompiled(TEST target...)
# The targets are what the test links: it must be compiled with the definitions that those bring along.
function(cotenant_take_precompiled name)
  if(NOT COTENANT_PRECOMPILE)
    return()
  endif()
  if(ARGN MATCHES "cotenant_(scenarios|study|validation|cli|test_support)")
    target_precompile_headers(${name} REUSE_FROM cotenant_study_precompiled)
  elseif(ARGN MATCHES "cotenant_(models|replicate)")
    target_precompile_headers(${name} REUSE_FROM cotenant_models_precompiled)
  endif()
endfunction()

# Of all code of tests.
function(cotenant_test_options name)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE COTENANT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_compile_options(${name} PRIVATE ${not_hot_options})
endfunction()

# cotenant_test(NAME LABEL label SOURCES file... LINKS target...)
# One executable; each of its GoogleTest cases is a CTest test that bears the label. The target
# tests_<label> builds all executables of a label.
function(cotenant_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL" "SOURCES;LINKS")
  add_executable(${name} ${arg_SOURCES})
  cotenant_test_options(${name})
  target_link_libraries(${name} PRIVATE ${arg_LINKS} GTest::gtest GTest::gtest_main)
  cotenant_take_precompiled(${name} ${arg_LINKS})
  set(timeout 600)
  if(arg_LABEL STREQUAL "long")
    set(timeout 1800)
  endif()
  gtest_discover_tests(${name} TEST_PREFIX ${name}. PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${timeout} DISCOVERY_TIMEOUT 60)
  if(NOT TARGET tests_${arg_LABEL})
    add_custom_target(tests_${arg_LABEL})
  endif()
  add_dependencies(tests_${arg_LABEL} ${name})
endfunction()
