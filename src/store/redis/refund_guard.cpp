// The refund breaker in Redis: lua/allow_refund.lua decides.
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

class RedisRefundGuard final : public InRedis<RefundGuard> {
 public:
  using InRedis::InRedis;

  Async<std::string> allow_refund(std::string unit, Money amount) override {
    // Counted and decided in one script: two processes never both get the last allowed refund.
    static const Script script(embedded::lua_allow_refund);
    const RefundLimits& limits = limits_.refunds;
    std::vector<std::string> names = {keys::refunds_allowed(), keys::refunds_breaker(),
                                      keys::refunds_delivered()};
    std::vector<std::string> arguments = {std::move(unit),
                                          fmt::to_string(amount.amount_minor),
                                          std::move(amount.currency),
                                          fmt::to_string(limits.per_hour),
                                          fmt::to_string(limits.per_day),
                                          fmt::to_string(limits.amount_per_hour_minor),
                                          fmt::to_string(limits.share_percent),
                                          fmt::to_string(limits.share_from)};
    co_return text_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<RefundBreaker> refund_breaker() override {
    RedisCommand get = {"HMGET", keys::refunds_breaker(), "reason", "opened_us"};
    const Result<RedisReply> reply = co_await run_command(redis_, std::move(get));
    if (!reply) co_return fail(reply);
    if (reply->array() == nullptr || reply->array()->size() != 2) co_return strange_reply();
    RefundBreaker breaker;  // without a record it is closed
    const std::string* reason = reply->array()->front().text();
    const std::string* opened = reply->array()->back().text();
    if (reason != nullptr) breaker.reason = *reason;
    if (opened != nullptr) breaker.opened = from_us(number_in<std::int64_t>(*opened).value_or(0));
    co_return breaker;
  }

  Async<bool> release_refunds() override {
    // One script: the reason goes and the count begins anew at the same moment.
    static const Script script(embedded::lua_release_refunds);
    std::vector<std::string> names = {keys::refunds_breaker()};
    co_return yes_of(co_await run_script(acks_, script, std::move(names), {}));
  }

  Async<void> count_delivery() override {
    // By the clock of Redis, like the refunds that it is compared with.
    static const Script script(embedded::lua_delivered);
    std::vector<std::string> names = {keys::refunds_delivered()};
    co_return done_of(co_await run_script(acks_, script, std::move(names), {}));
  }
};

}  // namespace

std::unique_ptr<RefundGuard> refund_guard_in(RedisShared& shared) {
  return std::make_unique<RedisRefundGuard>(shared);
}

}  // namespace claimcheck
