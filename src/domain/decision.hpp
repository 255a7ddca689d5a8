// Decision: the answer of the order machine (order_machine.hpp): the claim to store, the lines of
// its history, and the one action that follows once both are stored. Plain values.
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace claimcheck {

enum class ActionKind {
  read_payment,    // read the session at Stripe
  prepare,         // read the order's inputs for `unit`
  submit,          // send `unit` to the generator; its intent is stored
  look_up,         // search the generator for `unit`'s seed
  poll,            // ask the generator about `unit`'s job
  copy,            // copy a stretch of `unit`'s result to the shop's storage
  look_at_link,    // see whether `unit`'s delivered video is still at its address
  write_register,  // write `unit`'s outcome; only right after a refresh of the payment
  allow_refund,    // ask the refund breaker whether `unit` may be refunded
  list_refunds,    // read the payment and its refunds
  refund,          // refund `unit`; only right after a list of refunds
  list_disputes,   // read the disputes of the payment; only of an order that is not worked on
  park,            // nothing to do for `delay`
  finish,          // nothing to do any more
};

struct Action {
  ActionKind kind = ActionKind::park;
  std::size_t unit = 0;
  Duration delay{0};
  // Of a poll: the other units that are due for one now. Their answers depend on nothing that this
  // one's could change, so they may be asked for at the same time.
  std::vector<std::size_t> also = {};

  bool operator==(const Action&) const = default;
};

// One move of a unit or of the order, for the history.
struct Move {
  std::string from;
  std::string to;
  std::string why;
};

struct Decision {
  Claim claim;              // as it shall be; its version is the one that was decided on
  bool commit = false;      // it differs in a way that must be stored before the action
  bool guarded = false;     // and only if the session value is still the one it was prepared from
  std::vector<Move> moves;  // in their order; none = put off again for the same reason
  Action action;
};

}  // namespace claimcheck
