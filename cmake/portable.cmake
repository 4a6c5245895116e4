# SLIPWAY_PORTABLE: programs that need nothing but glibc. What the dynamic build takes from shared libraries comes from
# static ones, under the names of the same targets: the rooms don't know the difference.

set(SLIPWAY_LIBPQ "" CACHE PATH "What packaging/static-libpq printed")
if(NOT EXISTS ${SLIPWAY_LIBPQ}/lib/libpq.a)
  message(FATAL_ERROR "SLIPWAY_LIBPQ has no libpq: ./dev portable sees to it")
endif()

set(OPENSSL_USE_STATIC_LIBS TRUE)
find_package(OpenSSL REQUIRED)
find_package(fmt REQUIRED)
find_package(Threads REQUIRED)
find_library(PG_QUERY_LIBRARY libpg_query.a REQUIRED)
find_library(PQXX_LIBRARY libpqxx.a REQUIRED)

add_library(slipway_libpq INTERFACE)
add_library(PkgConfig::libpq ALIAS slipway_libpq)
target_include_directories(slipway_libpq SYSTEM INTERFACE ${SLIPWAY_LIBPQ}/include)
target_link_libraries(slipway_libpq INTERFACE ${SLIPWAY_LIBPQ}/lib/libpq.a ${SLIPWAY_LIBPQ}/lib/libpgcommon.a
  ${SLIPWAY_LIBPQ}/lib/libpgport.a OpenSSL::SSL OpenSSL::Crypto Threads::Threads ${PG_QUERY_LIBRARY})
# libpg_query has functions of libpgcommon's in it. It is linked behind that, and then takes them from there.
set(SLIPWAY_PG_QUERY PkgConfig::libpq)

# slipway::salted_password replaces one function of libpq's in the program that links it (packaging/salted_password.cpp).
# The function has other parameters in other versions of libpq, which keep their own.
add_library(slipway_salted_password INTERFACE)
add_library(slipway::salted_password ALIAS slipway_salted_password)
file(READ ${SLIPWAY_LIBPQ}/version libpq_version)
if(libpq_version MATCHES "^15\\.")
  add_library(slipway_salted_password_code OBJECT ${PROJECT_SOURCE_DIR}/packaging/salted_password.cpp)
  # The linker's own optimiser does not see who calls it.
  set_target_properties(slipway_salted_password_code PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
  target_link_libraries(slipway_salted_password_code PRIVATE OpenSSL::Crypto)
  target_link_libraries(slipway_salted_password INTERFACE $<TARGET_OBJECTS:slipway_salted_password_code>)
  target_link_options(slipway_salted_password INTERFACE -Wl,--wrap=scram_SaltedPassword)
endif()

add_library(slipway_libpqxx INTERFACE)
add_library(PkgConfig::libpqxx ALIAS slipway_libpqxx)
target_link_libraries(slipway_libpqxx INTERFACE ${PQXX_LIBRARY} PkgConfig::libpq)

add_library(slipway_spdlog INTERFACE)
add_library(spdlog::spdlog ALIAS slipway_spdlog)
target_compile_definitions(slipway_spdlog INTERFACE SPDLOG_FMT_EXTERNAL)
target_link_libraries(slipway_spdlog INTERFACE fmt::fmt-header-only)

# A section for each function, and none in the program that nobody calls.
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-static-libstdc++ -static-libgcc -Wl,--gc-sections -Wl,-z,relro,-z,now -s)

# At a fixed address, as slipway-init is. The tables of OpenSSL and of the parser hold 33,000 addresses, and to relocate
# them, with a page fault for each of 150 pages, took a quarter of a start.
add_link_options(-no-pie)
