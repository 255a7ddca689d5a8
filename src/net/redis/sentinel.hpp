// What a Sentinel is asked, and what its answer means: where the primary of that name is now. Pure;
// no socket, no type of the Redis library.
#pragma once

#include "net/redis/answer.hpp"
#include "net/redis/redis.hpp"

#include <string_view>
#include <vector>

namespace claimcheck {

// How long one Sentinel may take, from the connecting to its answer.
inline constexpr Duration sentinel_wait_max = std::chrono::seconds(1);

// The options of a link to one Sentinel.
RedisOptions options_of_sentinel(const RedisOptions& options, const RedisPlace& sentinel);
// Sent to it as one request.
std::vector<RedisCommand> sentinel_question(const RedisOptions& options);
// Errors: unavailable, in words. `ended` is why its link has ended, for an answer that is not
// there.
Result<RedisPlace> primary_of(const RedisOptions& options, const RedisAnswer& answer,
                              std::string_view ended);

}  // namespace claimcheck
