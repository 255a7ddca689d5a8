#include "flow/polls.hpp"

#include "base/at_once.hpp"

#include <utility>
#include <vector>

namespace claimcheck {

namespace {

// Units of one order; the generator has limits of its own.
constexpr std::size_t at_once_max = 8;

}  // namespace

boost::asio::awaitable<Seen> Polls::poll(Action action) {
  const Duration now = order_.context.clock.steady();
  std::erase_if(ahead_,
                [&](const auto& ahead) { return now - ahead.second.at > order_.policy.poll_min; });
  if (auto ahead = ahead_.extract(action.unit)) {
    if (ahead.mapped().unit == order_.claim.units[action.unit]) co_return ahead.mapped().seen;
  }
  std::vector<std::size_t> units = {action.unit};
  for (const std::size_t other : action.also) {
    if (units.size() < at_once_max && !ahead_.contains(other)) units.push_back(other);
  }
  if (units.size() == 1) co_return co_await generation_.poll(action.unit);

  std::vector<boost::asio::awaitable<Seen>> calls;
  for (const std::size_t unit : units) calls.push_back(generation_.poll(unit));
  std::vector<Seen> seen = co_await at_once(std::move(calls));
  for (std::size_t i = 1; i < units.size(); ++i) {
    ahead_.insert_or_assign(units[i], Ahead{order_.claim.units[units[i]], now, std::move(seen[i])});
  }
  co_return std::move(seen.front());
}

}  // namespace claimcheck
