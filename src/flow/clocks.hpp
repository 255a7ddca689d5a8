// Repeats the comparison of clocks that did not agree, until they do. Stripe's answers bring its
// time along, but a process that makes no calls gets no answers: then a single odd one would stop
// every deadline for good.
#pragma once

#include "flow/context.hpp"

#include <functional>

namespace claimcheck {

inline constexpr Duration clocks_compared_every = std::chrono::seconds(30);

// Runs for ever. Calls `confirm` when Stripe's clock agrees with ours again.
boost::asio::awaitable<void> compare_clocks(Context& context, std::function<void()> confirm);

}  // namespace claimcheck
