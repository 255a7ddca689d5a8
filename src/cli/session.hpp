// `claimcheck session show` and `session list`: an operator's first view of an order, from Redis
// alone. It reads and never writes. For an unknown session it names the possible reasons.
#pragma once

#include "app/service.hpp"
#include "config/config.hpp"

#include <string>

namespace claimcheck {

struct SessionCommand {
  bool list = false;
  std::string session_id;
  std::size_t limit = 20;
  bool json = false;
};

// usage = this is no session id, not_found = no such order, away = Redis does not answer.
ExitCode run_session_command(const Config& config, const SessionCommand& command);

}  // namespace claimcheck
