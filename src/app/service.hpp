// Service: the running server, all of its parts as members in the order they are built. serve()
// blocks until SIGTERM or SIGINT and then stops in three steps: no new work, a drain with a
// deadline, cancel. Must be called from the main thread (the embedded Redis dies with the thread
// that started it).
#pragma once

#include "config/config.hpp"

namespace claimcheck {

// The exit codes of every subcommand.
enum class ExitCode : int { ok = 0, failed = 1, usage = 2, not_found = 3, away = 4 };

ExitCode serve(Config config);

}  // namespace claimcheck
