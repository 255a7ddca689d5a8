#include "net/redis/machine.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <utility>

namespace claimcheck {

RedisAction RedisMachine::resume(const RedisEvent& event) {
  switch (event.what) {
    case RedisHappened::start:
      ENSURE(phase_ == RedisPhase::idle || phase_ == RedisPhase::stopped);
      return connect();
    case RedisHappened::waited: return connect();
    case RedisHappened::stop: return stop();
    default: return of_link(event);
  }
}

// Only the link of the last attempt counts, and only until it is over: an answer that comes later
// says nothing about the server that is there now.
RedisAction RedisMachine::of_link(const RedisEvent& event) {
  const bool over = phase_ != RedisPhase::connecting && phase_ != RedisPhase::ready &&
                    phase_ != RedisPhase::closing;
  if (over || event.attempt != attempt_) return {};
  if (event.what == RedisHappened::ended) return lost(event.why);
  // Given up is given up, whatever else comes over it. And the library misses a cancel that comes
  // between two steps of connecting, so the link is closed again until it is over.
  if (phase_ == RedisPhase::closing) return {.next = RedisNext::close, .wait = close_again};
  switch (event.what) {
    case RedisHappened::welcomed: return welcome();
    case RedisHappened::turned_away:
    case RedisHappened::late: return give_up(event.why);
    // Behind the same name another server may be the primary now.
    case RedisHappened::demoted: return give_up("it has become a replica");
    case RedisHappened::broke:
      // A greeting that broke is not sent again over the same link. A ready link is left to its
      // end, which comes by itself and knows the reason.
      if (phase_ == RedisPhase::connecting) return give_up({});
      [[fallthrough]];
    case RedisHappened::answered: return {.next = RedisNext::rest, .wait = health_interval_};
    case RedisHappened::rested: return {.next = RedisNext::check};
    default: break;
  }
  ENSURE(false);
  return {};
}

// A stop that came before, or during the pause, ends it here.
RedisAction RedisMachine::connect() {
  if (stopping_) {
    phase_ = RedisPhase::stopped;
    return {.next = RedisNext::finish};
  }
  phase_ = RedisPhase::connecting;
  ++attempt_;
  was_ready_ = false;
  given_up_.clear();
  return {.next = RedisNext::connect};
}

RedisAction RedisMachine::welcome() {
  ENSURE(phase_ == RedisPhase::connecting);
  phase_ = RedisPhase::ready;
  was_ready_ = true;
  last_loss_.clear();  // the next outage is said anew, also for the same reason
  return {
      .next = RedisNext::rest, .wait = health_interval_, .news = RedisNews::connected, .loss = {}};
}

// Requests are refused from now on, although the link is still there: what it would answer may
// belong to another request, or come from a server that we do not want.
RedisAction RedisMachine::give_up(const std::string& why) {
  phase_ = RedisPhase::closing;
  given_up_ = why;
  return {.next = RedisNext::close, .wait = close_again};
}

RedisAction RedisMachine::lost(const std::string& why) {
  RedisAction action;
  // Who was told that it is connected is told of the end, also when we stop.
  if (was_ready_) action.news = RedisNews::disconnected;
  if (stopping_) {
    phase_ = RedisPhase::stopped;
    action.next = RedisNext::finish;
    return action;
  }
  phase_ = RedisPhase::waiting;
  action.next = RedisNext::wait;
  // A server that was good a moment ago is most likely only restarted.
  if (was_ready_) wait_ = wait_min;
  action.wait = wait_;
  wait_ = std::min(wait_ * 2, wait_max);
  // Our own reason is the cause, and the link's end only what came of it.
  const std::string& reason = given_up_.empty() ? why : given_up_;
  if (reason != last_loss_) action.loss = last_loss_ = reason;
  return action;
}

RedisAction RedisMachine::stop() {
  stopping_ = true;
  switch (phase_) {
    case RedisPhase::connecting:
    case RedisPhase::ready:
    case RedisPhase::closing:
      phase_ = RedisPhase::closing;
      return {.next = RedisNext::close, .wait = close_again};
    case RedisPhase::idle:
    case RedisPhase::waiting:
    case RedisPhase::stopped: phase_ = RedisPhase::stopped;
  }
  return {.next = RedisNext::finish};
}

}  // namespace claimcheck
