// The lists of orders in Redis: one index for each partition. Every call reads a bounded part of
// it; no call scans all keys.
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/newest.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace claimcheck {

namespace {

Result<std::vector<ListedOrder>> orders_of(RedisReply reply) {
  if (reply.failure() != nullptr) return std::unexpected(refusal(*reply.failure()));
  if (reply.array() == nullptr) return strange_reply();
  std::vector<ListedOrder> orders;
  for (RedisReply& element : *reply.array()) {
    const Result<std::vector<std::string>> pair = texts_of(std::move(element));
    if (!pair || pair->size() != 2) return strange_reply();
    const Result<Time> when = time_in(pair->at(1));
    if (!when) return fail(when);
    orders.push_back({.session_id = pair->at(0), .when = *when});
  }
  return orders;
}

class RedisOrderLists final : public InRedis<OrderLists> {
 public:
  using InRedis::InRedis;

  Async<void> remember(std::string session_id, Time created) override {
    const std::string key = keys::recent(keys::partition_of(session_id, partitions_));
    const std::int64_t kept = recent_kept(limits_, partitions_);
    RedisCommand add = {"ZADD", key, score_of(created), session_id};
    const Result<RedisReply> added = co_await run_command(acks_, std::move(add));
    if (!added) co_return fail(added);
    // Trimmed after each addition, so that no job has to clean up.
    RedisCommand trim = {"ZREMRANGEBYRANK", key, "0", fmt::to_string(-kept - 1)};
    co_return done_of(co_await run_command(acks_, std::move(trim)));
  }

  Async<std::vector<std::string>> recent(std::size_t limit) override {
    std::vector<Scored> all;
    for (int partition = 0; partition < partitions_ && limit > 0; ++partition) {
      RedisCommand range = {
          // Each partition is asked for the whole limit: it may hold all of the newest orders.
          "ZRANGE", keys::recent(partition), "0", fmt::to_string(limit - 1), "REV", "WITHSCORES"};
      const Result<std::vector<Scored>> some =
          scored_of(co_await run_command(redis_, std::move(range)));
      if (!some) co_return fail(some);
      all.insert(all.end(), some->begin(), some->end());
    }
    co_return newest_first(std::move(all), limit);
  }

  Async<void> enlist(OrderList which, std::string session_id, Time when,
                     IfListed already) override {
    // Compared and written in one script: when two processes change the list, the later one wins.
    static const Script script(embedded::lua_enlist);
    std::vector<std::string> names = {list_key(which, keys::partition_of(session_id, partitions_))};
    std::vector<std::string> arguments = {std::move(session_id), score_of(when),
                                          already == IfListed::anew ? "1" : "0"};
    co_return done_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<void> unlist(OrderList which, ListedOrder listed) override {
    // Only with the time that was read: an order that was listed anew since then stays.
    static const Script script(embedded::lua_unlist);
    const int partition = keys::partition_of(listed.session_id, partitions_);
    std::vector<std::string> names = {list_key(which, partition)};
    std::vector<std::string> arguments = {std::move(listed.session_id), score_of(listed.when)};
    co_return done_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<Time> listed_since(OrderList which, std::string session_id) override {
    const std::string key = list_key(which, keys::partition_of(session_id, partitions_));
    RedisCommand ask = {"ZSCORE", key, std::move(session_id)};
    co_return time_of(co_await run_command(redis_, std::move(ask)));
  }

  Async<std::vector<ListedOrder>> list(OrderList which, std::optional<ListedOrder> after,
                                       std::size_t limit) override {
    // Redis finds a place by score only. So the members that share the score of `after` are read as
    // well, and dropped below.
    std::vector<std::size_t> same(static_cast<std::size_t>(partitions_), 0);
    if (after) {
      Result<std::vector<std::size_t>> counted = co_await listed_at(which, after->when);
      if (!counted) co_return fail(counted);
      same = std::move(*counted);
    }
    // One partition may hold the whole page, so each is asked for a whole page.
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
    Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(ranges);
    if (!replies) co_return fail(replies);
    std::vector<ListedOrder> all;
    for (RedisReply& reply : *replies) {
      Result<std::vector<ListedOrder>> some = orders_of(std::move(reply));
      if (!some) co_return fail(some);
      std::ranges::move(*some, std::back_inserter(all));
    }
    // The exact order, with the ids, is decided here: Redis sorted each partition by score.
    const auto before = [which](const auto& a, const auto& b) { return comes_before(which, a, b); };
    if (after) std::erase_if(all, [&](const auto& one) { return !before(*after, one); });
    std::ranges::sort(all, before);
    if (all.size() > limit) all.resize(limit);
    co_return all;
  }

  Async<OrderCounts> order_counts() override {
    std::vector<RedisCommand> commands;
    for (int partition = 0; partition < partitions_; ++partition) {
      commands.push_back({"ZCARD", keys::due(partition)});
      commands.push_back({"HLEN", keys::unpaid(partition)});
      commands.push_back({"ZCARD", keys::held(partition)});
      commands.push_back({"ZCARD", keys::disputed(partition)});
      commands.push_back({"ZCARD", keys::recent(partition)});
    }
    const Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(commands);
    if (!replies) co_return fail(replies);
    // Five replies for each partition, in the order of the commands above.
    OrderCounts counts;
    for (std::size_t i = 0; i + 4 < replies->size(); i += 5) {
      for (std::size_t j = 0; j < 5; ++j) {
        if ((*replies)[i + j].integer() == nullptr) co_return strange_reply();
      }
      counts.due += *(*replies)[i].integer();
      counts.unpaid +=
          std::max<std::int64_t>(0, *(*replies)[i + 1].integer() - 1);  // one field is the total
      counts.held += *(*replies)[i + 2].integer();
      counts.disputed += *(*replies)[i + 3].integer();
      counts.recent += *(*replies)[i + 4].integer();
    }
    co_return counts;
  }

 private:
  std::string list_key(OrderList which, int partition) const {
    switch (which) {
      case OrderList::held: return keys::held(partition);
      case OrderList::disputed: return keys::disputed(partition);
      case OrderList::recent: break;
    }
    return keys::recent(partition);
  }

  // How many members of each partition have that score. list() must read so many more, since some
  // of them come before the member that it continues after.
  Async<std::vector<std::size_t>> listed_at(OrderList which, Time when) {
    std::vector<RedisCommand> commands;
    for (int partition = 0; partition < partitions_; ++partition) {
      commands.push_back({"ZCOUNT", list_key(which, partition), score_of(when), score_of(when)});
    }
    const Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(commands);
    if (!replies) co_return fail(replies);
    std::vector<std::size_t> counts;
    for (const RedisReply& reply : *replies) {
      if (reply.failure() != nullptr) co_return std::unexpected(refusal(*reply.failure()));
      if (reply.integer() == nullptr) co_return strange_reply();
      counts.push_back(static_cast<std::size_t>(*reply.integer()));
    }
    co_return counts;
  }
};

}  // namespace

std::unique_ptr<OrderLists> order_lists_in(RedisShared& shared) {
  return std::make_unique<RedisOrderLists>(shared);
}

}  // namespace claimcheck
