// The places at a generator and the line for them, in memory: lua/keep_place.lua,
// lua/leave_line.lua and lua/line_state.lua, line by line.
#include "store/generator_places.hpp"

#include "store/memory/generator_line.hpp"
#include "store/roles.hpp"

#include <algorithm>
#include <iterator>

namespace claimcheck {

namespace {

class MemoryGeneratorPlaces final : public InMemory<GeneratorPlaces> {
 public:
  using InMemory::InMemory;

  Async<void> keep_place(WaitingUnit unit) override {
    StoredLine& line = contents_.lines[unit.generator];
    line.places[unit.unit] = clock_.now() + limits_.places.place_life;
    co_return Result<void>();
  }

  Async<std::vector<std::string>> leave_line(WaitingUnit unit) override {
    StoredLine& line = contents_.lines[unit.generator];
    const Time now = clock_.now();
    line.places.erase(unit.unit);
    line.asking.erase(line_member(unit));
    drop_lapsed(line, now);
    const std::int64_t free = unit.capacity.concurrency - std::ssize(line.places);
    co_return next_in_line(line, std::min<std::int64_t>(free, wakes_max),
                           now + limits_.places.grace);
  }

  Async<LineState> line_state(WaitingUnit unit) override {
    StoredLine& line = contents_.lines[unit.generator];
    const Time now = clock_.now();
    LineState state{.running = std::ranges::count_if(
                        line.places, [now](const auto& place) { return place.second > now; }),
                    .waiting = std::ssize(line.asking),
                    .place = 0,
                    .about = {}};
    if (unit.unit.empty() || !line.asking.contains(line_member(unit))) co_return state;
    const std::int64_t ahead = ahead_in_line(line, unit);
    Duration gap = unit.capacity.interval();
    if (line.grants > 0) gap = std::max<Duration>(gap, line.gaps / line.grants);
    Duration passed{0};
    if (line.granted) passed = std::clamp<Duration>(now - *line.granted, Duration(0), gap);
    state.place = ahead + 1;
    if (gap > Duration(0)) state.about = (ahead + 1) * gap - passed;
    co_return state;
  }
};

}  // namespace

std::unique_ptr<GeneratorPlaces> generator_places_in(MemoryShared& shared) {
  return std::make_unique<MemoryGeneratorPlaces>(shared);
}

}  // namespace claimcheck
