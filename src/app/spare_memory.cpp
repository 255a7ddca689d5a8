#include "app/spare_memory.hpp"

#include <algorithm>
#include <fstream>
#include <malloc.h>
#include <unistd.h>

namespace claimcheck {

std::size_t SpareMemory::resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size_pages = 0;
  std::size_t resident_pages = 0;
  if (!(statm >> size_pages >> resident_pages)) return 0;
  return resident_pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

bool SpareMemory::give_back() {
  const std::size_t resident = resident_bytes();
  // Measured from the smallest size and not from the last one: slow growth adds up and is found
  // too.
  least_ = std::min(least_, resident);
  if (resident - least_ <= spare_bytes_max) return false;
  ::malloc_trim(0);
  least_ = resident_bytes();
  return true;
}

}  // namespace claimcheck
