// `claimcheck doctor`: what the server checks when it starts, for people, with what to set. Looks
// at Redis, and at Stripe when a key is configured: one read, which also tells how far the clock is
// off; and whether the shop's receiver and the mail server answer, where they are configured: by a
// HEAD and a login, so nothing is told and no mail is sent. Writes nothing. Exit 0 = fit to serve,
// 1 = refused, 4 = Redis does not answer.
#pragma once

#include "app/service.hpp"
#include "config/config.hpp"

namespace claimcheck {

ExitCode run_doctor(const Config& config);

}  // namespace claimcheck
