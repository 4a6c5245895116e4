# A room is a folder of src/ and the library made of all its source files. A room may include what it links to and
# nothing else, so an include against the direction of the data does not build. The demo preset compiles a room's files as
# one (CMAKE_UNITY_BUILD), so a name in an unnamed namespace stands once in a room: what two files need is declared in
# a header.

set(slipway_precompiled <algorithm> <array> <charconv> <chrono> <filesystem> <functional> <map> <memory> <optional>
  <span> <sstream> <string> <string_view> <utility> <variant> <vector>)

# slipway_precompiled_headers(NAME HEADER…): a target whose precompiled headers others use (REUSE_FROM).
function(slipway_precompiled_headers name)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/${name}.cpp CONTENT "")
  add_library(${name} OBJECT ${PROJECT_BINARY_DIR}/generated/${name}.cpp)
  target_precompile_headers(${name} PRIVATE ${slipway_precompiled} ${ARGN})
endfunction()
slipway_precompiled_headers(slipway_room_headers)

function(slipway_room name)
  cmake_parse_arguments(ROOM "" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(slipway_${name} STATIC ${sources})
  add_library(slipway::${name} ALIAS slipway_${name})
  target_include_directories(slipway_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(slipway_${name} PUBLIC ${ROOM_LINKS})
  target_precompile_headers(slipway_${name} REUSE_FROM slipway_room_headers)
endfunction()

# One GoogleTest program; each of its tests is a test of ctest's. The label tells what it needs: nothing (unit),
# PostgreSQL servers, containers. FIXTURE is what has to be set up first (FIXTURES_REQUIRED).
function(slipway_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT;LABEL;FIXTURE" "SOURCES;LINKS" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  if(NOT TEST_LABEL)
    set(TEST_LABEL unit)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LINKS} GTest::gmock GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_precompile_headers(${name} REUSE_FROM slipway_test_headers)
  gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS ${TEST_LABEL} FIXTURES_REQUIRED "${TEST_FIXTURE}")
endfunction()
