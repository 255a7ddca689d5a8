// GeneratorWatch: the hourly look at all generators that tools name: does each take our key, does
// it still offer the models, and how long does the money on its account last. It only reads, and
// tells what it saw as signs of alerts; an answer that is missing says nothing.
#pragma once

#include "domain/alert.hpp"
#include "flow/context.hpp"

#include <cstdint>
#include <vector>

namespace claimcheck {

// An account that is used up sooner, at the rate of the last day, is an alert.
inline constexpr Duration balance_lasts_least = std::chrono::hours(24);

// `balance_low`: what is left on the default generator's account at which it is an alert in any
// case; 0 = only the rate decides.
boost::asio::awaitable<std::vector<AlertSign>> look_at_generators(Context& context,
                                                                  std::int64_t balance_low);

}  // namespace claimcheck
