// What libFuzzer calls, compiled once for each target (cmake/Fuzz.cmake): TARGET is its function.
#include "targets.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  claimcheck::fuzz::TARGET({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
