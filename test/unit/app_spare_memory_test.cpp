// Memory of a burst goes back to the system. A sanitizer's allocator keeps its own way.
#include "app/spare_memory.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

namespace claimcheck {
namespace {

constexpr std::size_t piece_bytes = 2000;
constexpr std::size_t burst_bytes = std::size_t{64} * 1024 * 1024;
constexpr std::size_t kept_each = 64;  // of so many pieces one stays: nothing is free as a whole

using Pieces = std::vector<std::unique_ptr<char[]>>;

Pieces burst() {
  Pieces pieces;
  for (std::size_t bytes = 0; bytes < burst_bytes; bytes += piece_bytes) {
    pieces.push_back(std::make_unique<char[]>(piece_bytes));  // written with zeros
  }
  return pieces;
}

TEST_CASE("memory that was used once goes back, though some of it is still in use") {
#if __has_feature(address_sanitizer)
  return;
#endif
  SpareMemory spare;
  CHECK_FALSE(spare.give_back());
  Pieces pieces = burst();
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i % kept_each != 0) pieces[i].reset();
  }
  const std::size_t before = SpareMemory::resident_bytes();
  CHECK(spare.give_back());
  CHECK(SpareMemory::resident_bytes() + burst_bytes / 2 < before);
  CHECK_FALSE(spare.give_back());  // nothing has grown since
}

}  // namespace
}  // namespace claimcheck
