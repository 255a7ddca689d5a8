// The line at a generator in memory: lua/ask_generator.lua, lua/leave_line.lua and
// lua/line_state.lua, line by line. Internal to src/store/memory.
#pragma once

#include "store/memory/shared.hpp"

#include <string>
#include <vector>

namespace claimcheck {

// How long the unit waits in the line; zero = a place is free. `wake`: whose turn it is.
struct LineWait {
  Duration wait{0};
  std::vector<std::string> wake = {};
};

LineWait wait_in_line(StoredLine& line, const WaitingUnit& unit, Time now,
                      const GeneratorPlaceLimits& limits);
void grant_place(StoredLine& line, const WaitingUnit& unit, Time now,
                 const GeneratorPlaceLimits& limits);
// The next ones in turn, at most `count`, without those that know it.
std::vector<std::string> next_in_line(StoredLine& line, std::int64_t count, Time soon);
// How many are submitted before the unit when the tools take turns.
std::int64_t ahead_in_line(const StoredLine& line, const WaitingUnit& unit);
void drop_lapsed(StoredLine& line, Time now);

}  // namespace claimcheck
