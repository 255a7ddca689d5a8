// The marks of this Redis as a whole: all in one hash.
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

class RedisStoreMarks final : public InRedis<StoreMarks> {
 public:
  using InRedis::InRedis;

  Async<Time> born() override {
    RedisCommand get = {"HGET", keys::meta(), "born_s"};
    const Result<std::string> born = text_of(co_await run_command(redis_, std::move(get)));
    if (!born) co_return fail(born);
    const auto seconds = number_in<std::int64_t>(*born);
    if (!seconds) {
      co_return fail(Errc::unreadable, fmt::format("{} in Redis is unreadable", keys::meta()));
    }
    co_return from_unix_s(*seconds);
  }

  Async<std::string> bind_account(std::string account) override {
    // Compared and set in one script: two first processes may have keys of two accounts.
    static const Script script(embedded::lua_bind_account);
    std::vector<std::string> names = {keys::meta()};
    std::vector<std::string> arguments = {std::move(account)};
    co_return text_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<void> ready() override {
    // A script that may write: Redis refuses it when it is full or read-only.
    static const Script script(embedded::lua_ready);
    std::vector<std::string> names = {keys::meta()};
    std::vector<std::string> arguments;
    co_return done_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<Time> reconciled() override {
    RedisCommand get = {"HGET", keys::meta(), "reconciled_s"};
    const Result<std::string> stored = text_of(co_await run_command(redis_, std::move(get)));
    // Never reconciled is not an error: the reconciler then begins with the oldest event at Stripe.
    if (!stored && stored.error().code == Errc::not_found) co_return Time();
    if (!stored) co_return fail(stored);
    co_return from_unix_s(number_in<std::int64_t>(*stored).value_or(0));
  }

  Async<void> set_reconciled(Time when) override {
    RedisCommand set = {"HSET", keys::meta(), "reconciled_s", fmt::to_string(to_unix_s(when))};
    co_return done_of(co_await run_command(acks_, std::move(set)));
  }

  Async<std::optional<Time>> next_walk(std::optional<Time> ours, Duration delay,
                                       Duration longest) override {
    // Compared and set in one script: of several processes only one walks.
    static const Script script(embedded::lua_walk);
    std::vector<std::string> names = {keys::meta()};
    std::vector<std::string> arguments = {ours ? fmt::to_string(to_us(*ours)) : "",
                                          fmt::to_string(delay.count()),
                                          fmt::to_string(longest.count())};
    const Result<std::string> next =
        text_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
    if (!next) co_return fail(next);
    const auto next_us = number_in<std::int64_t>(*next);
    if (!next_us) co_return std::optional<Time>();  // another process walks
    co_return from_us(*next_us);
  }

  Async<bool> deletion_turn(Duration period) override {
    // A hint: after a failover another process may delete as well, which does no harm.
    RedisCommand set = {"SET", keys::deletion_turn(), "1", "NX", "PX", in_ms(period)};
    const Result<std::string> taken = text_of(co_await run_command(redis_, std::move(set)));
    if (!taken && taken.error().code == Errc::not_found) co_return false;
    if (!taken) co_return fail(taken);
    co_return true;
  }
};

}  // namespace

std::unique_ptr<StoreMarks> marks_in(RedisShared& shared) {
  return std::make_unique<RedisStoreMarks>(shared);
}

}  // namespace claimcheck
