// The greeting: what is asked of a server behind each new connection, and whether its answers make
// it one that claimcheck can use: a primary, alone or with replicas, that has read its data and
// gives what was asked for. Pure; no socket, no type of the Redis library.
#pragma once

#include "net/redis/redis.hpp"

#include <vector>

namespace claimcheck {

// Sent as one request. HELLO is the first.
std::vector<RedisCommand> greeting_of(const RedisOptions& options);

// `unavailable` when the server does not take us, or is none for us: with its words, or ours.
// `replies` are those of greeting_of(), one for each command.
Result<void> judge_greeting(const std::vector<RedisReply>& replies);

// Why a server that ends the greeting without a word most likely did so.
inline constexpr const char* hello_refused =
    "the server refused HELLO 3: wrong user or password, or older than Redis 6";

}  // namespace claimcheck
