// `claimcheck session retry`, `resubmit`, `deliver`, `refund`, `look` and `erase`: what a person
// decides about one order, by the same story as the operator's routes. Works on Redis alone; the
// server that runs on it goes on with the order. Prints what was done, or why not.
#pragma once

#include "app/service.hpp"
#include "config/config.hpp"
#include "flow/operator_action.hpp"

#include <string>

namespace claimcheck {

struct ActionCommand {
  std::string session_id;
  OperatorWords words;
};

ExitCode run_action_command(const Config& config, const ActionCommand& command);

}  // namespace claimcheck
