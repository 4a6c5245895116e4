# How everything is compiled: warnings are errors with both compilers, ccache where it is installed.

if(CMAKE_UNITY_BUILD)
  # What is a fault of one file may be none where several are read as one.
  add_compile_options(-w)
else()
  add_compile_options(-Wall -Wextra -Wpedantic -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees dangling and overlapping memory where the standard library has none (GCC bugs 105329, 105562, 107138).
  add_compile_options(-Wno-restrict -Wno-maybe-uninitialized)
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT SLIPWAY_SANITIZE)
  add_compile_definitions(_FORTIFY_SOURCE=2)
endif()
add_compile_options(-fstack-protector-strong)

set(SLIPWAY_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize takes them")
if(SLIPWAY_SANITIZE)
  add_compile_options(-fsanitize=${SLIPWAY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SLIPWAY_SANITIZE})
  # With its calls in between, GCC 12 takes std::string's own buffer to be left.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-array-bounds -Wno-stringop-overflow)
  endif()
endif()
option(SLIPWAY_COVERAGE "Count what runs, line by line (gcov)" OFF)
if(SLIPWAY_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
# A program that does more than is written in its source: what it costs is not measured.
if(SLIPWAY_SANITIZE OR SLIPWAY_COVERAGE)
  set(SLIPWAY_INSTRUMENTED true)
else()
  set(SLIPWAY_INSTRUMENTED false)
endif()
# ThreadSanitizer knows no fences, and g++ says so. Boost.Asio's are for handlers that move between threads; ours stay.
if(SLIPWAY_SANITIZE MATCHES "thread")
  add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
endif()

# One cache for every preset and every clone: paths below the checkout don't count. The sloppiness is what ccache(1) asks
# for with precompiled headers.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# g++ parses the standard library once for all rooms, and GoogleTest once for all tests. clang++ reads each file as it is
# written, so that a missing include is seen and clang-tidy needs nothing built.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
elseif(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
  add_compile_options(-fpch-preprocess)
endif()
