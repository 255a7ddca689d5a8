// Polls: the polls of one pass. Units of one order that are due at the same time are asked about at
// the same time; what was seen of the others waits until decide() asks for it. It is dropped if the
// unit has changed by then, or if it is old: decide() takes it for the state of now. A poll that is
// dropped is only repeated. Owned by OrderPass; reads its order.
#pragma once

#include "flow/generation_calls.hpp"
#include "flow/order_in_work.hpp"

#include <map>

namespace claimcheck {

class Polls {
 public:
  Polls(const OrderInWork& order, GenerationCalls& generation)
      : order_(order), generation_(generation) {}

  // Of the action's unit. Nothing = the store did not answer.
  boost::asio::awaitable<Seen> poll(Action action);

 private:
  struct Ahead {
    Unit unit;  // as it was asked about
    Duration at;
    Seen seen;
  };

  const OrderInWork& order_;
  GenerationCalls& generation_;
  std::map<std::size_t, Ahead> ahead_{};
};

}  // namespace claimcheck
