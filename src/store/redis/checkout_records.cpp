// The records that a checkout leaves beside its order, in Redis.
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/records.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

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

  Async<std::int64_t> book_unpaid(std::string session_id, std::int64_t bytes) override {
    static const Script booking(embedded::lua_unpaid);
    static const Script release =
        booking.when_full();  // a release frees memory, so it must run when memory is full
    const int partition = keys::partition_of(session_id, partitions_);
    std::vector<std::string> names = {keys::unpaid(partition)};
    std::vector<std::string> arguments = {std::move(session_id), fmt::to_string(bytes)};
    const Script& script = bytes == 0 ? release : booking;
    Result<std::int64_t> total =
        integer_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
    if (!total) co_return fail(total);
    // Each partition counts its own orders exactly. The others are read a moment later, so the sum
    // is close, not exact; it is for a limit only.
    for (int other = 0; other < partitions_; ++other) {
      if (other == partition) continue;
      RedisCommand get = {"HGET", keys::unpaid(other), "total"};
      const Result<RedisReply> there = co_await run_command(redis_, std::move(get));
      if (!there) co_return fail(there);
      if (there->text() != nullptr) *total += number_in<std::int64_t>(*there->text()).value_or(0);
    }
    co_return total;
  }
};

}  // namespace

std::unique_ptr<CheckoutRecords> checkout_records_in(RedisShared& shared) {
  return std::make_unique<RedisCheckoutRecords>(shared);
}

}  // namespace claimcheck
