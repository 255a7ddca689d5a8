// Service: the running server, with all its parts as members in the sequence in which they are
// built. serve() blocks until SIGTERM or SIGINT. Then it stops in three steps: no new work, a drain
// with a deadline, cancel. Must be called from the main thread, since the embedded Redis ends with
// the thread that started it.
#pragma once

#include "config/config.hpp"

namespace claimcheck {

// The exit codes of every subcommand.
enum class ExitCode : int { ok = 0, failed = 1, usage = 2, not_found = 3, away = 4 };

// Returns ok after a signal; away when Redis, or the right Stripe account, is not there; failed
// when the port is taken.
ExitCode serve(Config config);

}  // namespace claimcheck
