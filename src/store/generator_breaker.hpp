// GeneratorBreaker: the breaker in front of the generator, shared by all processes. A refusal that
// says nothing about the order (no credit, a bad token, too many at once, nobody there) opens it at
// once, answers without a word (500, a gateway's page, silence) do from the second in a row on.
// While it is open one order at a time tries, the others wait without a call. When that one is
// answered, what waited goes out in the order of payment, first one, then twice as many each few
// seconds. Times are the store's. One of the roles of the store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "store/async.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

struct GeneratorBreakerLimits {
  std::int64_t again_per_day = 50;                   // generations that follow a failure
  std::int64_t misses_max = 2;                       // answers without a word, in a row
  Duration pause_min = std::chrono::seconds(2);      // between two tries; doubles
  Duration pause_max = std::chrono::seconds(30);     // a try is one call, so it is made often
  Duration asked_max = std::chrono::minutes(5);      // of a pause that the generator asks for
  Duration trial = std::chrono::seconds(20);         // longer than one call takes
  Duration growth = std::chrono::seconds(5);         // after an outage, submits double in each
  Duration growth_end = std::chrono::seconds(70);    // then there is no limit any more
  Duration ask_gap = std::chrono::milliseconds(20);  // between two of those that wait
  Duration ask_max = std::chrono::minutes(1);        // how long each of them waits at the most
};

// May this unit be submitted now?
struct SubmitLeave {
  Duration wait{0};     // zero = yes
  bool report = false;  // the breaker must be told when the generator answers
};

// A submit that was not taken, for reasons that are not the order's.
struct SubmitRefusal {
  std::string reason;
  Duration retry_after{0};  // as the generator asks; zero = it does not
  bool clear = true;        // false = no answer, or none that can be understood
};

struct GeneratorPause {
  Duration wait{0};     // how long nobody tries
  bool begins = false;  // the breaker was closed before
};

struct GeneratorOutage {
  std::string reason;  // empty = it takes orders
  Time since;
  std::int64_t waiting = 0;  // units
};

// What the question is for: on a yes `submitting` counts as a submit, `looking` changes nothing.
enum class SubmitAsk { looking, submitting };

class GeneratorBreaker {
 public:
  virtual ~GeneratorBreaker() = default;

  // May this unit ("<session id>/<unit>") be submitted now? Who may not is counted among those that
  // wait. Errors: the store's; then nobody submits.
  virtual Async<SubmitLeave> ask_generator(std::string unit, Time paid, SubmitAsk ask) = 0;
  // Errors: the store's.
  virtual Async<GeneratorPause> generator_refused(SubmitRefusal refusal) = 0;
  // How long it was away; zero = it was not. Errors: the store's.
  virtual Async<Duration> generator_answered() = 0;
  // The unit is submitted, or will not be any more. Errors: the store's.
  virtual Async<void> wait_no_more(std::string unit) = 0;
  // Errors: the store's.
  virtual Async<GeneratorOutage> generator_outage() = 0;
  // May a generation ("<session id>/<unit>/<attempt>") that failed be followed by another one?
  // Yes stays yes. Errors: the store's.
  virtual Async<bool> allow_again(std::string generation) = 0;
  // The units that wait, in the order of payment. A hint: the claim decides. Errors: the store's.
  virtual Async<std::vector<std::string>> waiting_for_generator(std::size_t limit) = 0;
};

}  // namespace claimcheck
