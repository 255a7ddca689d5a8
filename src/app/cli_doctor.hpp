// `claimcheck doctor`: what the server checks when it starts, for people, with what to set. Looks
// at Redis, and at Stripe when a key is configured: one read, which also tells how far the clock is
// off. Writes nothing. Exit 0 = fit to serve, 1 = refused, 4 = Redis does not answer.
#pragma once

#include "app/config.hpp"
#include "app/service.hpp"

namespace claimcheck {

ExitCode run_doctor(const Config& config);

}  // namespace claimcheck
