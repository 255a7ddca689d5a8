// GeneratorCapacity: how much a generator takes from us at once, as the shop configures it, shared
// by all processes (store/generator_breaker.hpp). Zero = no limit; then nothing is counted.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstdint>

namespace claimcheck {

inline constexpr std::int64_t concurrency_max = 10'000;        // jobs at once
inline constexpr std::int64_t submits_per_minute_max = 6'000;  // one in 10 ms

struct GeneratorCapacity {
  std::int64_t concurrency = 0;         // jobs at once
  std::int64_t submits_per_minute = 0;  // evenly, so no minute ever sees more

  bool operator==(const GeneratorCapacity&) const = default;
  bool is_limited() const { return concurrency > 0 || submits_per_minute > 0; }
  // The least time between two submits; zero = no limit.
  Duration interval() const {
    return submits_per_minute > 0 ? Duration(std::chrono::minutes(1)) / submits_per_minute
                                  : Duration(0);
  }
};

}  // namespace claimcheck
