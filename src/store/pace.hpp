// CallPace: the pace of calls to a peer that accepts only so many in a time. It is kept in the
// store, so all processes share it. Each limit of the peer has one book. The caller says how fast
// the limit may be used and how much of it stays for others. Calls in line get one moment each, one
// behind the other; other calls get a time to ask again. Times are the store's. flow/stripe_pace
// decides the numbers. The books are hints: no disk and no replica keeps them. One of the roles of
// the store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "store/async.hpp"

#include <map>
#include <string>

namespace claimcheck {

struct PaceAsk {
  std::string limit;     // the limit of the peer that the call counts for
  std::string lane;      // the kind of caller, one of a few
  Duration interval{0};  // between two calls
  Duration burst{0};     // how far ahead of the interval calls may be
  Duration reserve{0};   // the part of the burst that stays for others
  Duration share{0};     // since its last call, then a lane is in line; zero = always
  Duration patience{0};  // a call that would wait longer is not granted
};

struct PaceLeave {
  bool granted = false;
  Duration wait{0};  // granted: until the call; else until the next question
};

// The limits that follow when the peer answers that the calls were too many.
struct PaceBrake {
  Duration pause = std::chrono::seconds(1);  // no calls at all
  Duration slow = std::chrono::seconds(10);  // then at half the pace
};

// No call gets a moment further away than this. A stored time beyond it means that the clock was
// put back: the book begins anew. It is longer than the patience of every lane that is often in
// line. A book is kept this long after its last call.
inline constexpr Duration pace_far = std::chrono::seconds(30);

class CallPace {
 public:
  virtual ~CallPace() = default;

  // Errors: the store's; then each process keeps the pace by itself.
  virtual Async<PaceLeave> ask_pace(PaceAsk ask) = 0;
  // The peer answered that the calls were too many: all processes slow down for a while. Errors:
  // the store's.
  virtual Async<void> brake_pace(std::string limit, Duration burst, PaceBrake brake) = 0;
};

// The book of one limit in memory: lua/pace.lua and lua/brake.lua, line by line.
class PaceBook {
 public:
  PaceLeave ask(const PaceAsk& asked, Time now);
  void brake(Duration burst, const PaceBrake& brake, Time now);

 private:
  Time next_;  // the moment of the next call if there were no burst
  Time slow_until_;
  std::map<std::string, Time> last_;  // when each lane was last given a call
};

}  // namespace claimcheck
