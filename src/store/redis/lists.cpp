// What the operator asks of the orders, in Redis: lists, search words, counts. Every call reads a
// bounded part of an index; nothing here looks at all keys.
#include "base/crypto.hpp"
#include "embedded/lua.hpp"
#include "store/codec.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace claimcheck {

namespace {

std::string score_of(Time when) { return fmt::to_string(to_us(when)); }

Result<Time> time_in(const std::string& score) {
  const auto us = number_in<double>(score);
  if (!us) return strange_reply();
  return from_us(static_cast<std::int64_t>(*us));
}

Result<Time> time_of(const Result<RedisReply>& reply) {
  const Result<std::string> score = text_of(reply);
  if (!score) return fail(score);
  return time_in(*score);
}

Result<std::vector<ListedOrder>> orders_of(const RedisReply& reply) {
  if (reply.failure() != nullptr) return std::unexpected(refusal(*reply.failure()));
  if (reply.array() == nullptr) return strange_reply();
  std::vector<ListedOrder> orders;
  for (const RedisReply& element : *reply.array()) {
    const Result<std::vector<std::string>> pair = texts_of(element);
    if (!pair || pair->size() != 2) return strange_reply();
    const Result<Time> when = time_in(pair->at(1));
    if (!when) return fail(when);
    orders.push_back({.session_id = pair->at(0), .when = *when});
  }
  return orders;
}

HashFields fields_of(const std::vector<std::string>& flat) {
  HashFields fields;
  for (std::size_t i = 0; i + 1 < flat.size(); i += 2) fields.emplace_back(flat[i], flat[i + 1]);
  return fields;
}

Result<Claim> claim_of(const RedisReply& reply) {
  if (reply.failure() != nullptr) return std::unexpected(refusal(*reply.failure()));
  const Result<std::vector<std::string>> fields = texts_of(reply);
  if (!fields) return fail(fields);
  if (fields->empty()) return fail(Errc::not_found, "there is no claim for this session");
  return decode_claim(fields_of(*fields));
}

}  // namespace

std::string RedisStore::list_key(OrderList which, int partition) const {
  switch (which) {
    case OrderList::held: return keys::held(partition);
    case OrderList::disputed: return keys::disputed(partition);
    case OrderList::recent: break;
  }
  return keys::recent(partition);
}

Async<void> RedisStore::enlist(OrderList which, std::string session_id, Time when, bool anew) {
  static const Script script(embedded::lua_enlist);
  std::vector<std::string> names = {list_key(which, keys::partition_of(session_id, partitions_))};
  std::vector<std::string> arguments = {std::move(session_id), score_of(when), anew ? "1" : "0"};
  const Result<RedisReply> listed =
      co_await run_script(acks_, script, std::move(names), std::move(arguments));
  if (!listed) co_return fail(listed);
  co_return Result<void>();
}

Async<void> RedisStore::unlist(OrderList which, ListedOrder listed) {
  static const Script script(embedded::lua_unlist);
  const int partition = keys::partition_of(listed.session_id, partitions_);
  std::vector<std::string> names = {list_key(which, partition)};
  std::vector<std::string> arguments = {std::move(listed.session_id), score_of(listed.when)};
  const Result<RedisReply> removed =
      co_await run_script(acks_, script, std::move(names), std::move(arguments));
  if (!removed) co_return fail(removed);
  co_return Result<void>();
}

Async<Time> RedisStore::listed_since(OrderList which, std::string session_id) {
  const std::string key = list_key(which, keys::partition_of(session_id, partitions_));
  RedisCommand ask = {"ZSCORE", key, std::move(session_id)};
  co_return time_of(co_await run_command(redis_, std::move(ask)));
}

Async<void> RedisStore::mark_opened(std::string session_id, Time when) {
  RedisCommand set = {"SET", keys::opened(session_id),     fmt::to_string(to_us(when)), "NX",
                      "PX",  in_ms(limits_.claim_paid_ttl)};
  const Result<RedisReply> marked = co_await run_command(redis_, std::move(set));
  if (!marked) co_return fail(marked);
  co_return Result<void>();
}

Async<Time> RedisStore::opened(std::string session_id) {
  RedisCommand get = {"GET", keys::opened(session_id)};
  const Result<std::string> when = text_of(co_await run_command(redis_, std::move(get)));
  if (!when) co_return fail(when);
  const auto when_us = number_in<std::int64_t>(*when);
  if (!when_us) co_return fail(Errc::unreadable, "when the order was opened is unreadable");
  co_return from_us(*when_us);
}

Async<Time> RedisStore::due_at(std::string member) {
  RedisCommand ask = {"ZSCORE", due_key(member), member};
  co_return time_of(co_await run_command(redis_, std::move(ask)));
}

