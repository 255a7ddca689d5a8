// The work index in Redis: for each partition an index by due time, and a hash of the leases.
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace claimcheck {

namespace {

class RedisWorkQueue final : public InRedis<WorkQueue> {
 public:
  using InRedis::InRedis;

  Async<void> schedule(std::string member, Time when) override {
    // LT: a later time never replaces an earlier one. An earlier one replaces a later one, so that
    // an order that waits for a day is found sooner.
    RedisCommand add = {"ZADD", due_key(member), "LT", score_of(when), member};
    co_return done_of(co_await run_command(acks_, std::move(add)));
  }

  Async<void> schedule_all(std::vector<Scheduled> lost) override {
    if (lost.empty()) co_return Result<void>();
    // One transaction, so that a lost connection leaves all of them or none.
    std::vector<RedisCommand> commands;
    for (Scheduled& one : lost) {
      commands.push_back(
          {"ZADD", due_key(one.member), "NX", score_of(one.when), std::move(one.member)});
    }
    co_return co_await run_together(redis_, std::move(commands));
  }

  Async<void> wake(std::string member, Announce announce) override {
    // A script, since the new score depends on the stored one.
    static const Script script(embedded::lua_wake);
    const int partition = keys::partition_of(member, partitions_);
    std::vector<std::string> names = {keys::due(partition)};
    if (announce == Announce::yes) names.push_back(keys::woken(partition));
    std::vector<std::string> arguments = {std::move(member)};
    co_return done_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<std::vector<Due>> take(std::size_t limit, Duration lease) override {
    std::vector<Due> all;
    // Each call begins at the next partition, so that a full one does not starve the others.
    const int first = first_partition_;
    first_partition_ = (first_partition_ + 1) % partitions_;
    for (int i = 0; i < partitions_ && all.size() < limit; ++i) {
      Result<std::vector<Due>> some =
          co_await take_from((first + i) % partitions_, limit - all.size(), lease);
      // The members taken so far must be worked on: no other worker sees them before the lease
      // ends.
      if (!some && !all.empty()) break;
      if (!some) co_return fail(some);
      std::ranges::move(*some, std::back_inserter(all));
      // Nothing is taken behind a suspicious member: it may kill this process.
      if (!all.empty() && all.back().lapses >= lapses_alone) break;
    }
    co_return all;
  }

  Async<std::optional<double>> renew(Due taken, Duration lease) override {
    static const Script script(embedded::lua_renew);
    const int partition = keys::partition_of(taken.member, partitions_);
    std::vector<std::string> names = {keys::due(partition), keys::taken(partition)};
    std::vector<std::string> arguments = {std::move(taken.member), score_of(taken.score),
                                          fmt::to_string(lease.count())};
    const Result<std::string> score =
        text_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
    if (!score) co_return fail(score);
    if (score->empty()) co_return std::nullopt;  // the stored score is another one
    const auto number = number_in<double>(*score);
    if (!number) co_return strange_reply();
    co_return *number;
  }

  Async<bool> settle(Due taken, std::optional<Duration> delay) override {
    // Compared and removed in one script: a wake that comes between would be lost.
    static const Script script(embedded::lua_settle);
    const int partition = keys::partition_of(taken.member, partitions_);
    std::vector<std::string> names = {keys::due(partition), keys::taken(partition),
                                      keys::unpaid(partition)};
    std::vector<std::string> arguments = {std::move(taken.member), score_of(taken.score),
                                          delay ? fmt::to_string(delay->count()) : ""};
    co_return yes_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<Time> due_at(std::string member) override {
    RedisCommand ask = {"ZSCORE", due_key(member), member};
    co_return time_of(co_await run_command(redis_, std::move(ask)));
  }

  Async<std::int64_t> waiting() override {
    std::int64_t sum = 0;
    for (int partition = 0; partition < partitions_; ++partition) {
      RedisCommand count = {"ZCARD", keys::due(partition)};
      const Result<std::int64_t> members =
          integer_of(co_await run_command(redis_, std::move(count)));
      if (!members) co_return fail(members);
      sum += *members;
    }
    co_return sum;
  }

 private:
  std::string due_key(std::string_view member) const {
    return keys::due(keys::partition_of(member, partitions_));
  }

  Async<std::vector<Due>> take_from(int partition, std::size_t limit, Duration lease) {
    static const Script script(embedded::lua_take);
    std::vector<std::string> names = {keys::due(partition), keys::taken(partition)};
    std::vector<std::string> arguments = {fmt::to_string(limit), fmt::to_string(lease.count()),
                                          fmt::to_string(lapses_alone)};
    const Result<std::vector<std::string>> taken =
        texts_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
    if (!taken) co_return fail(taken);
    std::vector<Due> due;
    // Three values for each member; the script never returns a part of them.
    for (std::size_t i = 0; i + 2 < taken->size(); i += 3) {
      const auto score = number_in<double>((*taken)[i + 1]);
      const auto lapses = number_in<std::int64_t>((*taken)[i + 2]);
      if (!score || !lapses) co_return strange_reply();
      due.push_back({.member = (*taken)[i], .score = *score, .lapses = *lapses});
    }
    co_return due;
  }

  int first_partition_ = 0;  // where the next take() begins, so that none is starved
};

}  // namespace

std::unique_ptr<WorkQueue> work_queue_in(RedisShared& shared) {
  return std::make_unique<RedisWorkQueue>(shared);
}

}  // namespace claimcheck
