// `claimcheck doctor`: the checks of the server's start, for people, with what to set. It checks
// Redis, and Stripe when a key is configured: one read, which also shows how far the clock is off.
// It also checks that the shop's receiver and the mail server answer, where they are configured: by
// a HEAD and a login, so no notification and no mail is sent. Writes nothing. Exit 0 = fit to
// serve, 1 = refused, 4 = Redis does not answer.
#pragma once

#include "app/service.hpp"
#include "config/config.hpp"

namespace claimcheck {

ExitCode run_doctor(const Config& config);

}  // namespace claimcheck
