#include "base/failpoint.hpp"

#ifdef CLAIMCHECK_FAILPOINTS

#include <csignal>
#include <cstdlib>
#include <string>

namespace claimcheck {

void failpoint(std::string_view name, std::string_view order) {
  static const char* const armed = std::getenv("CLAIMCHECK_FAIL");
  if (armed == nullptr) return;
  const std::string here(name);
  const bool hit = here + ":kill" == armed || here + "@" + std::string(order) + ":kill" == armed;
  if (hit) std::raise(SIGKILL);
}

}  // namespace claimcheck

#endif
