// Pacing: Stripe takes 25 calls a second and answers 429 to the others. For a test key the limit is
// that of the whole account, for a live key each endpoint has its own. This header says to which
// limit a call belongs, which calls go first, and how long each waits. The client asks for a turn
// before each call, and reports when Stripe had too many. The turns come from flow/stripe_pace,
// over all processes.
#pragma once

#include "base/clock.hpp"
#include "net/http/http.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck::stripe {

// The first one goes first.
enum class Priority {
  checkout,  // a buyer waits for the answer
  payment,   // facts about an order: payment, register, refunds
  lookup,    // events that may have been lost
  audit,     // order totals
};

// How long a call may wait for limits, over all its tries: for its turns, and after a 429.
Duration patience_of(Priority priority);

struct Turn {
  std::string limit;  // to which limit the call belongs
  Priority priority = Priority::payment;
  Duration patience{0};
};

struct Pacing {
  // Returns when the call may be made; false = not within the patience. An empty function = no
  // pacing.
  std::function<boost::asio::awaitable<bool>(Turn)> turn;
  // Stripe has answered that there were too many calls.
  std::function<boost::asio::awaitable<void>(std::string limit)> limited;
};

// "test" for all calls with a test key, or with a key of unknown mode; else "live:" and the first
// part of the path, as in "live:checkout".
std::string limit_of(std::string_view path, std::optional<bool> livemode);

// Does this 429 mean that we call too often? Others are about a lock or a single object.
bool is_too_often(const HttpResponse& answer);

}  // namespace claimcheck::stripe
