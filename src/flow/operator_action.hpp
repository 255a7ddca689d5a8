// OperatorAction: executes what a person decides about one order. It loads the order, lets the
// order machine decide (domain/command.hpp), stores the result under the version fence with a line
// in the order's history, and wakes the order, so that a worker goes on with it at once. Nothing
// outside Redis happens here. A crash in between leaves either nothing or an order that is found
// again, since it is scheduled before the write.
#pragma once

#include "domain/command.hpp"
#include "flow/context.hpp"
#include "flow/refusal.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

inline constexpr std::size_t note_bytes_max = 300;
inline constexpr std::size_t video_url_bytes_max = 2048;

struct OperatorAction {
  Command command;
  // Only if the claim still has it: what was decided on an older list changes nothing.
  std::optional<std::int64_t> version = {};
  std::string note = {};  // why, for the history; must hold no personal data
};

// As a person spelled it, in a request or on the command line.
struct OperatorWords {
  std::string action;
  std::optional<std::int64_t> unit;
  bool all = false;
  std::string url;
  std::string note;
};

struct ActionDone {
  Claim claim;                        // as it is stored now
  std::vector<std::size_t> units;     // that were changed
  std::vector<std::string> left_out;  // why others were not
};

// Refusals: invalid, with the member at fault.
std::expected<OperatorAction, Refusal> read_action(OperatorWords words);

// Refusals: unknown, invalid (of the unit), conflict with the order machine's code, or the store's.
// After store_unavailable the action may have been stored: read the order. To repeat an action
// changes nothing more, except resubmit.
boost::asio::awaitable<std::expected<ActionDone, Refusal>> carry_out(Context& context,
                                                                     std::string session_id,
                                                                     OperatorAction action);

// What follows from the command, a sentence for people.
std::string_view consequence(CommandKind kind);

}  // namespace claimcheck
