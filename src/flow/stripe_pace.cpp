#include "flow/stripe_pace.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace claimcheck {

namespace {

// This part of a second's calls may come at once. With it no second has more than 5/4 of the limit.
constexpr std::int64_t burst_part = 4;
// A call to an unreachable Redis may take seconds, so Redis is not asked each time.
constexpr Duration alone_for = std::chrono::seconds(5);

struct Lane {
  const char* name;
  std::int64_t reserve_percent;  // of the burst, kept for the lanes before it
  std::int64_t share;            // in line after so many calls' time; 0 = always
};

// In the order of stripe::Priority.
constexpr std::array<Lane, 4> lanes = {{
    {.name = "checkout", .reserve_percent = 0, .share = 0},
    {.name = "payment", .reserve_percent = 25, .share = 4},
    {.name = "lookup", .reserve_percent = 50, .share = 20},
    {.name = "audit", .reserve_percent = 75, .share = 40},
}};

const Lane& lane_of(stripe::Priority priority) {
  return lanes.at(static_cast<std::size_t>(priority));
}

}  // namespace

StripePace::StripePace(CallPace& pace, Clock& clock, StripePaceOptions options)
    : pace_(pace),
      clock_(clock),
      interval_(Duration(std::chrono::seconds(1)) / options.calls_per_second),
      burst_(interval_ * std::max<std::int64_t>(options.calls_per_second / burst_part - 1, 0)) {}

stripe::Pacing StripePace::pacing() {
  return {.turn = [this](stripe::Turn one) { return turn(std::move(one)); },
          .limited = [this](std::string limit) { return limited(std::move(limit)); }};
}

PaceAsk StripePace::ask_of(const stripe::Turn& turn) const {
  const Lane& lane = lane_of(turn.priority);
  return {.limit = turn.limit,
          .lane = lane.name,
          .interval = interval_,
          .burst = burst_,
          .reserve = burst_ * lane.reserve_percent / 100,
          .share = interval_ * lane.share,
          .patience = turn.patience};
}

boost::asio::awaitable<bool> StripePace::turn(stripe::Turn turn) {
  const Duration deadline = clock_.steady() + turn.patience;
  PaceAsk asked = ask_of(turn);
  const std::string lane = asked.limit + "/" + asked.lane;
  bool waits = lanes_[lane] > clock_.steady();  // behind the calls of its lane that wait already
  Duration earliest = clock_.steady();
  while (true) {
    if (waits) {
      const std::optional<Duration> place = place_in(lane, earliest, deadline);
      if (!place) co_return false;
      co_await clock_.sleep(*place - clock_.steady());
    }
    // The rest of the patience: Redis grants no turn after the deadline.
    asked.patience = std::max<Duration>(deadline - clock_.steady(), Duration(0));
    const PaceLeave leave = co_await ask(asked);
    if (leave.granted) {
      if (leave.wait > Duration(0)) co_await clock_.sleep(leave.wait);
      co_return true;
    }
    earliest = clock_.steady() + leave.wait;
    waits = true;
  }
}

std::optional<Duration> StripePace::place_in(const std::string& lane, Duration earliest,
                                             Duration deadline) {
  const Duration place = std::max(earliest, lanes_[lane] + interval_);
  if (place > deadline) return std::nullopt;
  lanes_[lane] = place;
  return place;
}

boost::asio::awaitable<PaceLeave> StripePace::ask(PaceAsk asked) {
  if (clock_.steady() >= alone_until_) {
    const Result<PaceLeave> leave = co_await pace_.ask_pace(asked);
    if (leave) co_return *leave;
    // Each process keeps the pace by itself for a while. Together they may be too fast, but calls
    // go on.
    alone_until_ = clock_.steady() + alone_for;
  }
  co_return alone_[asked.limit].ask(asked, Time(clock_.steady()));
}

boost::asio::awaitable<void> StripePace::limited(std::string limit) {
  // Here first, so that this process slows down even if Redis does not answer.
  alone_[limit].brake(burst_, PaceBrake(), Time(clock_.steady()));
  const Result<void> told = co_await pace_.brake_pace(limit, burst_, PaceBrake());
  log_warn("stripe_too_many_calls", {{"limit", limit}, {"told_all", told.has_value()}});
}

}  // namespace claimcheck
