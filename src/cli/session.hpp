// `claimcheck session show` and `session list`: the operator's first look at an order, from Redis
// alone. Reads, never writes. For a session that is not there it says which of the possible
// reasons it can tell.
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

ExitCode run_session_command(const Config& config, const SessionCommand& command);

}  // namespace claimcheck
