// SpareMemory: returns unused memory to the system. The C library keeps nearly all memory that was
// used once, so without this a process stays as large as its worst minute until it ends. It reads
// how much is resident, which costs nothing, and asks the library only after growth. That blocks
// the event loop for up to 20 ms per 100 MB, so call it seldom. Owned by the composition root.
#pragma once

#include "base/clock.hpp"

#include <cstddef>

namespace claimcheck {

inline constexpr Duration memory_given_back_every = std::chrono::minutes(1);
inline constexpr std::size_t spare_bytes_max = std::size_t{8} * 1024 * 1024;

class SpareMemory {
 public:
  SpareMemory() : least_(resident_bytes()) {}

  // True = the process had grown by more than `spare_bytes_max`, and unused memory was returned.
  bool give_back();
  // Resident bytes of this process, without its children; 0 = not known.
  static std::size_t resident_bytes();

 private:
  std::size_t least_;  // the smallest since the library was last asked
};

}  // namespace claimcheck
