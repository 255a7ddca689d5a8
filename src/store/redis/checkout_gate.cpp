// The gate of the checkout in Redis: lua/gate.lua and lua/decline.lua decide.
#include "store/checkout_gate.hpp"

#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

// since_us, until_us and by, as the hash has them.
std::optional<CheckoutPause> pause_in(const RedisReply& since, const RedisReply& until,
                                      const RedisReply& by) {
  if (since.text() == nullptr) return std::nullopt;
  const auto moment = [](const std::string* text) {
    const std::int64_t us = text == nullptr ? 0 : number_in<std::int64_t>(*text).value_or(0);
    return us == 0 ? Time() : from_us(us);
  };
  const std::string* who = by.text();
  return CheckoutPause{.since = moment(since.text()),
                       .until = moment(until.text()),
                       .by = who == nullptr ? std::string() : *who};
}

class RedisCheckoutGate final : public InRedis<CheckoutGate> {
 public:
  using InRedis::InRedis;

  Async<GateAnswer> ask_gate(GateAsk ask) override {
    static const Script script(embedded::lua_gate);
    std::vector<std::string> names = {keys::checkout_pause(), keys::checkout_client(ask.client)};
    std::vector<std::string> arguments = {in_us(ask.checkout.cost), in_us(ask.checkout.burst),
                                          in_us(ask.bytes.cost), in_us(ask.bytes.burst)};
    // Not acknowledged: after a failover a client may have a full bucket once more.
    const Result<RedisReply> reply =
        co_await run_script(redis_, script, std::move(names), std::move(arguments));
    if (!reply) co_return fail(reply);
    const auto* parts = reply->array();
    if (parts == nullptr || parts->empty() || parts->front().integer() == nullptr) {
      co_return strange_reply();
    }
    GateAnswer answer{.wait = Duration(*parts->front().integer()), .pause = {}};
    if (parts->size() == 4) answer.pause = pause_in((*parts)[1], (*parts)[2], (*parts)[3]);
    co_return answer;
  }

  Async<DeclineCounted> count_decline(std::string event, Time happened) override {
    static const Script script(embedded::lua_decline);
    const DeclineLimits& limits = limits_.declines;
    if (limits.declines == 0) co_return DeclineCounted();
    std::vector<std::string> names = {keys::checkout_declines(), keys::checkout_pause()};
    std::vector<std::string> arguments = {
        std::move(event),     fmt::to_string(to_us(happened)),
        in_us(limits.window), fmt::to_string(limits.declines),
        in_us(limits.quiet),  fmt::to_string(std::max(limits.declines, declines_kept_max))};
    const Result<RedisReply> reply =
        co_await run_script(redis_, script, std::move(names), std::move(arguments));
    if (!reply) co_return fail(reply);
    const auto* both = reply->array();
    if (both == nullptr || both->size() != 2) co_return strange_reply();
    const std::int64_t* count = both->front().integer();
    const std::int64_t* pauses = both->back().integer();
    if (count == nullptr || pauses == nullptr) co_return strange_reply();
    co_return DeclineCounted{.declines = *count, .pauses = *pauses == 1};
  }

  Async<std::optional<CheckoutPause>> checkout_pause() override {
    RedisCommand get = {"HMGET", keys::checkout_pause(), "since_us", "until_us", "by"};
    const Result<RedisReply> reply = co_await run_command(redis_, std::move(get));
    if (!reply) co_return fail(reply);
    const auto* parts = reply->array();
    if (parts == nullptr || parts->size() != 3) co_return strange_reply();
    co_return pause_in((*parts)[0], (*parts)[1], (*parts)[2]);
  }

  Async<bool> pause_checkout(std::string by) override {
    // Acknowledged: a person's decision outlives a failover.
    static const Script script(embedded::lua_pause);
    std::vector<std::string> names = {keys::checkout_pause()};
    std::vector<std::string> arguments = {std::move(by)};
    co_return yes_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<bool> resume_checkout() override {
    static const Script script(embedded::lua_resume);
    std::vector<std::string> names = {keys::checkout_pause(), keys::checkout_declines()};
    co_return yes_of(co_await run_script(acks_, script, std::move(names), {}));
  }
};

}  // namespace

std::unique_ptr<CheckoutGate> checkout_gate_in(RedisShared& shared) {
  return std::make_unique<RedisCheckoutGate>(shared);
}

}  // namespace claimcheck
