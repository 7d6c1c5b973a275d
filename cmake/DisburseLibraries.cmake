# The libraries of Debian 12 that we link, under one target name each:
#   OpenSSL::Crypto OpenSSL::SSL sodium SQLite::SQLite3 PostgreSQL::PostgreSQL simdjson::simdjson CURL::libcurl ZLIB::ZLIB qrencode
#   jemalloc fmt::fmt spdlog::spdlog prometheus-cpp::core CLI11::CLI11 tomlplusplus::tomlplusplus GTest::gtest_main rapidcheck
# Headers alone, and in the compiler's own path: Boost (Asio, Beast), tl::expected.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(simdjson REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED)

find_package(tomlplusplus REQUIRED)

# pkg-config modules made into plain targets: disburse_pkg_library(<target> <module>).
function(disburse_pkg_library target module)
  string(MAKE_C_IDENTIFIER ${target} prefix)
  pkg_check_modules(${prefix}_pkg REQUIRED IMPORTED_TARGET GLOBAL ${module})
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_link_libraries(${target} INTERFACE PkgConfig::${prefix}_pkg)
endfunction()

disburse_pkg_library(sodium libsodium)
disburse_pkg_library(PostgreSQL::PostgreSQL libpq)
disburse_pkg_library(qrencode libqrencode)
disburse_pkg_library(CLI11::CLI11 CLI11)
disburse_pkg_library(jemalloc jemalloc)

if(DISBURSE_TESTS)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
endif()
