// The pace of calls to a peer, in Redis: lua/pace.lua decides.
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

class RedisCallPace final : public InRedis<CallPace> {
 public:
  using InRedis::InRedis;

  Async<PaceLeave> ask_pace(PaceAsk ask) override {
    static const Script script(embedded::lua_pace);
    std::vector<std::string> names = {keys::pace(ask.limit)};
    std::vector<std::string> arguments = {
        std::move(ask.lane), in_us(ask.interval), in_us(ask.burst), in_us(ask.reserve),
        in_us(ask.share),    in_us(ask.patience), in_us(pace_far)};
    // Not acknowledged: after a failover a lost book begins anew, and the pace is kept again.
    // The clock of Redis counts, so that all processes share one time.
    const Result<RedisReply> reply =
        co_await run_script(redis_, script, std::move(names), std::move(arguments));
    if (!reply) co_return fail(reply);
    const auto* both = reply->array();
    if (both == nullptr || both->size() != 2) co_return strange_reply();
    const std::int64_t* granted = both->front().integer();
    const std::int64_t* wait = both->back().integer();
    if (granted == nullptr || wait == nullptr || *wait < 0) co_return strange_reply();
    co_return PaceLeave{.granted = *granted == 1, .wait = Duration(*wait)};
  }

  Async<void> brake_pace(std::string limit, Duration burst, PaceBrake brake) override {
    static const Script script(embedded::lua_brake);
    std::vector<std::string> names = {keys::pace(limit)};
    std::vector<std::string> arguments = {in_us(burst), in_us(brake.pause), in_us(brake.slow),
                                          in_us(pace_far)};
    co_return done_of(co_await run_script(redis_, script, std::move(names), std::move(arguments)));
  }
};

}  // namespace

std::unique_ptr<CallPace> call_pace_in(RedisShared& shared) {
  return std::make_unique<RedisCallPace>(shared);
}

}  // namespace claimcheck
