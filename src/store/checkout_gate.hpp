// CheckoutGate: may one more checkout be opened now? It keeps what one client has opened lately,
// and the pause in which nobody opens one: made by a person, or by many declined cards in a short
// time (card testing). Shared by all processes. Times are the store's. Orders that are open or paid
// are never asked about here. All of it is a hint: no disk and no replica keeps it, but for what a
// person decided. One of the roles of the store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "store/async.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace claimcheck {

// A token bucket in times: what one checkout takes of it, and what a full one holds. Both are the
// time in which so many tokens come back.
struct GateCost {
  Duration cost{0};
  Duration burst{0};
};

struct GateAsk {
  std::string client;
  GateCost checkout;  // the number of checkouts
  GateCost bytes;     // of their bodies
};

struct CheckoutPause {
  Time since;
  Time until;      // by itself; Time() = until a person resumes
  std::string by;  // the operator; empty = it was made by declined cards

  bool automatic() const { return by.empty(); }
  bool operator==(const CheckoutPause&) const = default;
};

struct GateAnswer {
  Duration wait{0};  // zero = nothing to wait for, and the tokens are taken
  std::optional<CheckoutPause> pause;
};

// When declined cards pause the checkout. 0 declines = never.
struct DeclineLimits {
  std::int64_t declines = 20;
  Duration window = std::chrono::minutes(10);
  Duration quiet = std::chrono::minutes(30);  // after the last moment with so many of them
};

// No more declines are kept than this, whatever the limit is.
inline constexpr std::int64_t declines_kept_max = 10'000;

struct DeclineCounted {
  std::int64_t declines = 0;  // in the window, this one included
  bool pauses = false;        // this one began a pause
};

class CheckoutGate {
 public:
  virtual ~CheckoutGate() = default;

  // Takes the tokens of one checkout, unless it must wait or there is a pause. Errors: the store's;
  // then each process keeps the limits by itself.
  virtual Async<GateAnswer> ask_gate(GateAsk ask) = 0;
  // Counts a declined card by the id of its event: the same one counts once, and one older than the
  // window not at all. Errors: the store's.
  virtual Async<DeclineCounted> count_decline(std::string event, Time happened) = 0;
  // Errors: the store's.
  virtual Async<std::optional<CheckoutPause>> checkout_pause() = 0;
  // A person pauses: it stays until a person resumes. True = there was no pause by a person before.
  // Errors: the store's.
  virtual Async<bool> pause_checkout(std::string by) = 0;
  // Ends any pause, and the counting of declines begins anew. True = there was one. Errors: the
  // store's.
  virtual Async<bool> resume_checkout() = 0;
};

// The tokens of one client in memory: lua/gate.lua, line by line.
struct GateBook {
  Time checkouts;  // when the bucket is full again
  Time bytes;
};

}  // namespace claimcheck
