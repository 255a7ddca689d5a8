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

// Only events of the last link count, and only until it has ended: a later answer says nothing
// about the server that is connected now.
RedisAction RedisMachine::of_link(const RedisEvent& event) {
  const bool over = phase_ != RedisPhase::connecting && phase_ != RedisPhase::ready &&
                    phase_ != RedisPhase::closing;
  if (over || event.attempt != attempt_) return {};
  if (event.what == RedisHappened::ended) return lost(event.why);
  // A link that was given up stays so, also when an answer comes over it.
  if (phase_ == RedisPhase::closing) return {};
  switch (event.what) {
    case RedisHappened::welcomed: return welcome();
    case RedisHappened::turned_away:
    case RedisHappened::late:
    case RedisHappened::unwanted: return give_up(event.why);
    // Another server may be the primary under this name now, so a new connection is needed.
    case RedisHappened::demoted: return give_up("it has become a replica");
    case RedisHappened::answered: return {.next = RedisNext::check, .wait = health_interval_};
    case RedisHappened::broke: return {};  // the end of the link follows, and has the reason
    default: break;
  }
  ENSURE(false);
  return {};
}

// A stop before the start or during the pause takes effect here.
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
  last_loss_.clear();  // so the next outage is logged, also one with the same reason
  return {
      .next = RedisNext::check, .wait = health_interval_, .news = RedisNews::connected, .loss = {}};
}

// Requests are refused from now on, although the link still exists: its answers may belong to other
// requests, or come from a server that we must not use.
RedisAction RedisMachine::give_up(const std::string& why) {
  phase_ = RedisPhase::closing;
  given_up_ = why;
  return {.next = RedisNext::close};
}

RedisAction RedisMachine::lost(const std::string& why) {
  RedisAction action;
  // Every `connected` is followed by a `disconnected`, also when we stop.
  if (was_ready_) action.news = RedisNews::disconnected;
  if (stopping_) {
    phase_ = RedisPhase::stopped;
    action.next = RedisNext::finish;
    return action;
  }
  phase_ = RedisPhase::waiting;
  action.next = RedisNext::wait;
  // A server that worked a moment ago is most likely restarting, so the first pause is short.
  if (was_ready_) wait_ = wait_min;
  action.wait = wait_;
  wait_ = std::min(wait_ * 2, wait_max);
  // When we gave the link up, our reason is the cause; the end of the link is its consequence.
  const std::string& reason = given_up_.empty() ? why : given_up_;
  if (reason != last_loss_) action.loss = last_loss_ = reason;
  return action;
}

RedisAction RedisMachine::stop() {
  stopping_ = true;
  switch (phase_) {
    case RedisPhase::connecting:
    case RedisPhase::ready:
    case RedisPhase::closing: phase_ = RedisPhase::closing; return {.next = RedisNext::close};
    case RedisPhase::idle:
    case RedisPhase::waiting:
    case RedisPhase::stopped: phase_ = RedisPhase::stopped;
  }
  return {.next = RedisNext::finish};
}

}  // namespace claimcheck
