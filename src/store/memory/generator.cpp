// The breaker in front of the generator, in memory: lua/ask_generator.lua,
// lua/generator_refused.lua and lua/generator_answered.lua, line by line.
#include "store/memory/store.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace claimcheck {

Async<SubmitLeave> MemoryStore::ask_generator(std::string unit, Time paid, bool goes) {
  const GeneratorBreakerLimits& limits = limits_.generator;
  MemoryBreaker& breaker = contents_.generator;
  const Time now = clock_.now();
  if (!breaker.since && !breaker.closed) co_return SubmitLeave{.report = breaker.misses > 0};
  breaker.paid.try_emplace(unit, paid);
  if (breaker.since) {
    const Duration left = breaker.probe - now;
    if (left > Duration(0) && left <= limits.asked_max) {
      const auto waiting = static_cast<std::int64_t>(breaker.paid.size());
      const Duration crowd = std::min(waiting * limits.ask_gap, limits.ask_max);
      co_return SubmitLeave{.wait = std::max(left, crowd)};
    }
    if (goes) breaker.probe = now + limits.trial;
    breaker.probing |= goes;
    co_return SubmitLeave{.report = true};
  }
  const Duration elapsed = now - *breaker.closed;
  if (elapsed < Duration(0) || elapsed > limits.growth_end) {
    breaker = MemoryBreaker();
    co_return SubmitLeave();
  }
  const std::pair own(breaker.paid.at(unit), unit);
  const auto before = std::ranges::count_if(breaker.paid, [&own](const auto& other) {
    return std::pair(other.second, other.first) < own;
  });
  const double place = static_cast<double>(before + breaker.sent);
  const double growth = static_cast<double>(limits.growth.count());
  if (place < std::floor(std::exp2(static_cast<double>(elapsed.count()) / growth))) {
    if (goes) breaker.paid.erase(unit);
    breaker.sent += goes ? 1 : 0;
    co_return SubmitLeave{.report = breaker.misses > 0};
  }
  const Duration turn(static_cast<std::int64_t>(std::ceil(growth * std::log2(place + 1))));
  co_return SubmitLeave{.wait = std::max<Duration>(turn - elapsed, std::chrono::milliseconds(100))};
}

Async<GeneratorPause> MemoryStore::generator_refused(SubmitRefusal refusal) {
  const GeneratorBreakerLimits& limits = limits_.generator;
  MemoryBreaker& breaker = contents_.generator;
  const Time now = clock_.now();
  const bool begins = !breaker.since;
  if (begins) {
    if (!refusal.clear && ++breaker.misses < limits.misses_max) co_return GeneratorPause{};
    breaker = MemoryBreaker{.since = now, .pause = limits.pause_min, .paid = breaker.paid};
  } else if (breaker.probing) {
    breaker.pause = std::min(breaker.pause * 2, limits.pause_max);
  } else {
    co_return GeneratorPause{.wait = std::max<Duration>(breaker.probe - now, Duration(0))};
  }
  const Duration wait = std::max(std::min(refusal.retry_after, limits.asked_max), breaker.pause);
  breaker.reason = std::move(refusal.reason);
  breaker.probe = now + wait;
  breaker.probing = false;
  co_return GeneratorPause{.wait = wait, .begins = begins};
}

Async<Duration> MemoryStore::generator_answered() {
  MemoryBreaker& breaker = contents_.generator;
  breaker.misses = 0;
  if (!breaker.since) co_return Duration(0);
  const Duration away = clock_.now() - *breaker.since;
  breaker = MemoryBreaker{.closed = clock_.now(), .paid = breaker.paid};
  co_return std::max(away, Duration(1));
}

Async<void> MemoryStore::wait_no_more(std::string unit) {
  contents_.generator.paid.erase(unit);
  co_return Result<void>();
}

Async<GeneratorOutage> MemoryStore::generator_outage() {
  const MemoryBreaker& breaker = contents_.generator;
  if (!breaker.since) co_return GeneratorOutage();
  co_return GeneratorOutage{
      .reason = breaker.reason, .since = *breaker.since, .waiting = std::ssize(breaker.paid)};
}

Async<bool> MemoryStore::allow_again(std::string generation) {
  auto& again = contents_.again;
  if (again.contains(generation)) co_return true;
  const Time now = clock_.now();
  std::erase_if(again, [now](const auto& old) { return old.second <= now - std::chrono::days(1); });
  if (std::ssize(again) >= limits_.generator.again_per_day) co_return false;
  again.emplace(std::move(generation), now);
  co_return true;
}

Async<std::vector<std::string>> MemoryStore::waiting_for_generator(std::size_t limit) {
  std::vector<std::pair<Time, std::string>> all;
  for (const auto& [unit, paid] : contents_.generator.paid) all.emplace_back(paid, unit);
  std::ranges::sort(all);
  std::vector<std::string> units;
  for (std::size_t i = 0; i < std::min(limit, all.size()); ++i) units.push_back(all[i].second);
  co_return units;
}

}  // namespace claimcheck
