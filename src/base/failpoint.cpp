#include "base/failpoint.hpp"

#ifdef CLAIMCHECK_FAILPOINTS

#include <csignal>
#include <cstdlib>
#include <string>

namespace claimcheck {

void failpoint(std::string_view name) {
  static const char* const armed = std::getenv("CLAIMCHECK_FAIL");
  if (armed != nullptr && std::string(name) + ":kill" == armed) std::raise(SIGKILL);
}

}  // namespace claimcheck

#endif
