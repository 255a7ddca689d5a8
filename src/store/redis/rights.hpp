// What our Redis user may do: a question to Redis, and how its reply is read. Asked by the checks
// of app/ together with their other questions.
#pragma once

#include "net/redis/redis.hpp"

#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

RedisCommand rights_question();

// The rules that the user lacks, as Redis' ACL writes them: "+zadd", "~session:*". Nothing = Redis
// does not tell: servers that are Redis in most things may not have the call that asks.
std::optional<std::vector<std::string>> missing_rights(const RedisReply& reply);

}  // namespace claimcheck
