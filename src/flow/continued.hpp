// Continued orders: Stripe recovers an abandoned checkout as a new session, which names the old one
// and has nothing else of the order. The buyer's prompt and choices are found under the old id, or
// further back when that one was a recovery itself. Nothing is written here: the new order gets a
// session value of its own, and the expired one stays as it is.
#pragma once

#include "domain/session.hpp"
#include "flow/context.hpp"

#include <optional>
#include <string>

namespace claimcheck {

// So many expired checkouts are looked at for one that was paid, each with one read of Redis and
// at most one of Stripe.
inline constexpr int recoveries_max = 10;

struct Original {
  std::string session_id;
  std::string bytes;  // the session value as stored
  SessionData order;  // the same, decoded
};

// Nothing = it continues no other session, or the prompt is not known any more. Errors: the
// store's, and Stripe's.
boost::asio::awaitable<Result<std::optional<Original>>> original_of(
    Context& context, const stripe::CheckoutSession& session);

}  // namespace claimcheck
