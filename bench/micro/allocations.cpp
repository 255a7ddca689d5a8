#include "allocations.hpp"

#include <cstdlib>
#include <new>

namespace {

std::int64_t count = 0;  // one thread

}  // namespace

// Replaces the library's own, whose counterpart gives back what malloc gave.
void* operator new(std::size_t size) {
  ++count;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

namespace claimcheck::bench {

std::int64_t allocations() { return count; }

}  // namespace claimcheck::bench
