#include "store/redis/calls.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "store/number.hpp"

#include <fmt/format.h>

#include <iterator>

namespace claimcheck {

namespace {

constexpr std::string_view shebang = "#!lua\n";
constexpr std::string_view shebang_when_full = "#!lua flags=allow-oom\n";

}  // namespace

Script::Script(std::string_view source) : text(source), sha1(sha1_hex(source)) {
  ENSURE(source.starts_with("#!lua"));
}

Script Script::when_full() const {
  ENSURE(text.starts_with(shebang));
  return Script(std::string(shebang_when_full) + text.substr(shebang.size()));
}

Error refusal(const RedisReply::Failure& failure) {
  // Only the first word is passed on: the rest may quote what we sent, which may be personal.
  const std::string word = failure.text.substr(0, failure.text.find(' '));
  if (word == "WRONGTYPE") return {Errc::unreadable, "Redis holds another type under this key"};
  // A script says of a command that it may not call: in Redis 7.0, and since.
  if (word == "NOPERM" || failure.text.contains("The user executing the script can't") ||
      failure.text.contains("ACL failure in script")) {
    return {Errc::unavailable, "this Redis user lacks a right: claimcheck doctor names it"};
  }
  return {Errc::unavailable, fmt::format("Redis refused: {}", word)};
}

std::unexpected<Error> strange_reply() {
  return fail(Errc::unreadable, "Redis sent a reply of an unexpected type");
}

namespace {

Result<RedisReply> unless_refused(Result<RedisReply> reply) {
  if (reply && reply->failure() != nullptr) return std::unexpected(refusal(*reply->failure()));
  return reply;
}

}  // namespace

Async<RedisReply> run_command(Redis& redis, RedisCommand command) {
  co_return unless_refused(co_await redis.exec(command));
}

Async<RedisReply> run_command(RedisAcks& acks, RedisCommand command) {
  co_return unless_refused(co_await acks.exec(command));
}

namespace {

template <typename Connection>
Async<RedisReply> run_script_on(Connection& connection, const Script& script,
                                std::vector<std::string> keys, std::vector<std::string> arguments) {
  RedisCommand command = {"EVALSHA", script.sha1, fmt::to_string(keys.size())};
  std::ranges::move(keys, std::back_inserter(command));
  std::ranges::move(arguments, std::back_inserter(command));
  Result<RedisReply> reply = co_await connection.exec(command);
  // Once after each start of Redis: EVAL also stores the script, so the next call finds it. Nothing
  // was run, so a repetition is safe.
  if (reply && reply->failure() != nullptr && reply->failure()->text.starts_with("NOSCRIPT")) {
    command[0] = "EVAL";
    command[1] = script.text;
    reply = co_await connection.exec(command);
  }
  co_return unless_refused(std::move(reply));
}

}  // namespace

Async<RedisReply> run_script(RedisAcks& acks, const Script& script, std::vector<std::string> keys,
                             std::vector<std::string> arguments) {
  return run_script_on(acks, script, std::move(keys), std::move(arguments));
}

Async<RedisReply> run_script(Redis& redis, const Script& script, std::vector<std::string> keys,
                             std::vector<std::string> arguments) {
  return run_script_on(redis, script, std::move(keys), std::move(arguments));
}

Async<void> run_together(Redis& redis, std::vector<RedisCommand> commands) {
  commands.insert(commands.begin(), {"MULTI"});
  commands.push_back({"EXEC"});
  const Result<std::vector<RedisReply>> replies = co_await redis.exec_all(commands);
  if (!replies) co_return fail(replies);
  // A refused command fails at its own place and makes EXEC fail as well; then none was run.
  for (const RedisReply& reply : *replies) {
    if (reply.failure() != nullptr) co_return std::unexpected(refusal(*reply.failure()));
  }
  // The last reply is that of EXEC: the results of all commands.
  if (replies->back().array() == nullptr) co_return strange_reply();
  for (const RedisReply& result : *replies->back().array()) {
    if (result.failure() != nullptr) co_return std::unexpected(refusal(*result.failure()));
  }
  co_return Result<void>();
}

Result<void> done_of(const Result<RedisReply>& reply) {
  if (!reply) return fail(reply);
  return {};
}

Result<std::string> text_of(Result<RedisReply> reply) {
  if (!reply) return fail(reply);
  if (reply->null()) return fail(Errc::not_found, "Redis has no such key");
  if (reply->text() == nullptr) return strange_reply();
  return std::move(*reply->text());
}

Result<std::int64_t> integer_of(const Result<RedisReply>& reply) {
  if (!reply) return fail(reply);
  if (reply->integer() == nullptr) return strange_reply();
  return *reply->integer();
}

Result<bool> yes_of(const Result<RedisReply>& reply) {
  const Result<std::int64_t> number = integer_of(reply);
  if (!number) return fail(number);
  return *number == 1;
}

Result<Time> time_of(const Result<RedisReply>& reply) {
  const Result<std::string> score = text_of(reply);
  if (!score) return fail(score);
  return time_in(*score);
}

Result<Time> time_in(const std::string& score) {
  const auto us = number_in<double>(score);
  if (!us) return strange_reply();
  return from_us(static_cast<std::int64_t>(*us));
}

Result<std::vector<std::string>> texts_of(Result<RedisReply> reply) {
  if (!reply) return fail(reply);
  return texts_of(std::move(*reply));
}

Result<std::vector<std::string>> texts_of(RedisReply reply) {
  if (reply.failure() != nullptr) return std::unexpected(refusal(*reply.failure()));
  if (reply.array() == nullptr) return strange_reply();
  std::vector<std::string> texts;
  texts.reserve(reply.array()->size());
  for (RedisReply& element : *reply.array()) {
    if (element.text() == nullptr) return strange_reply();
    texts.push_back(std::move(*element.text()));
  }
  return texts;
}

Result<std::vector<Scored>> scored_of(Result<RedisReply> reply) {
  if (!reply) return fail(reply);
  if (reply->failure() != nullptr) return std::unexpected(refusal(*reply->failure()));
  if (reply->array() == nullptr) return strange_reply();
  std::vector<Scored> all;
  for (RedisReply& element : *reply->array()) {
    const Result<std::vector<std::string>> pair = texts_of(std::move(element));
    if (!pair || pair->size() != 2) return strange_reply();
    all.emplace_back(number_in<double>(pair->at(1)).value_or(0), pair->at(0));
  }
  return all;
}

HashFields pairs_of(std::vector<std::string> flat) {
  HashFields fields;
  fields.reserve(flat.size() / 2);
  for (std::size_t i = 0; i + 1 < flat.size(); i += 2) {
    fields.emplace_back(std::move(flat[i]), std::move(flat[i + 1]));
  }
  return fields;
}

std::string in_us(Duration duration) { return fmt::to_string(duration.count()); }

std::string in_seconds(Duration duration) {
  return fmt::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

std::string score_of(double score) { return fmt::format("{:.0f}", score); }

std::string score_of(Time when) { return fmt::to_string(to_us(when)); }

std::string in_ms(Duration duration) {
  return fmt::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

}  // namespace claimcheck
