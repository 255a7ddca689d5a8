#include "store/memory/generator_line.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace claimcheck {

namespace {

constexpr std::int64_t grants_max = 64;

// The tools in the order of their turns: who was served longest ago is first.
std::vector<std::string> turns_of(const StoredLine& line) {
  std::vector<std::pair<Time, std::string>> order;
  for (const auto& [tool, when] : line.served) order.emplace_back(when, tool);
  std::ranges::sort(order);
  std::vector<std::string> tools;
  for (auto& [when, tool] : order) tools.push_back(std::move(tool));
  return tools;
}

// The members of a tool begin with its name and a space.
auto line_of(const StoredLine& line, const std::string& tool) {
  return std::pair(line.asking.lower_bound(tool + " "), line.asking.lower_bound(tool + "!"));
}

}  // namespace

std::int64_t ahead_in_line(const StoredLine& line, const WaitingUnit& unit) {
  const auto [first, last] = line_of(line, unit.tool);
  const std::int64_t rank = std::distance(first, line.asking.lower_bound(line_member(unit)));
  std::int64_t ahead = rank;
  bool own_turn = false;
  for (const std::string& tool : turns_of(line)) {
    if (tool == unit.tool) {
      own_turn = true;
      continue;
    }
    const auto [from, to] = line_of(line, tool);
    ahead += std::min<std::int64_t>(std::distance(from, to), own_turn ? rank : rank + 1);
  }
  return ahead;
}

std::vector<std::string> next_in_line(StoredLine& line, std::int64_t count, Time soon) {
  std::vector<std::string> found;
  const std::vector<std::string> turns = turns_of(line);
  bool left = true;
  for (std::int64_t rank = 0; left && count > 0; ++rank) {
    left = false;
    for (const std::string& tool : turns) {
      const auto [from, to] = line_of(line, tool);
      if (std::distance(from, to) <= rank || count == 0) continue;
      left = true;
      --count;
      const auto& [member, until] = *std::next(from, rank);
      if (until <= soon) continue;
      line.asking[member] = soon;
      found.push_back(session_in_line(member));
    }
  }
  return found;
}

void drop_lapsed(StoredLine& line, Time now) {
  std::erase_if(line.places, [now](const auto& place) { return place.second <= now; });
}

LineWait wait_in_line(StoredLine& line, const WaitingUnit& unit, Time now,
                      const GeneratorPlaceLimits& limits) {
  drop_lapsed(line, now);
  if (line.places.contains(unit.unit)) return {};
  std::erase_if(line.asking, [now](const auto& late) { return late.second <= now; });
  // After a time without a line the next gap says nothing of how fast a line moves.
  if (line.asking.empty()) line.busy = false;
  const std::string member = line_member(unit);
  line.asking.try_emplace(member, now);
  line.served.try_emplace(unit.tool, Time());
  const std::int64_t ahead = ahead_in_line(line, unit);
  LineWait answer;
  const std::int64_t free = unit.capacity.concurrency - std::ssize(line.places);
  if (unit.capacity.concurrency > 0 && ahead >= free) {
    answer.wait = std::min(limits.ask_first + ahead * limits.ask_step, limits.ask_max);
    answer.wake = next_in_line(line, std::min<std::int64_t>(free, wakes_max), now + limits.grace);
  }
  if (const Duration interval = unit.capacity.interval(); interval > Duration(0)) {
    // Further away than any grant sets it: the clock was put back.
    const Time turn = std::min(line.next, now + interval) + ahead * interval;
    if (now < turn) answer.wait = std::max(answer.wait, std::min(turn - now, limits.ask_max));
  }
  line.asking[member] = now + answer.wait + limits.grace;
  return answer;
}

void grant_place(StoredLine& line, const WaitingUnit& unit, Time now,
                 const GeneratorPlaceLimits& limits) {
  if (line.busy && line.granted && now >= *line.granted) {
    line.gaps += now - *line.granted;
    if (++line.grants >= grants_max) {
      line.grants /= 2;
      line.gaps /= 2;
    }
  }
  line.places[unit.unit] = now + limits.place_life;
  line.asking.erase(line_member(unit));
  line.served[unit.tool] = now;
  const bool full = unit.capacity.interval() > Duration(0) ||
                    std::ssize(line.places) >= unit.capacity.concurrency;
  line.busy = full && !line.asking.empty();
  line.granted = now;
  line.next = now + unit.capacity.interval();
}

}  // namespace claimcheck
