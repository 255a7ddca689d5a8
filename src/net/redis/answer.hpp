// RedisAnswer: how a request ended, and what that means: for the machine about the link, and for
// the caller about the request. Pure.
#pragma once

#include "net/redis/machine.hpp"
#include "net/redis/redis.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

struct RedisAnswer {
  enum class How {
    complete,       // `replies` has one for each command
    not_connected,  // it was not sent
    late,           // no answer in time: later replies cannot be matched to their requests
    broken,         // the connection ended under it
  };
  How how;
  std::vector<RedisReply> replies = {};
  std::string why = {};  // for people; empty when complete
};

// The event of a request or a health check. A refused command is an answer like any other.
RedisEvent event_of(std::uint64_t attempt, const RedisAnswer& answer);
// The event of the greeting (greeting.hpp).
RedisEvent event_of_greeting(std::uint64_t attempt, const RedisAnswer& answer,
                             const RedisPushes& pushes);

// For the caller: not_sent, or ambiguous where the server may have done what was asked.
Result<std::vector<RedisReply>> result_of(RedisAnswer answer);

}  // namespace claimcheck
