// Recovery: an order that is due although Redis has no claim of it. Another product's session is
// left alone; a paid one of ours is built anew from Stripe and the session value, or held where
// only a person can tell what became of it. Nothing is made or refunded here: the next pass goes on
// with the recovered claim, and reads the register first.
#pragma once

#include "flow/order_in_work.hpp"

#include <string>

namespace claimcheck {

// Parked{0}: there is a claim now.
boost::asio::awaitable<PassEnd> recover_order(Context& context, std::string session_id);

}  // namespace claimcheck
