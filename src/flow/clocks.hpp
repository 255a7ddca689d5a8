// Clocks that did not agree are compared again until they do. Stripe's answers tell its time by the
// way, but where nothing is asked of it, one odd answer would stop every deadline for good.
#pragma once

#include "flow/context.hpp"

#include <functional>

namespace claimcheck {

inline constexpr Duration clocks_compared_every = std::chrono::seconds(30);

// Runs for ever. `confirm` is called when Stripe's clock agrees with ours, after they did not.
boost::asio::awaitable<void> compare_clocks(Context& context, std::function<void()> confirm);

}  // namespace claimcheck
