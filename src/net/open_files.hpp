// The process's limit of open files, which is also one of sockets. The usual soft limit of 1,024
// is there for programs that use select(); nothing in here does, so it is raised to the hard one.
#pragma once

#include <cstddef>

namespace claimcheck {

// Raises the soft limit to the hard one, and returns how many files may be open now.
std::size_t raise_open_files();

// How many connections of strangers those files allow, so that some are left for Redis, Stripe and
// the generator: whoever takes all sockets of a server would else stop its orders too.
std::size_t connections_allowed(std::size_t open_files, std::size_t wanted);

}  // namespace claimcheck
