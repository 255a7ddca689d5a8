// The work index and what lies beside the orders in Redis.
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/records.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace claimcheck {

namespace {

std::string in_seconds(Duration duration) {
  return fmt::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

// Scores are whole microseconds below 2^53, so a double holds them exactly; printed as integers,
// since the shortest form (1.79e+15) would not be.
std::string score_text(double score) { return fmt::format("{:.0f}", score); }

}  // namespace

std::string RedisStore::due_key(std::string_view member) const {
  return keys::due(keys::partition_of(member, partitions_));
}

Async<void> RedisStore::schedule(std::string member, Time when) {
  RedisCommand add = {"ZADD", due_key(member), "NX", fmt::to_string(to_us(when)), member};
  const Result<RedisReply> added = co_await run_command(acks_, std::move(add));
  if (!added) co_return fail(added);
  co_return Result<void>();
}

Async<void> RedisStore::schedule_all(std::vector<Scheduled> lost) {
  if (lost.empty()) co_return Result<void>();
  std::vector<RedisCommand> commands;
  for (Scheduled& one : lost) {
    commands.push_back({"ZADD", due_key(one.member), "NX", fmt::to_string(to_us(one.when)),
                        std::move(one.member)});
  }
  co_return co_await run_together(redis_, std::move(commands));
}

Async<void> RedisStore::wake(std::string member) {
  static const Script script(embedded::lua_wake);
  std::vector<std::string> names = {due_key(member)};
  std::vector<std::string> arguments = {std::move(member)};
  const Result<RedisReply> woken =
      co_await run_script(acks_, script, std::move(names), std::move(arguments));
  if (!woken) co_return fail(woken);
  co_return Result<void>();
}

Async<std::vector<Due>> RedisStore::take_from(int partition, std::size_t limit, Duration lease) {
  static const Script script(embedded::lua_take);
  std::vector<std::string> names = {keys::due(partition), keys::taken(partition)};
  std::vector<std::string> arguments = {fmt::to_string(limit), fmt::to_string(lease.count()),
                                        fmt::to_string(lapses_alone)};
  const Result<std::vector<std::string>> taken =
      texts_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  if (!taken) co_return fail(taken);
  std::vector<Due> due;
  for (std::size_t i = 0; i + 2 < taken->size(); i += 3) {
    const auto score = number_in<double>((*taken)[i + 1]);
    const auto lapses = number_in<std::int64_t>((*taken)[i + 2]);
    if (!score || !lapses) co_return strange_reply();
    due.push_back({.member = (*taken)[i], .score = *score, .lapses = *lapses});
  }
  co_return due;
}

Async<std::vector<Due>> RedisStore::take(std::size_t limit, Duration lease) {
  std::vector<Due> all;
  const int first = first_partition_;
  first_partition_ = (first_partition_ + 1) % partitions_;
  for (int i = 0; i < partitions_ && all.size() < limit; ++i) {
    Result<std::vector<Due>> some =
        co_await take_from((first + i) % partitions_, limit - all.size(), lease);
    // What was taken already must be worked on: nobody else sees it before its lease is over.
    if (!some && !all.empty()) break;
    if (!some) co_return fail(some);
    std::ranges::move(*some, std::back_inserter(all));
    if (!all.empty() && all.back().lapses >= lapses_alone) break;
  }
  co_return all;
}

Async<std::optional<double>> RedisStore::renew(Due taken, Duration lease) {
  static const Script script(embedded::lua_renew);
  const int partition = keys::partition_of(taken.member, partitions_);
  std::vector<std::string> names = {keys::due(partition), keys::taken(partition)};
  std::vector<std::string> arguments = {std::move(taken.member), score_text(taken.score),
                                        fmt::to_string(lease.count())};
  const Result<std::string> score =
      text_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  if (!score) co_return fail(score);
  if (score->empty()) co_return std::nullopt;
  const auto number = number_in<double>(*score);
  if (!number) co_return strange_reply();
  co_return *number;
}

Async<bool> RedisStore::settle(Due taken, std::optional<Duration> delay) {
  static const Script script(embedded::lua_settle);
  const int partition = keys::partition_of(taken.member, partitions_);
  std::vector<std::string> names = {keys::due(partition), keys::taken(partition)};
  std::vector<std::string> arguments = {std::move(taken.member), score_text(taken.score),
                                        delay ? fmt::to_string(delay->count()) : ""};
  const Result<std::int64_t> settled =
      integer_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  if (!settled) co_return fail(settled);
  co_return *settled == 1;
}

Async<std::string> RedisStore::own_job(std::string job, std::string owner) {
  // With GET the reply is the value that was there, so null means: now it is ours.
  RedisCommand set = {"SET", keys::job(job), owner, "NX", "GET", "EX", in_seconds(limits_.job_ttl)};
  const Result<RedisReply> before = co_await run_command(acks_, std::move(set));
  if (before && before->null()) co_return owner;
  co_return text_of(before);
}

Async<std::string> RedisStore::job_owner(std::string job) {
  RedisCommand get = {"GET", keys::job(job)};
  co_return text_of(co_await run_command(redis_, std::move(get)));
}

Async<IdempotencyRecord> RedisStore::idempotency(std::string key, IdempotencyRecord record,
                                                 bool replace) {
  RedisCommand set = {"SET", keys::idempotency(key), encode_idempotency(record), "EX",
                      in_seconds(limits_.idempotency_ttl)};
  if (!replace) set.insert(set.end(), {"NX", "GET"});
  const Result<RedisReply> before = co_await run_command(acks_, std::move(set));
  if (!before) co_return fail(before);
  if (replace || before->null()) co_return record;
  if (before->text() == nullptr) co_return strange_reply();
  co_return decode_idempotency(*before->text());
}

Async<std::int64_t> RedisStore::book_unpaid(std::string session_id, std::int64_t bytes) {
  static const Script booking(embedded::lua_unpaid);
  static const Script release = booking.when_full();
  const int partition = keys::partition_of(session_id, partitions_);
  std::vector<std::string> names = {keys::unpaid(partition)};
  std::vector<std::string> arguments = {std::move(session_id), fmt::to_string(bytes)};
  const Script& script = bytes == 0 ? release : booking;
  Result<std::int64_t> total =
      integer_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  if (!total) co_return fail(total);
  for (int other = 0; other < partitions_; ++other) {
    if (other == partition) continue;
    RedisCommand get = {"HGET", keys::unpaid(other), "total"};
    const Result<RedisReply> there = co_await run_command(redis_, std::move(get));
    if (!there) co_return fail(there);
    if (there->text() != nullptr) *total += number_in<std::int64_t>(*there->text()).value_or(0);
  }
  co_return total;
}

Async<void> RedisStore::remember(std::string session_id, Time created) {
  const std::string key = keys::recent(keys::partition_of(session_id, partitions_));
  const std::int64_t kept = (limits_.recent_orders + partitions_ - 1) / partitions_;
  RedisCommand add = {"ZADD", key, fmt::to_string(to_us(created)), session_id};
  const Result<RedisReply> added = co_await run_command(acks_, std::move(add));
  if (!added) co_return fail(added);
  RedisCommand trim = {"ZREMRANGEBYRANK", key, "0", fmt::to_string(-kept - 1)};
  const Result<RedisReply> trimmed = co_await run_command(acks_, std::move(trim));
  if (!trimmed) co_return fail(trimmed);
  co_return Result<void>();
}

Async<std::vector<std::string>> RedisStore::recent(std::size_t limit) {
  std::vector<Scored> all;
  for (int partition = 0; partition < partitions_ && limit > 0; ++partition) {
    RedisCommand range = {
        "ZRANGE", keys::recent(partition), "0", fmt::to_string(limit - 1), "REV", "WITHSCORES"};
    const Result<std::vector<Scored>> some =
        scored_of(co_await run_command(redis_, std::move(range)));
    if (!some) co_return fail(some);
    all.insert(all.end(), some->begin(), some->end());
  }
  std::ranges::sort(all, std::ranges::greater());
  if (all.size() > limit) all.resize(limit);
  std::vector<std::string> ids;
  for (auto& [score, member] : all) ids.push_back(std::move(member));
  co_return ids;
}

}  // namespace claimcheck
