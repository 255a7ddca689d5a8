// Pacing: Stripe takes 25 calls a second and answers 429 to the others: of a test key's account
// together, of a live one at each endpoint. What a call counts towards, who goes first, and how
// long each waits. The client asks for a turn before each call and says when Stripe had too many;
// who gives the turns (flow/stripe_pace) knows of all processes.
#pragma once

#include "base/clock.hpp"
#include "net/http/http.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck::stripe {

// In the order in which they go.
enum class Priority {
  checkout,  // a buyer waits for the answer
  payment,   // what is true of an order: payment, register, refunds
  lookup,    // what nobody may have told us
  audit,     // the books
};

// How long a call may wait because of limits, in all its tries: for its turn, and after a 429.
Duration patience_of(Priority priority);

struct Turn {
  std::string limit;  // what the call counts towards
  Priority priority = Priority::payment;
  Duration patience{0};
};

struct Pacing {
  // Returns when the call may be made; false = not within the patience. Empty = nobody paces.
  std::function<boost::asio::awaitable<bool>(Turn)> turn;
  // Stripe says that it was too many.
  std::function<boost::asio::awaitable<void>(std::string limit)> limited;
};

// "test" for all calls with a test key, or one that does not tell; else "live:" and the first
// part of the path, as in "live:checkout".
std::string limit_of(std::string_view path, std::optional<bool> livemode);

// Does a 429 say that we call too often? Another one is about a lock or a single object.
bool is_too_often(const HttpResponse& answer);

}  // namespace claimcheck::stripe
