// GeneratorBreaker: a breaker in front of each generator, shared by all processes. Two kinds of
// refusal open it, both without a fault of the order. A clear refusal (no credit, a bad token, too
// many at once, no connection) opens it at once. Answers that cannot be understood (500, a
// gateway's page, silence) open it from the second in a row on. While it is open, one order at a
// time tries and the others wait without a call. After the first good answer the waiting units are
// submitted in the order of payment: first one, then twice as many every few seconds. Times are the
// store's. One of the roles of the store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "domain/capacity.hpp"
#include "store/async.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

struct GeneratorBreakerLimits {
  std::int64_t again_per_day = 50;                 // generations that follow a failure
  std::int64_t misses_max = 2;                     // answers that cannot be understood, in a row
  Duration pause_min = std::chrono::seconds(2);    // between two tries; doubles
  Duration pause_max = std::chrono::seconds(30);   // a try is one call, so it is made often
  Duration asked_max = std::chrono::minutes(5);    // longest pause that the generator may ask for
  Duration trial = std::chrono::seconds(20);       // longer than one call takes
  Duration growth = std::chrono::seconds(5);       // after an outage, submits double in each
  Duration growth_end = std::chrono::seconds(70);  // then there is no limit any more
  Duration ask_gap =
      std::chrono::milliseconds(20);           // between the next questions of two waiting units
  Duration ask_max = std::chrono::minutes(1);  // the longest wait before such a question
};

// A unit ("<session id>/<unit>") at the generator of that name, in the order of payment. `tool` and
// `capacity` say whose line it stands in, where the generator takes only so much at once.
struct WaitingUnit {
  std::string generator;
  std::string unit;
  Time paid;
  std::string tool = {};
  GeneratorCapacity capacity = {};
};

// May this unit be submitted now?
struct SubmitLeave {
  Duration wait{0};                    // zero = yes
  bool report = false;                 // call generator_answered() when the generator answers
  Duration away_for{0};                // of a wait: how long it has taken no orders
  bool queued = false;                 // of a wait: it takes orders, and others are first
  std::vector<std::string> wake = {};  // sessions whose turn it is, and that do not know it yet
};

// A submit that the generator did not take, for reasons that are not the order's.
struct SubmitRefusal {
  std::string reason;
  Duration retry_after{0};  // as the generator asks; zero = it does not
  bool clear = true;        // false = no answer, or none that can be understood
};

struct GeneratorPause {
  Duration wait{0};     // how long no process tries
  bool begins = false;  // the breaker was closed before
};

struct GeneratorOutage {
  std::string reason;  // empty = the breaker is closed
  Time since;
  std::int64_t waiting = 0;  // units
};

// submitting: on a yes the unit counts as submitted. looking: the question changes no count.
enum class SubmitAsk { looking, submitting };

class GeneratorBreaker {
 public:
  virtual ~GeneratorBreaker() = default;

  // May this unit be submitted now? A unit that may not is listed among the waiting ones. Where
  // the capacity is limited, a yes to `submitting` gives the unit a place (generator_places.hpp).
  // Errors: the store's; then nothing may be submitted.
  virtual Async<SubmitLeave> ask_generator(WaitingUnit unit, SubmitAsk ask) = 0;
  // Errors: the store's.
  virtual Async<GeneratorPause> generator_refused(std::string generator, SubmitRefusal refusal) = 0;
  // Closes the breaker. Returns how long the generator was away; zero = it was not. Errors: the
  // store's.
  virtual Async<Duration> generator_answered(std::string generator) = 0;
  // Removes a unit from the waiting ones: it is submitted, or never will be. Errors: the store's.
  virtual Async<void> wait_no_more(std::string generator, std::string unit) = 0;
  // Errors: the store's.
  virtual Async<GeneratorOutage> generator_outage(std::string generator) = 0;
  // May a failed generation ("<session id>/<unit>/<attempt>") be followed by another one? A yes is
  // given again to every later question. Errors: the store's.
  virtual Async<bool> allow_again(std::string generation) = 0;
  // The units that wait, in the order of payment. A hint: the claim decides. Errors: the store's.
  virtual Async<std::vector<std::string>> waiting_for_generator(std::string generator,
                                                                std::size_t limit) = 0;
};

}  // namespace claimcheck
