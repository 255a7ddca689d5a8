// The breaker in front of the generator, in Redis: lua/ask_generator.lua decides.
#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace claimcheck {

namespace {

// A time to wait, and a yes or no.
Result<std::pair<Duration, bool>> pair_of(const Result<RedisReply>& reply) {
  if (!reply) return fail(reply);
  const auto* both = reply->array();
  if (both == nullptr || both->size() != 2) return strange_reply();
  const std::int64_t* wait = both->front().integer();
  const std::int64_t* yes = both->back().integer();
  if (wait == nullptr || yes == nullptr) return strange_reply();
  return std::pair(Duration(*wait), *yes == 1);
}

Result<SubmitLeave> leave_in(const Result<RedisReply>& reply) {
  if (!reply) return fail(reply);
  const auto* answer = reply->array();
  constexpr std::size_t members = 5;
  if (answer == nullptr || answer->size() != members) return strange_reply();
  std::array<std::int64_t, members - 1> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::int64_t* number = answer->at(i).integer();
    if (number == nullptr) return strange_reply();
    numbers.at(i) = *number;
  }
  const Result<std::vector<std::string>> turns = texts_of(answer->back());
  if (!turns) return fail(turns);
  SubmitLeave leave{.wait = Duration(numbers[0]),
                    .report = numbers[1] == 1,
                    .away_for = Duration(numbers[2]),
                    .queued = numbers[3] == 1};
  for (const std::string& member : *turns) leave.wake.push_back(session_in_line(member));
  return leave;
}

class RedisGeneratorBreaker final : public InRedis<GeneratorBreaker> {
 public:
  using InRedis::InRedis;

  Async<SubmitLeave> ask_generator(WaitingUnit unit, SubmitAsk ask) override {
    // The question and the count are one script, or two processes could both make the one try.
    static const Script script(embedded::lua_ask_generator);
    const GeneratorBreakerLimits& limits = limits_.generator;
    const std::string_view submits = ask == SubmitAsk::submitting ? "1" : "0";
    const GeneratorPlaceLimits& line = limits_.places;
    std::vector<std::string> names = {
        keys::generator_breaker(unit.generator), keys::generator_waiting(unit.generator),
        keys::generator_places(unit.generator),  keys::generator_line(unit.generator),
        keys::generator_asking(unit.generator),  keys::generator_turns(unit.generator),
        keys::generator_flow(unit.generator)};
    std::vector<std::string> arguments = {unit.unit,
                                          score_of(unit.paid),
                                          std::string(submits),
                                          in_us(limits.trial),
                                          in_us(limits.asked_max),
                                          in_us(limits.growth),
                                          in_us(limits.growth_end),
                                          in_us(limits.ask_gap),
                                          in_us(limits.ask_max),
                                          fmt::to_string(unit.capacity.concurrency),
                                          in_us(unit.capacity.interval()),
                                          line_member(unit),
                                          unit.tool,
                                          in_us(line.place_life),
                                          in_us(line.ask_first),
                                          in_us(line.ask_step),
                                          in_us(line.ask_max),
                                          in_us(line.grace),
                                          fmt::to_string(wakes_max)};
    co_return leave_in(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<GeneratorPause> generator_refused(std::string generator, SubmitRefusal refusal) override {
    // Compared and opened in one script: of many refusals at once only one may prolong the pause.
    static const Script script(embedded::lua_generator_refused);
    const GeneratorBreakerLimits& limits = limits_.generator;
    std::vector<std::string> names = {keys::generator_breaker(generator)};
    std::vector<std::string> arguments = {
        std::move(refusal.reason), in_us(refusal.retry_after),
        refusal.clear ? "1" : "0", fmt::to_string(limits.misses_max),
        in_us(limits.pause_min),   in_us(limits.pause_max),
        in_us(limits.asked_max)};
    const auto answer =
        pair_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
    if (!answer) co_return fail(answer);
    co_return GeneratorPause{.wait = answer->first, .begins = answer->second};
  }

  Async<Duration> generator_answered(std::string generator) override {
    // Acknowledged: a lost close would make all orders wait again.
    static const Script script(embedded::lua_generator_answered);
    std::vector<std::string> names = {keys::generator_breaker(generator)};
    const Result<std::int64_t> away =
        integer_of(co_await run_script(acks_, script, std::move(names), {}));
    if (!away) co_return fail(away);
    co_return Duration(*away);
  }

  Async<void> wait_no_more(std::string generator, std::string unit) override {
    RedisCommand remove = {"ZREM", keys::generator_waiting(generator), std::move(unit)};
    co_return done_of(co_await run_command(acks_, std::move(remove)));
  }

  Async<GeneratorOutage> generator_outage(std::string generator) override {
    RedisCommand get = {"HMGET", keys::generator_breaker(generator), "reason", "since_us"};
    const Result<RedisReply> reply = co_await run_command(redis_, std::move(get));
    if (!reply) co_return fail(reply);
    if (reply->array() == nullptr || reply->array()->size() != 2) co_return strange_reply();
    GeneratorOutage outage;
    const std::string* reason = reply->array()->front().text();
    const std::string* since = reply->array()->back().text();
    if (reason == nullptr || since == nullptr) co_return outage;
    // Only an open breaker needs the second call.
    RedisCommand count = {"ZCARD", keys::generator_waiting(generator)};
    const Result<std::int64_t> waiting = integer_of(co_await run_command(redis_, std::move(count)));
    if (!waiting) co_return fail(waiting);
    outage.reason = *reason;
    outage.since = from_us(number_in<std::int64_t>(*since).value_or(0));
    outage.waiting = *waiting;
    co_return outage;
  }

  Async<bool> allow_again(std::string generation) override {
    // A yes is kept for the generation: after a crash the question comes again.
    static const Script script(embedded::lua_allow_again);
    std::vector<std::string> names = {keys::generator_again()};
    std::vector<std::string> arguments = {std::move(generation),
                                          fmt::to_string(limits_.generator.again_per_day)};
    co_return yes_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<std::vector<std::string>> waiting_for_generator(std::string generator,
                                                        std::size_t limit) override {
    RedisCommand range = {"ZRANGE", keys::generator_waiting(generator), "0",
                          fmt::to_string(limit - 1)};
    co_return texts_of(co_await run_command(redis_, std::move(range)));
  }
};

}  // namespace

std::unique_ptr<GeneratorBreaker> generator_breaker_in(RedisShared& shared) {
  return std::make_unique<RedisGeneratorBreaker>(shared);
}

}  // namespace claimcheck
