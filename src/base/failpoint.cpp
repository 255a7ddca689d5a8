#include "base/failpoint.hpp"

#include "base/log_writer.hpp"

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
  const auto end_with = [](int signal) {
    flush_log(LogWriter::end_patience);  // the test reads the lines that were logged before
    std::raise(signal);
  };
  if (wish == here + ":kill" || wish == of_order + ":kill") end_with(SIGKILL);
  static bool stopped = false;  // once: after a SIGCONT the process goes on
  if (stopped || wish != here + ":stop") return;
  stopped = true;
  end_with(SIGSTOP);
}

}  // namespace claimcheck

#endif
