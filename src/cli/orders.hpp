// `claimcheck session list --csv` and `claimcheck session held`: many orders at once. The first
// writes a list as the page of the operator does. The second shows for what orders are held, and
// decides about all that one cause holds, each by a command of its own.
#pragma once

#include "app/service.hpp"
#include "config/config.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace claimcheck {

struct CsvCommand {
  bool csv = false;
  std::string filter = "all";
  std::optional<std::int64_t> days;  // back from now; nothing = all
};
inline constexpr std::int64_t csv_days_max = 400;

// usage = no such filter, or no days for this one; away = Redis does not answer.
ExitCode run_csv_command(const Config& config, const CsvCommand& command);

struct HeldCommand {
  std::string action;  // empty = show the causes
  std::string cause;
  std::string note;
};

// failed = not done for some of them, not_found = none is held for that cause.
ExitCode run_held_command(const Config& config, const HeldCommand& command);

}  // namespace claimcheck
