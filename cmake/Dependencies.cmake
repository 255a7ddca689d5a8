# Libraries, all behind the interface target claimcheck_dependencies. Boost is used header-only:
# the headers in .deps/boost, else the system's; src/separate compiles the parts that are not.
# Installed beside claimcheckConfig.cmake, it finds them for programs that link the library.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_library(PROMETHEUS_CORE prometheus-cpp-core REQUIRED)
find_path(TOMLPLUSPLUS_INCLUDE toml++/toml.h REQUIRED)

find_path(BOOST_INCLUDE boost/redis.hpp
  PATHS ${PROJECT_SOURCE_DIR}/.deps/boost/usr/include /usr/include NO_DEFAULT_PATH)
if(NOT BOOST_INCLUDE)
  message(FATAL_ERROR "No Boost 1.92 with Boost.Redis here: run ./dev deps, or set "
    "BOOST_INCLUDE to a folder of its headers")
endif()

add_library(claimcheck_dependencies INTERFACE)
if(NOT BOOST_INCLUDE STREQUAL "/usr/include")
  target_include_directories(claimcheck_dependencies SYSTEM INTERFACE ${BOOST_INCLUDE})
endif()
target_compile_definitions(claimcheck_dependencies INTERFACE
  BOOST_ALL_NO_LIB
  BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED
  TOML_HEADER_ONLY=1)
target_link_libraries(claimcheck_dependencies INTERFACE
  fmt::fmt CLI11::CLI11 ${PROMETHEUS_CORE}
  CURL::libcurl OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
