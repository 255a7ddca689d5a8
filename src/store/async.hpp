// Async<T>: the type that every operation of the store returns: a Result that is awaited. Where the
// comment of a method says "the store's errors", it means these:
//   unavailable  Redis answered that it cannot serve now; nothing was done.
//   not_sent     Redis cannot have seen the call; nothing was done.
//   ambiguous    no answer came; a write may have happened. Every write here is safe to repeat.
//   unreadable   this release cannot read the stored bytes, or the reply.
// Errors are values, and not_found is an answer like any other. Nothing here throws.
#pragma once

#include "base/error.hpp"

#include <boost/asio/awaitable.hpp>

namespace claimcheck {

template <typename T>
using Async = boost::asio::awaitable<Result<T>>;

}  // namespace claimcheck
