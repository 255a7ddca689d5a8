// The greeting: the commands that open each new connection, and the check whether claimcheck can
// use this server: a primary, alone or with replicas, that has loaded its data and accepts the
// commands. Pure; no socket, no type of the Redis library.
#pragma once

#include "net/redis/redis.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// HELLO 3 with user, password and our name.
RedisCommand hello_of(const std::string& user, const Secret& password);
// Sent as one request. HELLO is the first.
std::vector<RedisCommand> greeting_of(const RedisOptions& options);

// Errors: unavailable when the server refuses us, or when we cannot use it; with the server's words
// or ours. `replies` are those of greeting_of(), one for each command.
Result<void> judge_greeting(const std::vector<RedisReply>& replies, const RedisPushes& pushes);

// In words: the server refuses what makes it send pushes, and what that costs. The first word of
// its error alone: the rest may name the user.
std::string pushes_refused(const RedisCommand& asked, std::string_view told, std::string_view cost);

// Why a server refused the first command of a connection, HELLO 3, in words. `told`: its error
// text, which is not repeated, since older servers put the password into it; empty = it gave none.
// `login`: the setting that has user and password.
std::string hello_refused(std::string_view told, std::string_view login = "REDIS_URL");
// Why a server cannot be used whose answers are not those of the protocol.
inline constexpr const char* not_redis = "what answers there is not a Redis";

}  // namespace claimcheck
