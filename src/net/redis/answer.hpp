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
    complete,       // there is a reply for each command
    not_connected,  // it was not sent
    late,           // no answer in time; it is dropped if it comes later
    broken,         // the connection ended under it
  };
  How how;
  std::vector<RedisReply> replies = {};  // of a complete answer
  std::string why = {};                  // for people; empty when complete
};

// The server has become a replica (READONLY): every later write would fail as well.
bool is_demoted(const RedisAnswer& answer);
// The event of a health check. A refused command is an answer like any other.
RedisEvent event_of_check(std::uint64_t attempt, const RedisAnswer& answer);
// The event of the greeting (greeting.hpp).
RedisEvent event_of_greeting(std::uint64_t attempt, const RedisAnswer& answer,
                             const RedisPushes& pushes);

// For the caller: not_sent, or ambiguous where the server may have done what was asked.
Result<std::vector<RedisReply>> result_of(RedisAnswer answer);

}  // namespace claimcheck
