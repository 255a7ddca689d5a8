// The records that a checkout leaves beside its order, in Redis.
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/records.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

#include <optional>

namespace claimcheck {

namespace {

class RedisCheckoutRecords final : public InRedis<CheckoutRecords> {
 public:
  using InRedis::InRedis;

  Async<IdempotencyRecord> idempotency(std::string key, IdempotencyRecord record,
                                       IfRecorded recorded) override {
    const bool replace = recorded == IfRecorded::replace;
    RedisCommand set = {"SET", keys::idempotency(key), encode_idempotency(record), "EX",
                        in_seconds(limits_.idempotency_ttl)};
    // With GET the reply is the earlier value, so null means that ours was stored.
    if (!replace) set.insert(set.end(), {"NX", "GET"});
    const Result<RedisReply> before = co_await run_command(acks_, std::move(set));
    if (!before) co_return fail(before);
    if (replace || before->null()) co_return record;
    if (before->text() == nullptr) co_return strange_reply();
    co_return decode_idempotency(*before->text());
  }

  Async<std::int64_t> enter(NewPlaces places) override {
    static const Script script(embedded::lua_enter);
    const int partition = keys::partition_of(places.session_id, partitions_);
    std::vector<std::string> names = {keys::due(partition), keys::unpaid(partition),
                                      keys::recent(partition)};
    std::vector<std::string> arguments = {std::move(places.session_id), score_of(places.due),
                                          fmt::to_string(places.bytes), score_of(places.created),
                                          fmt::to_string(recent_kept(limits_, partitions_))};
    const Result<std::int64_t> here =
        integer_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
    if (!here) co_return fail(here);
    // Each partition counts its own orders exactly. The others are read a moment later, so the sum
    // is close, not exact; it is for a limit only.
    const Result<std::int64_t> elsewhere = co_await unpaid_except(partition);
    // The order has its places, so it does not fail for that sum.
    if (elsewhere) last_elsewhere_ = *elsewhere;
    co_return *here + last_elsewhere_;
  }

  Async<void> release_unpaid(std::string session_id) override {
    static const Script script(embedded::lua_release_unpaid);
    std::vector<std::string> names = {keys::unpaid(keys::partition_of(session_id, partitions_))};
    std::vector<std::string> arguments = {std::move(session_id)};
    co_return done_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<std::int64_t> unpaid_bytes() override { return unpaid_except(std::nullopt); }

 private:
  Async<std::int64_t> unpaid_except(std::optional<int> partition) {
    std::vector<RedisCommand> commands;
    for (int other = 0; other < partitions_; ++other) {
      if (other != partition) commands.push_back({"HGET", keys::unpaid(other), "total"});
    }
    std::int64_t total = 0;
    if (commands.empty()) co_return total;
    const Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(commands);
    if (!replies) co_return fail(replies);
    for (const RedisReply& reply : *replies) {
      if (reply.failure() != nullptr) co_return std::unexpected(refusal(*reply.failure()));
      if (reply.text() != nullptr) total += number_in<std::int64_t>(*reply.text()).value_or(0);
    }
    co_return total;
  }

  std::int64_t last_elsewhere_ = 0;  // the bytes in the other partitions, when they were last read
};

}  // namespace

std::unique_ptr<CheckoutRecords> checkout_records_in(RedisShared& shared) {
  return std::make_unique<RedisCheckoutRecords>(shared);
}

}  // namespace claimcheck