// Behind a member means: not those of its own score that come before it. So many more are read.
Async<std::vector<std::size_t>> RedisStore::listed_at(OrderList which, Time when) {
  std::vector<RedisCommand> commands;
  for (int partition = 0; partition < partitions_; ++partition) {
    commands.push_back({"ZCOUNT", list_key(which, partition), score_of(when), score_of(when)});
  }
  const Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(std::move(commands));
  if (!replies) co_return fail(replies);
  std::vector<std::size_t> counts;
  for (const RedisReply& reply : *replies) {
    if (reply.failure() != nullptr) co_return std::unexpected(refusal(*reply.failure()));
    if (reply.integer() == nullptr) co_return strange_reply();
    counts.push_back(static_cast<std::size_t>(*reply.integer()));
  }
  co_return counts;
}

Async<std::vector<ListedOrder>> RedisStore::list(OrderList which, std::optional<ListedOrder> after,
                                                 std::size_t limit) {
  std::vector<std::size_t> same(static_cast<std::size_t>(partitions_), 0);
  if (after) {
    Result<std::vector<std::size_t>> counted = co_await listed_at(which, after->when);
    if (!counted) co_return fail(counted);
    same = std::move(*counted);
  }
  const bool newest_first = which == OrderList::recent;
  std::string from = newest_first ? "+inf" : "-inf";
  if (after) from = score_of(after->when);
  std::vector<RedisCommand> ranges;
  for (int partition = 0; partition < partitions_; ++partition) {
    RedisCommand range = {"ZRANGE", list_key(which, partition), from,
                          newest_first ? "-inf" : "+inf", "BYSCORE"};
    if (newest_first) range.emplace_back("REV");
    const std::size_t most = limit + same[static_cast<std::size_t>(partition)];
    range.insert(range.end(), {"LIMIT", "0", fmt::to_string(most), "WITHSCORES"});
    ranges.push_back(std::move(range));
  }
  const Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(std::move(ranges));
  if (!replies) co_return fail(replies);
  std::vector<ListedOrder> all;
  for (const RedisReply& reply : *replies) {
    Result<std::vector<ListedOrder>> some = orders_of(reply);
    if (!some) co_return fail(some);
    std::ranges::move(*some, std::back_inserter(all));
  }
  const auto before = [which](const auto& a, const auto& b) { return comes_before(which, a, b); };
  if (after) std::erase_if(all, [&](const auto& one) { return !before(*after, one); });
  std::ranges::sort(all, before);
  if (all.size() > limit) all.resize(limit);
  co_return all;
}

Async<std::vector<Result<Claim>>> RedisStore::load_all(std::vector<std::string> session_ids) {
  std::vector<RedisCommand> commands;
  for (const std::string& id : session_ids) commands.push_back({"HGETALL", keys::claim(id)});
  std::vector<Result<Claim>> claims;
  if (commands.empty()) co_return claims;
  const Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(std::move(commands));
  if (!replies) co_return fail(replies);
  for (const RedisReply& reply : *replies) claims.push_back(claim_of(reply));
  co_return claims;
}

Async<OrderCounts> RedisStore::order_counts() {
  std::vector<RedisCommand> commands;
  for (int partition = 0; partition < partitions_; ++partition) {
    commands.push_back({"ZCARD", keys::due(partition)});
    commands.push_back({"HLEN", keys::unpaid(partition)});
    commands.push_back({"ZCARD", keys::held(partition)});
    commands.push_back({"ZCARD", keys::disputed(partition)});
  }
  const Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(std::move(commands));
  if (!replies) co_return fail(replies);
  OrderCounts counts;
  for (std::size_t i = 0; i + 3 < replies->size(); i += 4) {
    for (std::size_t j = 0; j < 4; ++j) {
      if ((*replies)[i + j].integer() == nullptr) co_return strange_reply();
    }
    counts.due += *(*replies)[i].integer();
    counts.unpaid += std::max<std::int64_t>(0, *(*replies)[i + 1].integer() - 1);  // the total
    counts.held += *(*replies)[i + 2].integer();
    counts.disputed += *(*replies)[i + 3].integer();
  }
  co_return counts;
}

Async<void> RedisStore::index_word(std::string word, std::string session_id, Time when) {
  const std::string key = keys::found(sha256_hex(word));
  const auto life = std::chrono::ceil<std::chrono::seconds>(limits_.claim_open_ttl);
  const std::string surplus = fmt::to_string(-limits_.found_orders - 1);
  co_return co_await run_together(redis_, {{"ZADD", key, score_of(when), std::move(session_id)},
                                           {"ZREMRANGEBYRANK", key, "0", surplus},
                                           {"EXPIRE", key, fmt::to_string(life.count())}});
}

Async<void> RedisStore::forget_word(std::string word, std::string session_id) {
  RedisCommand remove = {"ZREM", keys::found(sha256_hex(word)), std::move(session_id)};
  const Result<RedisReply> removed = co_await run_command(acks_, std::move(remove));
  if (!removed) co_return fail(removed);
  co_return Result<void>();
}

Async<std::vector<std::string>> RedisStore::find_word(std::string word) {
  RedisCommand range = {"ZRANGE", keys::found(sha256_hex(word)), "0", "-1", "REV"};
  co_return texts_of(co_await run_command(redis_, std::move(range)));
}

}  // namespace claimcheck
