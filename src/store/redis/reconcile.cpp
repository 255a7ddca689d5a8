// What the reconciler keeps and looks through in Redis.
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/store.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

constexpr const char* scan_count = "500";

}  // namespace

Async<Time> RedisStore::born() {
  RedisCommand get = {"HGET", keys::meta(), "born_s"};
  const Result<std::string> born = text_of(co_await run_command(redis_, std::move(get)));
  if (!born) co_return fail(born);
  const auto seconds = number_in<std::int64_t>(*born);
  if (!seconds)
    co_return fail(Errc::unreadable, fmt::format("{} in Redis is unreadable", keys::meta()));
  co_return from_unix_s(*seconds);
}

Async<std::string> RedisStore::bind_account(std::string account) {
  static const Script script(embedded::lua_bind_account);
  std::vector<std::string> names = {keys::meta()};
  std::vector<std::string> arguments = {std::move(account)};
  co_return text_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
}

Async<std::int64_t> RedisStore::waiting() {
  std::int64_t sum = 0;
  for (int partition = 0; partition < partitions_; ++partition) {
    RedisCommand count = {"ZCARD", keys::due(partition)};
    const Result<std::int64_t> members = integer_of(co_await run_command(redis_, std::move(count)));
    if (!members) co_return fail(members);
    sum += *members;
  }
  co_return sum;
}

Async<Time> RedisStore::reconciled() {
  RedisCommand get = {"HGET", keys::meta(), "reconciled_s"};
  const Result<std::string> stored = text_of(co_await run_command(redis_, std::move(get)));
  if (!stored && stored.error().code == Errc::not_found) co_return Time();
  if (!stored) co_return fail(stored);
  co_return from_unix_s(number_in<std::int64_t>(*stored).value_or(0));
}

Async<void> RedisStore::set_reconciled(Time when) {
  RedisCommand set = {"HSET", keys::meta(), "reconciled_s", fmt::to_string(to_unix_s(when))};
  const Result<RedisReply> written = co_await run_command(acks_, std::move(set));
  if (!written) co_return fail(written);
  co_return Result<void>();
}

Async<std::optional<Time>> RedisStore::next_walk(std::optional<Time> ours, Duration delay,
                                                 Duration longest) {
  static const Script script(embedded::lua_walk);
  std::vector<std::string> names = {keys::meta()};
  std::vector<std::string> arguments = {ours ? fmt::to_string(to_us(*ours)) : "",
                                        fmt::to_string(delay.count()),
                                        fmt::to_string(longest.count())};
  const Result<std::string> next =
      text_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  if (!next) co_return fail(next);
  const auto next_us = number_in<std::int64_t>(*next);
  if (!next_us) co_return std::optional<Time>();
  co_return from_us(*next_us);
}

Async<ClaimPage> RedisStore::claims(std::string cursor) {
  RedisCommand scan = {"SCAN",  cursor.empty() ? "0" : std::move(cursor),
                       "MATCH", keys::any_claim(),
                       "COUNT", scan_count};
  const Result<RedisReply> reply = co_await run_command(redis_, std::move(scan));
  if (!reply) co_return fail(reply);
  const RedisReply::Array* parts = reply->array();
  if (parts == nullptr || parts->size() != 2 || parts->front().text() == nullptr) {
    co_return strange_reply();
  }
  const Result<std::vector<std::string>> found = texts_of(parts->back());
  if (!found) co_return fail(found);
  ClaimPage page;
  for (const std::string& key : *found) {
    std::string id = keys::session_of_claim(key);
    if (!id.empty()) page.session_ids.push_back(std::move(id));
  }
  if (*parts->front().text() != "0") page.next = *parts->front().text();
  co_return page;
}

}  // namespace claimcheck
