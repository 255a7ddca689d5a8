#include "net/open_files.hpp"

#include <algorithm>
#include <sys/resource.h>

namespace claimcheck {

namespace {

constexpr std::size_t kept_back = 256;  // of a small limit half is kept back

}  // namespace

std::size_t raise_open_files() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 0;
  const rlimit raised = {.rlim_cur = files.rlim_max, .rlim_max = files.rlim_max};
  return setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : files.rlim_cur;
}

std::size_t connections_allowed(std::size_t open_files, std::size_t wanted) {
  return std::min(wanted, open_files - std::min(kept_back, open_files / 2));
}

}  // namespace claimcheck
