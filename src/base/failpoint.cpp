#include "base/failpoint.hpp"

#ifdef CLAIMCHECK_FAILPOINTS

#include <csignal>
#include <cstdlib>
#include <string>

namespace claimcheck {

void failpoint(std::string_view name, std::string_view order) {
  static const char* const armed = std::getenv("CLAIMCHECK_FAIL");
  if (armed == nullptr) return;
  static const std::string_view wish(armed);
  const std::string here(name);
  const std::string of_order = here + "@" + std::string(order);
  if (wish == here + ":kill" || wish == of_order + ":kill") std::raise(SIGKILL);
  static bool stopped = false;  // once: whoever wakes us up wants us to go on
  if (stopped || wish != here + ":stop") return;
  stopped = true;
  std::raise(SIGSTOP);
}

}  // namespace claimcheck

#endif
