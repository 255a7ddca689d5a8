#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace claimcheck {

void check_failed(const char* condition, std::source_location where) {
  std::fprintf(stderr, "%s:%u: ENSURE(%s) failed in %s\n", where.file_name(), where.line(),
               condition, where.function_name());
  std::abort();
}

}  // namespace claimcheck
