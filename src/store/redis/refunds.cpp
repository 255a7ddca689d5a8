// The breaker in front of automatic refunds, in Redis.
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/store.hpp"

#include <fmt/format.h>

namespace claimcheck {

Async<std::string> RedisStore::allow_refund(std::string unit, Money amount) {
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

Async<RefundBreaker> RedisStore::refund_breaker() {
  RedisCommand get = {"HMGET", keys::refunds_breaker(), "reason", "opened_us"};
  const Result<RedisReply> reply = co_await run_command(redis_, std::move(get));
  if (!reply) co_return fail(reply);
  if (reply->array() == nullptr || reply->array()->size() != 2) co_return strange_reply();
  RefundBreaker breaker;
  const std::string* reason = reply->array()->front().text();
  const std::string* opened = reply->array()->back().text();
  if (reason != nullptr) breaker.reason = *reason;
  if (opened != nullptr) breaker.opened = from_us(number_in<std::int64_t>(*opened).value_or(0));
  co_return breaker;
}

Async<bool> RedisStore::release_refunds() {
  static const Script script(embedded::lua_release_refunds);
  std::vector<std::string> names = {keys::refunds_breaker()};
  const Result<std::int64_t> released =
      integer_of(co_await run_script(acks_, script, std::move(names), {}));
  if (!released) co_return fail(released);
  co_return *released == 1;
}

Async<void> RedisStore::count_delivery() {
  static const Script script(embedded::lua_delivered);
  std::vector<std::string> names = {keys::refunds_delivered()};
  const Result<std::int64_t> counted =
      integer_of(co_await run_script(acks_, script, std::move(names), {}));
  if (!counted) co_return fail(counted);
  co_return Result<void>();
}

}  // namespace claimcheck
