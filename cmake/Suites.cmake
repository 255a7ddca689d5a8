# Every test of the house, so that one ctest run has one closing line. A suite whose folder has no
# files yet is left out. CLAIMCHECK_SANITIZED_DIR adds the suites of that build as asan_<name>.
find_package(doctest REQUIRED)
file(GLOB_RECURSE unit_sources CONFIGURE_DEPENDS test/unit/*.cpp)
# The fuzz targets as well, without libFuzzer: what is in their corpus runs with the unit tests.
file(GLOB replayed_sources CONFIGURE_DEPENDS test/fuzz/*.cpp)
list(REMOVE_ITEM replayed_sources ${PROJECT_SOURCE_DIR}/test/fuzz/main.cpp)
file(GLOB blackbox_files CONFIGURE_DEPENDS test/blackbox/*.test.js)
file(GLOB browser_files CONFIGURE_DEPENDS test/browser/*.test.js)

add_executable(unit_tests ${unit_sources} ${replayed_sources})
compile_in_groups(unit_tests ${unit_sources})
target_include_directories(unit_tests PRIVATE test/unit test)
target_compile_definitions(unit_tests PRIVATE
  CLAIMCHECK_TEST_DATA="${PROJECT_SOURCE_DIR}/test/data")
target_link_libraries(unit_tests PRIVATE claimcheck_sandbox_core doctest::doctest)
target_precompile_headers(unit_tests REUSE_FROM claimcheck_core)
# A precompiled header serves only the code generation it was made for: -fPIC, as in the library.
set_target_properties(unit_tests PROPERTIES POSITION_INDEPENDENT_CODE OFF)
target_compile_options(unit_tests PRIVATE -fPIC)

# add_program_suites(<prefix> <build folder>): the suites that run the programs built there.
function(add_program_suites prefix folder)
  add_test(NAME ${prefix}unit COMMAND ${folder}/unit_tests)
  set(suites ${prefix}unit)
  # The same contract on the newer servers: whatever speaks with a Redis.
  foreach(server redis8 valkey8)
    if(NOT prefix)
      add_test(NAME unit_${server} COMMAND ${CMAKE_COMMAND} -E env
        "PATH=${PROJECT_SOURCE_DIR}/.deps/servers/${server}:$ENV{PATH}"
        ${folder}/unit_tests --test-case=*redis*,*store*,*sessions*)
      list(APPEND suites unit_${server})
    endif()
  endforeach()
  # Crowds of ten thousand are about limits, and many times slower under the sanitizers.
  if(prefix)
    list(FILTER blackbox_files EXCLUDE REGEX "crowd")
  endif()
  # Each file runs its tests beside each other, and the sanitizers make every server slower.
  set(files_at_once 4)
  if(prefix)
    set(files_at_once 3)
  endif()
  foreach(suite blackbox browser)
    if(${suite}_files AND NOT "${prefix}${suite}" STREQUAL "asan_browser")
      add_test(NAME ${prefix}${suite} COMMAND node --test --test-concurrency=${files_at_once}
        ${${suite}_files})
      set_tests_properties(${prefix}${suite} PROPERTIES RESOURCE_LOCK processes)
      # The sanitizers and the browser leave no time for another suite: what waits would give up.
      if(NOT "${prefix}${suite}" STREQUAL "blackbox")
        set_tests_properties(${prefix}${suite} PROPERTIES PROCESSORS 2)
      endif()
      list(APPEND suites ${prefix}${suite})
    endif()
  endforeach()
  set(environment
    "CLAIMCHECK_BIN=${folder}/claimcheck" "SANDBOX_BIN=${folder}/claimcheck-sandbox"
    "ASAN_OPTIONS=detect_stack_use_after_return=1" "UBSAN_OPTIONS=print_stacktrace=1"
    "ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19")
  set_tests_properties(${suites} PROPERTIES TIMEOUT 1800 ENVIRONMENT "${environment}"
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()

add_program_suites("" ${PROJECT_BINARY_DIR})
# Without the sanitizers every shop has a Redis with the user of docs/redis-user.md; with them the
# usual one is the embedded Redis.
set_property(TEST blackbox APPEND PROPERTY ENVIRONMENT TEST_REDIS=own)
if(CLAIMCHECK_SANITIZED_DIR)
  add_program_suites(asan_ ${CLAIMCHECK_SANITIZED_DIR})
endif()

# Some of the black-box suite again behind the proxies of docs/proxies.md; `./dev proxies` runs all
# of it that is not about the server's own life.
foreach(proxy nginx caddy)
  add_test(NAME proxy_${proxy} COMMAND tools/proxies ${proxy} checkout events order webhook)
  set_tests_properties(proxy_${proxy} PROPERTIES TIMEOUT 600 RESOURCE_LOCK processes
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    ENVIRONMENT "CLAIMCHECK_BIN=${PROJECT_BINARY_DIR}/claimcheck;\
SANDBOX_BIN=${PROJECT_BINARY_DIR}/claimcheck-sandbox")
endforeach()

# What an order costs in numbers that are the same everywhere, and a short run of ./dev bench.
add_test(NAME bench COMMAND node --test bench/order_cost.test.js bench/bench.test.js)
set_tests_properties(bench PROPERTIES TIMEOUT 600 RESOURCE_LOCK processes
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  ENVIRONMENT "CLAIMCHECK_BIN=${PROJECT_BINARY_DIR}/claimcheck;\
SANDBOX_BIN=${PROJECT_BINARY_DIR}/claimcheck-sandbox")
add_test(NAME library COMMAND node --test test/library/library.test.js)
set_tests_properties(library PROPERTIES TIMEOUT 300 WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  ENVIRONMENT CLAIMCHECK_BIN=${PROJECT_BINARY_DIR}/claimcheck)
# A short run, by a seed whose faults settle soon: one to two minutes, most of them waiting. It
# ends by itself in time, so that what it started ends with it.
add_test(NAME torture COMMAND node test/torture/main.js --orders 30 --faults 12 --seed 617
  --durability replicas:1)
set_tests_properties(torture PROPERTIES TIMEOUT 900 WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  ENVIRONMENT "CLAIMCHECK_BIN=${PROJECT_BINARY_DIR}/claimcheck;\
SANDBOX_BIN=${PROJECT_BINARY_DIR}/claimcheck-sandbox")
add_test(NAME model COMMAND ${PYTHON3} -B tools/model)
set_tests_properties(model PROPERTIES TIMEOUT 1800 WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
add_test(NAME tidy COMMAND ${PYTHON3} -B test/tidy/tidy.py)
add_test(NAME tidy_rules COMMAND ${PYTHON3} -B test/tidy/tidy_test.py)
add_test(NAME format COMMAND tools/format --check)
add_test(NAME lint COMMAND ${PYTHON3} -B tools/lint.py ${PROJECT_BINARY_DIR})
set_tests_properties(tidy tidy_rules format lint PROPERTIES WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
set_tests_properties(lint PROPERTIES LABELS slow PROCESSORS 2 TIMEOUT 1800 COST 1000)
add_test(NAME sim_1 COMMAND claimcheck-sim --first 1 --seeds 1000)
add_test(NAME sim_2 COMMAND claimcheck-sim --first 1001 --seeds 500)
set_tests_properties(sim_1 sim_2 PROPERTIES TIMEOUT 900)
