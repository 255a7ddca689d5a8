// Command: what a person, the operator, may decide about an order. decide(claim, command, now) says
// what the order becomes by it, or why it must not. Pure, like the order machine that carries it
// out afterwards: a command changes the claim and nothing else. No command outranks the register at
// Stripe: what is to be delivered is never refunded by one, what is to be refunded never made or
// delivered. docs/state-machine.md has the table of commands and states.
#pragma once

#include "domain/order_machine.hpp"

#include <boost/describe/enum.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// look: look at it now. retry: what failed or is held goes back to its way. resubmit: one more
// attempt with a new seed, beyond their number. deliver: this URL is its video. refund: its money
// goes back, past the breaker. erase: nothing that tells of a person stays.
enum class CommandKind { look, retry, resubmit, deliver, refund, erase };
BOOST_DESCRIBE_ENUM(CommandKind, look, retry, resubmit, deliver, refund, erase)

struct Command {
  CommandKind kind = CommandKind::look;
  std::optional<std::size_t> unit;  // nothing = the only one; of retry: all
  bool all = false;                 // every unit that it can be done for
  std::string url;                  // of deliver
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

std::expected<Applied, Rejected> decide(const Claim& claim, const Command& command, Time now,
                                        const Policy& policy = {});

// What decide() would obey now: of one unit, or without one of the order as a whole.
std::vector<CommandKind> possible(const Claim& claim, std::optional<std::size_t> unit, Time now,
                                  const Policy& policy = {});

// Its history lines and its log begin so.
inline constexpr std::string_view by_operator = "operator: ";

}  // namespace claimcheck
