// A generator has called about a job of ours. That is a hint: it is recorded in the claim, so that
// the order's next pass polls the job at once, and the order is made due.
#pragma once

#include "flow/context.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace claimcheck {

// `owner`: of the job, "<session id>/<unit>". Of an order that is written at this moment only the
// wake remains, and the job is polled at its usual time. Errors: the store's.
boost::asio::awaitable<Result<void>> note_callback(Context& context, std::string owner);

}  // namespace claimcheck
