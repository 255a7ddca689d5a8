// The greeting: the commands that open each new connection, and the check whether claimcheck can
// use this server: a primary, alone or with replicas, that has loaded its data and accepts the
// commands. Pure; no socket, no type of the Redis library.
#pragma once

#include "net/redis/redis.hpp"

#include <vector>

namespace claimcheck {

// Sent as one request. HELLO is the first.
std::vector<RedisCommand> greeting_of(const RedisOptions& options);

// Errors: unavailable when the server refuses us, or when we cannot use it; with the server's words
// or ours. `replies` are those of greeting_of(), one for each command.
Result<void> judge_greeting(const std::vector<RedisReply>& replies);

// The most likely reason when a server ends the greeting without an answer.
inline constexpr const char* hello_refused =
    "the server refused HELLO 3: wrong user or password, or older than Redis 6";

}  // namespace claimcheck
