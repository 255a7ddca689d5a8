// GeneratorPlaces: the places at a generator that takes only so many jobs at once, shared by all
// processes, and the line for them. GeneratorBreaker gives a place to a unit that may be submitted.
// The unit keeps it until its job is over, and renews it with each question about the job. A place
// that nobody renews lapses, so a process that dies holds none for long. Each tool has a line of
// its own, first paid first; the tools take turns. A unit that does not ask by the time that it was
// told is out of its line until it asks again, and loses nothing: its payment says where it stands.
// Nothing here is called for a generator without limits. Times are the store's. One of the roles of
// the store (store.hpp).
#pragma once

#include "store/generator_breaker.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

struct GeneratorPlaceLimits {
  Duration place_life = std::chrono::minutes(10);  // longer than any step; two long polls
  Duration ask_first = std::chrono::seconds(10);   // the first of the line asks again after this,
  Duration ask_step = std::chrono::seconds(2);     // each one behind it so much later,
  Duration ask_max = std::chrono::minutes(10);     // and the last ones after this. A net: all are
                                                   // woken when their turn comes
  Duration grace = std::chrono::seconds(60);       // who was woken, or is late, has so long to ask
};
// The turns that one call wakes; the next call wakes the next ones.
inline constexpr std::size_t wakes_max = 4;

// What is seen of a generator's line, and of one unit in it.
struct LineState {
  std::int64_t running = 0;       // places that are taken
  std::int64_t waiting = 0;       // units in the line
  std::int64_t place = 0;         // of the unit, from 1; 0 = it is not in the line
  std::optional<Duration> about;  // until its turn, by the rate of the last ones; nothing = unknown
};

class GeneratorPlaces {
 public:
  virtual ~GeneratorPlaces() = default;

  // The unit has a job, or may have one: its place is renewed, or taken if it was lost. Errors: the
  // store's; then the next step of the unit renews it.
  virtual Async<void> keep_place(WaitingUnit unit) = 0;
  // The unit has no job and is not to be submitted: it leaves its place and the line. Returns the
  // sessions whose turn it is now. Errors: the store's; then place and line lapse.
  virtual Async<std::vector<std::string>> leave_line(WaitingUnit unit) = 0;
  // Without a name of a unit: of the generator alone. Errors: the store's.
  virtual Async<LineState> line_state(WaitingUnit unit) = 0;
};

// The member of the line: units of a tool in the order of payment, units of an order in theirs.
std::string line_member(const WaitingUnit& unit);
// The session in it, to wake.
std::string session_in_line(std::string_view member);

}  // namespace claimcheck
