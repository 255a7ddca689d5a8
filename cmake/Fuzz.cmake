# One libFuzzer program for each reader in test/fuzz, all behind the target `fuzzers`. Only for a
# build whose library counts what it runs through (CLAIMCHECK_SANITIZERS has fuzzer-no-link).
file(GLOB fuzz_sources CONFIGURE_DEPENDS test/fuzz/*.cpp)
list(REMOVE_ITEM fuzz_sources ${PROJECT_SOURCE_DIR}/test/fuzz/main.cpp)
add_custom_target(fuzzers)
foreach(source ${fuzz_sources})
  cmake_path(GET source STEM name)
  add_executable(fuzz_${name} EXCLUDE_FROM_ALL test/fuzz/main.cpp ${source})
  target_compile_definitions(fuzz_${name} PRIVATE TARGET=fuzz_${name})
  target_link_libraries(fuzz_${name} PRIVATE claimcheck::core)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers fuzz_${name})
endforeach()
