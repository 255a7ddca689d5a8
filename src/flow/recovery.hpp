// Recovery: for an order that is due although Redis has no claim of it. Another product's session
// is left alone. A paid session of ours gets a recovered claim, built from Stripe and the session
// value. Where only a person can find out what became of the order, that claim is held. Nothing is
// generated or refunded here: the next pass goes on with the recovered claim, and reads the
// register first.
#pragma once

#include "flow/order_in_work.hpp"

#include <string>

namespace claimcheck {

// Returns how the pass ends. Parked{0}: there is a claim now. Abandoned: the store did not answer.
boost::asio::awaitable<PassEnd> recover_order(Context& context, std::string session_id);

}  // namespace claimcheck
