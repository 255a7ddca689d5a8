// RedisMachine: decides what one logical connection to Redis does next. It holds no socket, no
// timer and no type of the Redis library. redis.cpp reports events to it, one at a time, and does
// what it answers. So every branch of an outage is a unit test without a server.
//
// It promises: a link that was given up is never used again; it is ended, and another one is
// opened. The pause between two attempts doubles up to a limit, and begins anew after a good
// connection. An outage is logged once, not at every attempt. A receiver of pushes gets each
// connection and its end, in turn. For one thread, like the Redis that owns it.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <string>

namespace claimcheck {

enum class RedisPhase {
  idle,        // not started
  connecting,  // a link is open, and the server has not answered the greeting yet
  ready,       // greeted: requests are sent
  closing,     // given up or stopped: the link is being ended
  waiting,     // lost: the next attempt comes after a pause
  stopped,     // for good
};

// The events. Those marked with * concern one link and have the number of its attempt.
enum class RedisHappened {
  start,        // begin
  welcomed,     // * the server has accepted our greeting
  turned_away,  // * it has answered, and we cannot use it; `why`
  answered,     // * the health check was answered
  late,         // * the greeting or the health check was not answered in time; `why`
  broke,        // * either of them got no answer since the link broke; `ended` has the reason
  demoted,      // * the server answered that it takes no writes any more
  unwanted,     // * its user wants a new link; `why`
  ended,        // * the link has ended; `why`
  waited,       // the pause before the next attempt is over
  stop,         // end for good; at any time
};

struct RedisEvent {
  RedisHappened what;
  std::uint64_t attempt = 0;  // whose link it was
  std::string why = {};       // for people
};

// The next action.
enum class RedisNext {
  nothing,  // more about this link
  connect,  // open a new link, send the greeting, and report its end
  check,    // pause for `wait`, then send a health check
  close,    // end the link
  wait,     // pause for `wait`, then report `waited`: the next attempt is due
  finish,   // end: the machine is stopped
};

// The change of state that receivers of pushes get.
enum class RedisNews { none, connected, disconnected };

struct RedisAction {
  RedisNext next = RedisNext::nothing;
  Duration wait{0};
  RedisNews news = RedisNews::none;
  std::string loss = {};  // why it was lost, if the log does not have that yet
};

class RedisMachine {
 public:
  explicit RedisMachine(Duration health_interval) : health_interval_(health_interval) {}

  RedisAction resume(const RedisEvent& event);

  // Whether a request would be sent now; all others are refused at once.
  bool ready() const { return phase_ == RedisPhase::ready; }
  RedisPhase phase() const { return phase_; }
  // The number of the last link that was opened.
  std::uint64_t attempt() const { return attempt_; }
  // Why the last attempt or connection ended; empty while it is connected.
  const std::string& last_loss() const { return last_loss_; }

  static constexpr Duration wait_min = std::chrono::milliseconds(50);
  static constexpr Duration wait_max = std::chrono::seconds(2);

 private:
  RedisAction of_link(const RedisEvent& event);
  RedisAction connect();
  RedisAction welcome();
  RedisAction give_up(const std::string& why);
  RedisAction lost(const std::string& why);
  RedisAction stop();

  Duration health_interval_;
  RedisPhase phase_ = RedisPhase::idle;
  bool stopping_ = false;
  bool was_ready_ = false;  // this link, at some time
  std::uint64_t attempt_ = 0;
  Duration wait_ = wait_min;  // before the next attempt
  std::string given_up_;      // why we gave this link up; empty = we did not
  std::string last_loss_;
};

}  // namespace claimcheck
