// Chance: all luck of one simulated run, from one seed. Whoever wants to know whether something
// goes wrong asks here, in the order in which things happen, so the same seed is the same run.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <random>

namespace claimcheck::sim {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}

  bool roll(double probability) {
    return probability > 0 && static_cast<double>(random_() >> 11) * 0x1p-53 < probability;
  }
  std::uint64_t below(std::uint64_t count) { return random_() % count; }
  Duration between(Duration least, Duration most) {
    const auto span = static_cast<std::uint64_t>((most - least).count()) + 1;
    return least + Duration(static_cast<std::int64_t>(below(span)));
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace claimcheck::sim
