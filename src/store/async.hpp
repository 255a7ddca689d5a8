// Async<T>: what every operation of the store returns, a Result that is awaited. Where a method's
// comment says "the store's errors", it means these:
//   unavailable  Redis answered that it cannot serve now; nothing was done.
//   not_sent     Redis cannot have seen the call; nothing was done.
//   ambiguous    no answer came; a write may have happened. Every write here is safe to repeat.
//   unreadable   what lies there makes no sense to this release, or the reply does not.
// Errors are values, and not_found is an answer like any other. Nothing here throws.
#pragma once

#include "base/error.hpp"

#include <boost/asio/awaitable.hpp>

namespace claimcheck {

template <typename T>
using Async = boost::asio::awaitable<Result<T>>;

}  // namespace claimcheck
