// The part of `claimcheck doctor` about the storage of results: a small object is written, found in
// a list, read by a link as a buyer reads it, and deleted. Each finding says what to correct.
#pragma once

#include "app/redis_checks.hpp"
#include "base/clock.hpp"
#include "config/config.hpp"

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace claimcheck {

// Without a storage there is nothing to ask, and no findings.
boost::asio::awaitable<std::vector<Finding>> check_storage(const Config& config,
                                                           const Clock& clock);

}  // namespace claimcheck
