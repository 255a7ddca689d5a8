// ENSURE(condition): an invariant of our own code. A false one is a bug, so the process logs the
// place and aborts, in every build: a service that moves money must not go on with a broken
// assumption. Never for what callers, peers or files can cause; those are errors (error.hpp).
#pragma once

#include <source_location>

namespace claimcheck {

[[noreturn]] void check_failed(const char* condition, std::source_location where);

}  // namespace claimcheck

#define ENSURE(condition)             \
  ((condition) ? static_cast<void>(0) \
               : ::claimcheck::check_failed(#condition, std::source_location::current()))
