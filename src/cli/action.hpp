// `claimcheck session retry`, `resubmit`, `deliver`, `refund`, `look` and `erase`: a person's
// decision about one order, by the same story as the operator's routes. It works on Redis alone;
// the server on that Redis goes on with the order. Prints what was done, or why not.
#pragma once

#include "app/service.hpp"
#include "config/config.hpp"
#include "flow/operator_action.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace claimcheck {

struct ActionCommand {
  std::string session_id;
  OperatorWords words;                // without the unit
  std::optional<std::int64_t> video;  // which one, as people count: from 1
};

// usage = a malformed command, not_found = an unknown order, failed = the order's state does not
// permit it, away = Redis does not answer; then it may have been done.
ExitCode run_action_command(const Config& config, const ActionCommand& command);

}  // namespace claimcheck
