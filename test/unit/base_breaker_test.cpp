#include "base/breaker.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace claimcheck {

TEST_CASE("a breaker: pauses grow to their limit; many refused at once count as one") {
  Breaker breaker;
  Duration now{0};
  for (int i = 0; i < 3; ++i) CHECK(breaker.refused(now, Duration(0)) == Breaker::pause_min);
  Duration pause = Breaker::pause_min;
  for (int i = 0; i < 12; ++i) {
    now += pause;
    CHECK(breaker.ask(now) == Duration(0));
    pause = std::min(2 * pause, Breaker::pause_max);
    CHECK(breaker.refused(now, Duration(0)) == pause);
  }
  CHECK(pause == Breaker::pause_max);
  CHECK(Breaker().refused(now, std::chrono::seconds(30)) == std::chrono::seconds(30));
  CHECK(Breaker().refused(now, std::chrono::hours(24)) == Breaker::pause_max);
}

TEST_CASE("a breaker: one who tries and does not come back is replaced") {
  Breaker breaker;
  const Duration now = breaker.refused(Duration(0), Duration(0));
  CHECK(breaker.ask(now) == Duration(0));
  CHECK(breaker.ask(now + Breaker::trial - Duration(1)) == Duration(1));
  CHECK(breaker.ask(now + Breaker::trial) == Duration(0));
  breaker.answered();
  CHECK(breaker.ask(now) == Duration(0));
  CHECK(breaker.ask(now) == Duration(0));
}

}  // namespace claimcheck
