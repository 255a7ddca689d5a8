// Allocations: how often the program has asked for memory with `new` so far, and a counter of them
// for Google Benchmark. The number is the same on every machine, unlike the time.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

namespace claimcheck::bench {

std::int64_t allocations();

// Calls what is measured until there is enough time, and reports allocations a call.
template <class Call>
void measure(benchmark::State& state, const Call& call) {
  const std::int64_t before = allocations();
  for (auto turn : state) {
    auto result = call();
    benchmark::DoNotOptimize(result);
  }
  state.counters["allocations"] = benchmark::Counter(static_cast<double>(allocations() - before),
                                                     benchmark::Counter::kAvgIterations);
}

}  // namespace claimcheck::bench
