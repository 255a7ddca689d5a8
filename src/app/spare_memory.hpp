// SpareMemory: gives back to the system what the C library keeps of memory that was used once. It
// keeps nearly all of it for the next time: without this a process stays as large as its worst
// minute until it ends. Looks at how much is resident, which costs nothing, and asks the library
// only after growth; that holds up the event loop for up to 20 ms per 100 MB, so call it seldom.
// Owned by the composition root.
#pragma once

#include "base/clock.hpp"

#include <cstddef>

namespace claimcheck {

inline constexpr Duration memory_given_back_every = std::chrono::minutes(1);
inline constexpr std::size_t spare_bytes_max = std::size_t{8} * 1024 * 1024;

class SpareMemory {
 public:
  SpareMemory() : least_(resident_bytes()) {}

  // True = it had grown by more than `spare_bytes_max`, and what was spare is given back.
  bool give_back();
  // Of this process, without its children; 0 = the system does not tell.
  static std::size_t resident_bytes();

 private:
  std::size_t least_;  // resident bytes since the library was asked last
};

}  // namespace claimcheck
