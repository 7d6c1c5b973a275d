# A folder of src/ is a static library, and its *_test.cpp files are a test program.
#
#   disburse_folder(<folder> [WITH_SUBFOLDERS] [DEPENDS folder...] [LINK library...])
#     Called from src/<folder>/CMakeLists.txt; "dialects/payu" is the target disburse_dialects_payu, and its tests are
#     disburse_dialects_payu_test. WITH_SUBFOLDERS also adds and depends on every subfolder that has a CMakeLists.txt,
#     for the two folders with an all.cpp. A file that appears or goes is noticed at the next build.
#   disburse_subfolders()
#     Adds every subfolder that has a CMakeLists.txt.
#   disburse_test(<name> FILES file... [DEPENDS folder...] [LINK library...])
#     A GoogleTest program that belongs to no folder; `./dev test` runs it like the others.

set(DISBURSE_STD_HEADERS
    <algorithm> <array> <atomic> <cassert> <charconv> <chrono> <cstddef> <cstdint> <cstring> <functional> <map>
    <memory> <mutex> <optional> <span> <string> <string_view> <tuple> <unordered_map> <utility> <variant> <vector>
    <tl/expected.hpp>)

# The two precompiled headers that everything reuses.
function(disburse_precompile)
  file(WRITE ${CMAKE_BINARY_DIR}/generated/empty.cpp "")
  add_library(disburse_std OBJECT EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/generated/empty.cpp)
  target_precompile_headers(disburse_std PRIVATE ${DISBURSE_STD_HEADERS})
  if(DISBURSE_TESTS)
    add_library(disburse_gtest OBJECT EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/generated/empty.cpp)
    target_link_libraries(disburse_gtest PRIVATE GTest::gtest)
    target_precompile_headers(disburse_gtest PRIVATE ${DISBURSE_STD_HEADERS} <gtest/gtest.h>)
  endif()
endfunction()
disburse_precompile()

function(disburse_target_name folder out)
  string(REPLACE "/" "_" name ${folder})
  set(${out} disburse_${name} PARENT_SCOPE)
endfunction()

# Links to folders by name. A folder that is not there yet is left out, and named at the end of the configuration.
function(disburse_depend target scope)
  foreach(folder IN LISTS ARGN)
    disburse_target_name(${folder} needed)
    target_link_libraries(${target} ${scope} $<$<TARGET_EXISTS:${needed}>:${needed}>)
    set_property(GLOBAL APPEND PROPERTY DISBURSE_NEEDED ${needed})
  endforeach()
endfunction()

function(disburse_subfolders)
  file(GLOB lists CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt)
  foreach(list IN LISTS lists)
    get_filename_component(folder ${list} DIRECTORY)
    add_subdirectory(${folder})
  endforeach()
endfunction()

function(disburse_folder folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "WITH_SUBFOLDERS" "" "DEPENDS;LINK")
  disburse_target_name(${folder} target)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")

  if(arg_WITH_SUBFOLDERS)
    file(GLOB lists CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt)
    foreach(list IN LISTS lists)
      get_filename_component(subfolder ${list} DIRECTORY)
      list(APPEND arg_DEPENDS ${folder}/${subfolder})
    endforeach()
    disburse_subfolders()
  endif()

  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    target_compile_options(${target} PRIVATE ${DISBURSE_WARNINGS})
    target_precompile_headers(${target} REUSE_FROM disburse_std)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR})
  disburse_depend(${target} ${scope} ${arg_DEPENDS})
  target_link_libraries(${target} ${scope} ${arg_LINK})

  if(tests AND DISBURSE_TESTS)
    string(REPLACE "/" "_" name ${folder})
    disburse_test(${name} FILES ${tests} DEPENDS ${folder})
  endif()
endfunction()

function(disburse_test name)
  if(NOT DISBURSE_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FILES;DEPENDS;LINK")
  set(target disburse_${name}_test)
  add_executable(${target} ${arg_FILES})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/test_programs)
  target_compile_options(${target} PRIVATE ${DISBURSE_WARNINGS})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
  target_precompile_headers(${target} REUSE_FROM disburse_gtest)
  disburse_depend(${target} PRIVATE ${arg_DEPENDS})
  target_link_libraries(${target} PRIVATE ${arg_LINK} GTest::gtest_main rapidcheck)
  set_property(GLOBAL APPEND PROPERTY DISBURSE_TEST_PROGRAMS ${target})
endfunction()

# Says what is missing, and lists the test programs for ./dev, so that one whose folder went is not run.
function(disburse_finish)
  get_property(needed GLOBAL PROPERTY DISBURSE_NEEDED)
  list(REMOVE_DUPLICATES needed)
  foreach(target IN LISTS needed)
    if(NOT TARGET ${target})
      message(STATUS "${target} is needed and not there yet")
    endif()
  endforeach()
  get_property(programs GLOBAL PROPERTY DISBURSE_TEST_PROGRAMS)
  list(JOIN programs "\n" lines)
  file(WRITE ${CMAKE_BINARY_DIR}/test_programs.txt "${lines}\n")
endfunction()
