// The process's limit of open files, which counts sockets too. The usual soft limit of 1,024 exists
// for programs that use select(). This program does not, so the soft limit is raised to the hard
// one.
#pragma once

#include <cstddef>

namespace claimcheck {

// Raises the soft limit to the hard one, and returns how many files may be open now.
std::size_t raise_open_files();

// How many connections of clients those files allow. Some files are kept back for Redis, Stripe and
// the generator: clients that take all sockets must not stop the orders.
std::size_t connections_allowed(std::size_t open_files, std::size_t wanted);

}  // namespace claimcheck
