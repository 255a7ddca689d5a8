// The breaker in front of the generator, in memory: lua/ask_generator.lua,
// lua/generator_refused.lua and lua/generator_answered.lua, line by line.
#include "store/memory/generator_line.hpp"
#include "store/roles.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace claimcheck {

namespace {

constexpr Duration wait_min = std::chrono::milliseconds(100);

class MemoryGeneratorBreaker final : public InMemory<GeneratorBreaker> {
 public:
  using InMemory::InMemory;

  Async<SubmitLeave> ask_generator(WaitingUnit asked, SubmitAsk ask) override {
    const bool goes = ask == SubmitAsk::submitting;
    StoredBreaker& breaker = contents_.generators[asked.generator];
    const Time now = clock_.now();
    if (SubmitLeave leave = ask_breaker(breaker, asked, now); leave.wait > Duration(0)) {
      co_return leave;
    }
    const bool limited = asked.capacity.is_limited();
    StoredLine& line = contents_.lines[asked.generator];
    if (limited) {
      LineWait turn = wait_in_line(line, asked, now, limits_.places);
      if (turn.wait > Duration(0)) {
        co_return SubmitLeave{.wait = std::max<Duration>(turn.wait, wait_min),
                              .away_for = away_for(breaker, now),
                              .queued = !breaker.since,
                              .wake = std::move(turn.wake)};
      }
    }
    const SubmitLeave yes{.report = breaker.since.has_value() || breaker.misses > 0};
    if (!goes) co_return yes;
    if (limited && !line.places.contains(asked.unit)) {
      grant_place(line, asked, now, limits_.places);
    }
    if (breaker.since) {
      breaker.probe = now + limits_.generator.trial;
      breaker.probing = true;
    } else if (breaker.closed) {
      breaker.paid.erase(asked.unit);
      breaker.sent += 1;
    }
    co_return yes;
  }

  Async<GeneratorPause> generator_refused(std::string generator, SubmitRefusal refusal) override {
    const GeneratorBreakerLimits& limits = limits_.generator;
    StoredBreaker& breaker = contents_.generators[generator];
    const Time now = clock_.now();
    const bool begins = !breaker.since;
    if (begins) {
      // One answer that cannot be understood may be chance; a clear refusal is not.
      if (!refusal.clear && ++breaker.misses < limits.misses_max) co_return GeneratorPause{};
      breaker = StoredBreaker{.since = now, .pause = limits.pause_min, .paid = breaker.paid};
    } else if (breaker.probing) {
      breaker.pause = std::min(breaker.pause * 2, limits.pause_max);
    } else {
      // A submit that went out before the breaker opened: it says nothing new.
      co_return GeneratorPause{.wait = std::max<Duration>(breaker.probe - now, Duration(0))};
    }
    const Duration wait = std::max(std::min(refusal.retry_after, limits.asked_max), breaker.pause);
    breaker.reason = std::move(refusal.reason);
    breaker.probe = now + wait;
    breaker.probing = false;
    co_return GeneratorPause{.wait = wait, .begins = begins};
  }

  Async<Duration> generator_answered(std::string generator) override {
    StoredBreaker& breaker = contents_.generators[generator];
    breaker.misses = 0;
    if (!breaker.since) co_return Duration(0);
    const Duration away = clock_.now() - *breaker.since;
    // The waiting units are kept: they are submitted now, a few at a time.
    breaker = StoredBreaker{.closed = clock_.now(), .paid = breaker.paid};
    co_return std::max(away, Duration(1));
  }

  Async<void> wait_no_more(std::string generator, std::string unit) override {
    contents_.generators[generator].paid.erase(unit);
    co_return Result<void>();
  }

  Async<GeneratorOutage> generator_outage(std::string generator) override {
    const StoredBreaker& breaker = contents_.generators[generator];
    if (!breaker.since) co_return GeneratorOutage();
    co_return GeneratorOutage{
        .reason = breaker.reason, .since = *breaker.since, .waiting = std::ssize(breaker.paid)};
  }

  Async<bool> allow_again(std::string generation) override {
    auto& again = contents_.again;
    if (again.contains(generation)) co_return true;  // a yes stays a yes, also after a crash
    const Time now = clock_.now();
    std::erase_if(again,
                  [now](const auto& old) { return old.second <= now - std::chrono::days(1); });
    if (std::ssize(again) >= limits_.generator.again_per_day) co_return false;
    again.emplace(std::move(generation), now);
    co_return true;
  }

  Async<std::vector<std::string>> waiting_for_generator(std::string generator,
                                                        std::size_t limit) override {
    std::vector<std::pair<Time, std::string>> all;
    for (const auto& [unit, paid] : contents_.generators[generator].paid)
      all.emplace_back(paid, unit);
    std::ranges::sort(all);
    std::vector<std::string> units;
    for (std::size_t i = 0; i < std::min(limit, all.size()); ++i) units.push_back(all[i].second);
    co_return units;
  }

 private:
  static Duration away_for(const StoredBreaker& breaker, Time now) {
    return breaker.since ? std::max<Duration>(now - *breaker.since, Duration(0)) : Duration(0);
  }

  // The wait that the breaker imposes; zero = none. The unit is listed while it is not closed.
  SubmitLeave ask_breaker(StoredBreaker& breaker, const WaitingUnit& asked, Time now) const {
    const GeneratorBreakerLimits& limits = limits_.generator;
    if (!breaker.since && !breaker.closed) return {};
    breaker.paid.try_emplace(asked.unit, asked.paid);
    if (breaker.since) {
      // Open: one order tries at a time. The more orders wait, the later each of them asks again.
      const Duration left = breaker.probe - now;
      if (left <= Duration(0) || left > limits.asked_max) return {};
      const auto waiting = static_cast<std::int64_t>(breaker.paid.size());
      const Duration crowd = std::min(waiting * limits.ask_gap, limits.ask_max);
      return {.wait = std::max(left, crowd), .away_for = away_for(breaker, now)};
    }
    // Closed again: the number of submits doubles in each step, from one, until there is no limit.
    const Duration elapsed = now - *breaker.closed;
    if (elapsed < Duration(0) || elapsed > limits.growth_end) {
      breaker = StoredBreaker();
      return {};
    }
    // In the order of payment: the unit's place among the waiting ones says when it may be
    // submitted.
    const std::pair own(breaker.paid.at(asked.unit), asked.unit);
    const auto before = std::ranges::count_if(breaker.paid, [&own](const auto& other) {
      return std::pair(other.second, other.first) < own;
    });
    const double place = static_cast<double>(before + breaker.sent);
    const double growth = static_cast<double>(limits.growth.count());
    if (place < std::floor(std::exp2(static_cast<double>(elapsed.count()) / growth))) return {};
    const Duration turn(static_cast<std::int64_t>(std::ceil(growth * std::log2(place + 1))));
    return {.wait = std::max<Duration>(turn - elapsed, wait_min)};
  }
};

}  // namespace

std::unique_ptr<GeneratorBreaker> generator_breaker_in(MemoryShared& shared) {
  return std::make_unique<MemoryGeneratorBreaker>(shared);
}

}  // namespace claimcheck
