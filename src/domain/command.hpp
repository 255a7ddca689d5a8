// Command: a decision of a person, the operator, about an order. decide(claim, command, now)
// returns what the order becomes by it, or why the command is rejected. Pure, like the order
// machine that executes it afterwards: a command changes only the claim. No command outranks the
// register at Stripe: a unit registered as `deliver` is never refunded by a command, a unit
// registered as `refund` never made or delivered. docs/state-machine.md has the table of commands
// and states.
#pragma once

#include "domain/order_machine.hpp"

#include <boost/describe/enum.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// look: refresh it now. retry: a failed or held unit goes on. resubmit: one more attempt with a new
// seed, beyond their number. deliver: this URL is its video. refund: its money goes back, past the
// refund breaker. erase: no personal data stays.
enum class CommandKind { look, retry, resubmit, deliver, refund, erase };
BOOST_DESCRIBE_ENUM(CommandKind, look, retry, resubmit, deliver, refund, erase)

struct Command {
  CommandKind kind = CommandKind::look;
  std::optional<std::size_t> unit;  // nothing = the only one; of retry: all
  bool all = false;                 // every unit that it can be done for
  std::string url;                  // of deliver
  std::string by;                   // who, for the history; empty = the operator without a name
};

struct Rejected {
  std::string code;  // a fixed snake_case word
  std::string why;   // a sentence for people
};

struct Applied {
  Decision decision;
  std::vector<std::size_t> units;     // that were changed
  std::vector<std::string> left_out;  // why others were not, a sentence each
};

// Rejected: a code for programs and a sentence for people; the claim is unchanged then.
std::expected<Applied, Rejected> decide(const Claim& claim, const Command& command, Time now,
                                        const Policy& policy = {});

// The commands that decide() would apply now: to one unit, or without one to the order as a whole.
// Of a unit the one that helps against the cause comes first.
std::vector<CommandKind> possible(const Claim& claim, std::optional<std::size_t> unit, Time now,
                                  const Policy& policy = {});

// The history lines and log lines of commands begin with this word, and go on with a name or a
// colon.
inline constexpr std::string_view by_operator = "operator";

}  // namespace claimcheck
