# What ./dev bench needs beside the programs: the floor that a status is compared with, and with
# CLAIMCHECK_BENCH the micro-benchmarks.
add_executable(bench_epoll_redis bench/peers/epoll_redis.cpp)
target_link_libraries(bench_epoll_redis PRIVATE claimcheck_options)
target_compile_options(bench_epoll_redis PRIVATE -O2)

if(CLAIMCHECK_BENCH)
  find_package(benchmark REQUIRED)
  file(GLOB micro_sources CONFIGURE_DEPENDS bench/micro/*.cpp)
  add_executable(bench_micro EXCLUDE_FROM_ALL ${micro_sources})
  target_include_directories(bench_micro PRIVATE test)
  target_link_libraries(bench_micro PRIVATE claimcheck::core benchmark::benchmark)
endif()
