// Records something that was seen outside a pass, such as a generator's call, and makes the order
// due. Nothing is acted on here: the order's next pass does that.
#pragma once

#include "flow/context.hpp"

#include <string>

namespace claimcheck {

// `claim` is the stored one; if it has changed meanwhile, only the wake remains. Errors: the
// store's.
boost::asio::awaitable<Result<void>> note(Context& context, std::string session_id, Claim claim,
                                          Observation seen);

}  // namespace claimcheck
