// How the store calls Redis: single commands and scripts, where an error of the server becomes an
// Error. A script is named by its SHA-1, and sent in full only when the server does not know it. So
// processes of two releases never run each other's scripts. Internal to src/store.
#pragma once

#include "base/clock.hpp"
#include "domain/names.hpp"
#include "net/redis/acks.hpp"
#include "store/async.hpp"
#include "store/codec.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

struct Script {
  std::string text;
  std::string sha1;

  explicit Script(std::string_view source);
  // The same script, allowed also when the server's memory is full: for steps that end orders.
  Script when_full() const;
};

// unavailable: the server can not serve now, nothing was done. unreadable: a key of another type.
Error refusal(const RedisReply::Failure& failure);
// A reply of a type that the command never gives.
std::unexpected<Error> strange_reply();

// Reads go through the shared connection, writes through the acknowledged one.
Async<RedisReply> run_command(Redis& redis, RedisCommand command);
Async<RedisReply> run_command(RedisAcks& acks, RedisCommand command);
Async<RedisReply> run_script(RedisAcks& acks, const Script& script, std::vector<std::string> keys,
                             std::vector<std::string> arguments);
// For hints that wait for no disk and no replica.
Async<RedisReply> run_script(Redis& redis, const Script& script, std::vector<std::string> keys,
                             std::vector<std::string> arguments);

// All of them or none, in one round trip; for hints that no disk and no replica is waited for.
Async<void> run_together(Redis& redis, std::vector<RedisCommand> commands);

// The value that an operation takes from a reply. All of these pass a failure on, and give
// unreadable when the reply is of another type.

// Only that the command succeeded.
Result<void> done_of(const Result<RedisReply>& reply);
// not_found when it is null.
Result<std::string> text_of(Result<RedisReply> reply);
// The word that a script returned, as the enumerator of that name.
template <typename Word>
Result<Word> word_of(const Result<RedisReply>& reply) {
  const Result<std::string> text = text_of(reply);
  if (!text) return fail(text);
  const std::optional<Word> word = from_name<Word>(*text);
  if (!word) return strange_reply();
  return *word;
}
Result<std::int64_t> integer_of(const Result<RedisReply>& reply);
// 1 = yes.
Result<bool> yes_of(const Result<RedisReply>& reply);
// A score of ours: whole microseconds. not_found when it is null.
Result<Time> time_of(const Result<RedisReply>& reply);
Result<Time> time_in(const std::string& score);
// Every element a text.
Result<std::vector<std::string>> texts_of(Result<RedisReply> reply);
// One of several replies; an error of the server is an Error here too.
Result<std::vector<std::string>> texts_of(RedisReply reply);
// The reply of ZRANGE .. WITHSCORES: pairs of score and member.
using Scored = std::pair<double, std::string>;
Result<std::vector<Scored>> scored_of(Result<RedisReply> reply);

// The reply of HGETALL, whose elements are names and values in turn.
HashFields pairs_of(std::vector<std::string> flat);

// Times in the unit that the command takes.
std::string in_ms(Duration duration);
std::string in_us(Duration duration);
std::string in_seconds(Duration duration);  // rounded up
// A score is whole microseconds below 2^53, so a double holds it exactly; it is printed as an
// integer, since the shortest form (1.79e+15) would not be.
std::string score_of(Time when);
std::string score_of(double score);

}  // namespace claimcheck
