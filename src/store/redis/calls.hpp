// How the store speaks with Redis: single commands and scripts, where an error of the server is an
// Error too. A script is named by its SHA-1 and sent in full only when the server does not know
// it, so processes of two releases never call each other's. Internal to src/store.
#pragma once

#include "net/redis/acks.hpp"
#include "store/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

struct Script {
  std::string text;
  std::string sha1;

  explicit Script(std::string_view source);
  // The same script, run also when the server's memory is full: for what helps orders to end.
  Script when_full() const;
};

// unavailable: the server can not serve now, nothing was done. unreadable: a key of another type.
Error refusal(const RedisReply::Failure& failure);
// A reply of a type that the command never gives.
std::unexpected<Error> strange_reply();

// What only reads goes through the shared connection, what writes through the acknowledged one.
Async<RedisReply> run_command(Redis& redis, RedisCommand command);
Async<RedisReply> run_command(RedisAcks& acks, RedisCommand command);
Async<RedisReply> run_script(RedisAcks& acks, const Script& script, std::vector<std::string> keys,
                             std::vector<std::string> arguments);
// Of a hint that no disk and no replica is waited for.
Async<RedisReply> run_script(Redis& redis, const Script& script, std::vector<std::string> keys,
                             std::vector<std::string> arguments);

// All of them or none, in one round trip; for hints that no disk and no replica is waited for.
Async<void> run_together(Redis& redis, std::vector<RedisCommand> commands);

Result<std::string> text_of(const Result<RedisReply>& reply);
Result<std::int64_t> integer_of(const Result<RedisReply>& reply);
// Every element a text.
Result<std::vector<std::string>> texts_of(const Result<RedisReply>& reply);
// One of several replies; an error of the server is an Error here too.
Result<std::vector<std::string>> texts_of(const RedisReply& reply);
// The reply of ZRANGE .. WITHSCORES: pairs of score and member.
using Scored = std::pair<double, std::string>;
Result<std::vector<Scored>> scored_of(const Result<RedisReply>& reply);

std::string in_ms(Duration duration);

}  // namespace claimcheck
