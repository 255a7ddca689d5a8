// One decision about many held orders: which part of each order it is about, and carrying it out,
// order by order, each by a command of its own (operator_action.hpp). Each names the version of the
// claim that the person saw. So a decision that is sent twice, or was made on an older list,
// changes nothing the second time: no generation is bought twice. Nothing outside Redis happens
// here.
#pragma once

#include "flow/operator_action.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

inline constexpr std::size_t held_decided_max = 100;  // orders, by one decision

// retry, resubmit, refund: what one decision can do with many orders.
bool is_for_many(CommandKind kind);

// Why an order is held, and what of it: the held videos with the reason of the first one. Without a
// held video it is the order as a whole.
struct HeldPart {
  std::string cause;
  std::vector<std::size_t> units = {};  // empty = the order as a whole
  std::int64_t amount_minor = 0;
  std::vector<CommandKind> actions = {};  // that are possible for all of it
};
// Nothing = the order is not held. Pure.
std::optional<HeldPart> held_part(const Claim& claim, Time now, const Policy& policy);

struct HeldChoice {
  std::string session_id;
  std::int64_t version = 0;  // of the claim, as it was shown
};

struct HeldDecision {
  CommandKind kind = CommandKind::retry;  // retry, resubmit or refund
  std::string cause;                      // orders that another cause holds are left alone
  std::string note = {};
  std::string by = {};  // who, for the history and the log
  std::vector<HeldChoice> orders = {};
};

struct HeldResult {
  std::string id;
  bool done = false;
  std::string code = {};  // why not, or why not all of it; fixed words, as of one decision
  std::string why = {};
};
BOOST_DESCRIBE_STRUCT(HeldResult, (), (id, done, code, why))

// One result for each order, in their sequence. When Redis does not answer, the orders after that
// are `not_tried`.
boost::asio::awaitable<std::vector<HeldResult>> decide_held(Context& context,
                                                            HeldDecision decision);

}  // namespace claimcheck
