// CallPace: the pace of calls to a peer that takes only so many in a time, kept in the store and so
// shared by all processes. One book for each limit of the peer's; who asks says how fast the limit
// may be used and how much of it he leaves to others. Calls in line get a moment each, one behind
// the other; the others are told when to ask again. Times are the store's. What the numbers are is
// decided in flow/stripe_pace. Hints, which no disk and no replica keeps. One of the roles of the
// store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "store/async.hpp"

#include <map>
#include <string>

namespace claimcheck {

struct PaceAsk {
  std::string limit;     // whose book it is
  std::string lane;      // who asks, one of a few
  Duration interval{0};  // between two calls
  Duration burst{0};     // so far ahead of that they may be
  Duration reserve{0};   // and so much of the burst is left to others
  Duration share{0};     // that long after its last call a lane is in line; zero = it always is
  Duration patience{0};  // who would wait longer in line is not
};

struct PaceLeave {
  bool granted = false;
  Duration wait{0};  // granted: until the call; else until it is of use to ask again
};

// What follows when the peer says that it was too many.
struct PaceBrake {
  Duration pause = std::chrono::seconds(1);  // nobody calls
  Duration slow = std::chrono::seconds(10);  // then at half the pace
};

// Nobody is given a moment further away: then the clock was put back, and the book begins anew. It
// is longer than whoever is often in line has patience. A book is kept as long after its last call.
inline constexpr Duration pace_far = std::chrono::seconds(30);

class CallPace {
 public:
  virtual ~CallPace() = default;

  // Errors: the store's; then each process keeps the pace by itself.
  virtual Async<PaceLeave> ask_pace(PaceAsk ask) = 0;
  // The peer says that it was too many: all processes are slower for a while. Errors: the store's.
  virtual Async<void> brake_pace(std::string limit, Duration burst, PaceBrake brake) = 0;
};

// The book of one limit in memory: lua/pace.lua and lua/brake.lua, line by line.
class PaceBook {
 public:
  PaceLeave ask(const PaceAsk& asked, Time now);
  void brake(Duration burst, const PaceBrake& brake, Time now);

 private:
  Time next_;  // when the next call would be, if there were no burst
  Time slow_until_;
  std::map<std::string, Time> last_;  // when each lane was last given a call
};

}  // namespace claimcheck
