// The places at a generator and the line for them, in Redis: lua/ask_generator.lua gives them.
#include "store/generator_places.hpp"

#include "embedded/lua.hpp"
#include "store/keys.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace claimcheck {

namespace {

class RedisGeneratorPlaces final : public InRedis<GeneratorPlaces> {
 public:
  using InRedis::InRedis;

  Async<void> keep_place(WaitingUnit unit) override {
    // A hint: it is repeated with each poll.
    static const Script script(embedded::lua_keep_place);
    std::vector<std::string> names = {keys::generator_places(unit.generator)};
    std::vector<std::string> arguments = {std::move(unit.unit), in_us(limits_.places.place_life)};
    co_return done_of(co_await run_script(redis_, script, std::move(names), std::move(arguments)));
  }

  Async<std::vector<std::string>> leave_line(WaitingUnit unit) override {
    // Acknowledged: a place that comes back after a failover would be empty until it lapses.
    static const Script script(embedded::lua_leave_line);
    std::vector<std::string> names = {
        keys::generator_places(unit.generator), keys::generator_line(unit.generator),
        keys::generator_asking(unit.generator), keys::generator_turns(unit.generator)};
    std::vector<std::string> arguments = {unit.unit, line_member(unit),
                                          fmt::to_string(unit.capacity.concurrency),
                                          in_us(limits_.places.grace), fmt::to_string(wakes_max)};
    Result<std::vector<std::string>> turns =
        texts_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
    if (!turns) co_return fail(turns);
    for (std::string& member : *turns) member = session_in_line(member);
    co_return turns;
  }

  Async<LineState> line_state(WaitingUnit unit) override {
    static const Script script(embedded::lua_line_state);
    std::vector<std::string> names = {
        keys::generator_places(unit.generator), keys::generator_line(unit.generator),
        keys::generator_turns(unit.generator), keys::generator_flow(unit.generator)};
    std::vector<std::string> arguments = {line_member(unit), unit.tool,
                                          in_us(unit.capacity.interval())};
    const Result<RedisReply> reply =
        co_await run_script(redis_, script, std::move(names), std::move(arguments));
    if (!reply) co_return fail(reply);
    constexpr std::size_t members = 4;
    if (reply->array() == nullptr || reply->array()->size() != members) co_return strange_reply();
    std::array<std::int64_t, members> numbers{};
    for (std::size_t i = 0; i < members; ++i) {
      const std::int64_t* number = reply->array()->at(i).integer();
      if (number == nullptr) co_return strange_reply();
      numbers.at(i) = *number;
    }
    LineState state{.running = numbers[0], .waiting = numbers[1], .place = numbers[2], .about = {}};
    if (numbers[3] >= 0) state.about = Duration(numbers[3]);
    co_return state;
  }
};

}  // namespace

std::unique_ptr<GeneratorPlaces> generator_places_in(RedisShared& shared) {
  return std::make_unique<RedisGeneratorPlaces>(shared);
}

}  // namespace claimcheck
