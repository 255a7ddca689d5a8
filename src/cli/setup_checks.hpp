// The part of `claimcheck doctor` about Stripe and the generator: prices, the rights of the key,
// the webhook endpoint, the clock, the token, the credits, the model. By calls that change nothing
// and cost nothing. Each finding says what to set, or which box to tick at Stripe.
#pragma once

#include "app/redis_checks.hpp"
#include "base/clock.hpp"
#include "config/config.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

// Without a key there is nothing to ask, and no findings. `redis_ahead`: of the machine's clock.
boost::asio::awaitable<std::vector<Finding>> check_stripe(const Config& config, Clock& clock,
                                                          std::optional<Duration> redis_ahead);
// Every configured generator, and the models that tools name there.
boost::asio::awaitable<std::vector<Finding>> check_generator(const Config& config,
                                                             const Clock& clock);

// Where Stripe must send its events; empty = CLAIMCHECK_PUBLIC_URL is not set.
std::string webhook_url(const Config& config);

}  // namespace claimcheck
