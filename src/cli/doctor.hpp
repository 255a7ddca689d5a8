// `claimcheck doctor`: the checks of the server's start, for people, with what to set. It checks
// Redis; Stripe and the generator when a key and a token are configured (setup_checks.hpp); and
// whether the shop's receiver and the mail server answer, by a HEAD and a login, so no notification
// and no mail is sent. Writes nothing. Exit 0 = fit to serve, 1 = refused, 4 = Redis, Stripe or the
// generator does not answer.
#pragma once

#include "app/service.hpp"
#include "config/config.hpp"

namespace claimcheck {

ExitCode run_doctor(const Config& config);

}  // namespace claimcheck
