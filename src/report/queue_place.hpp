// The place of an order in the line of its generator, as its buyer sees it: how many are begun
// before its first video that waits, and about when its turn comes, by the rate of the last ones.
// Costs two calls to Redis, so it is asked only for orders whose notice is `queued`.
#pragma once

#include "domain/session.hpp"
#include "flow/context.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace claimcheck {

struct QueuePlace {
  std::int64_t place = 0;                     // from 1
  std::optional<std::int64_t> about_seconds;  // until it is begun; nothing = not known yet
};

using QueueOf = std::function<boost::asio::awaitable<std::optional<QueuePlace>>(std::string)>;

// Nothing = no video of it stands in a line, or Redis did not answer.
boost::asio::awaitable<std::optional<QueuePlace>> queue_place(Context& context,
                                                              std::string session_id);
}  // namespace claimcheck
