// `claimcheck stripe setup`: makes the webhook endpoint at Stripe that the server needs, at
// CLAIMCHECK_PUBLIC_URL, with its events, and prints its signing secret, once: Stripe does not show
// it to the API again. When there is one for that address already, it makes no second one and says
// what the existing one lacks. Redis is not used.
#pragma once

#include "app/service.hpp"
#include "config/config.hpp"

namespace claimcheck {

// ok = made, or there is one that lacks nothing; failed = there is one that lacks something, or
// Stripe refused; usage = a setting is missing; away = Stripe does not answer, and it may have been
// made.
ExitCode run_stripe_setup(const Config& config);

}  // namespace claimcheck
