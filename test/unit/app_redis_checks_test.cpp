// Which of three clocks is wrong.
#include "app/redis_checks.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {

TEST_CASE("clocks: the machine is named whose clock agrees with neither of the others") {
  using std::chrono::seconds;
  const auto hour = std::chrono::hours(1);
  CHECK(wrong_clocks(seconds(0), seconds(0)) == std::nullopt);
  CHECK(wrong_clocks(seconds(59), seconds(-59)) == std::nullopt);
  CHECK(wrong_clocks(hour, seconds(2)) ==
        "the clock of Redis' machine is wrong, 3600 s ahead: set it by NTP");
  CHECK(wrong_clocks(-hour, seconds(2)) ==
        "the clock of Redis' machine is wrong, 3600 s behind: set it by NTP");
  CHECK(wrong_clocks(-hour, hour) ==
        "the clock of this machine is wrong, 3600 s ahead: set it by NTP");
  CHECK(wrong_clocks(seconds(1), -hour) ==
        "the clocks of this machine and of Redis' are wrong, 3600 s behind: set both by NTP");
  CHECK(wrong_clocks(hour, hour) ==
        "the clocks of this machine, of Redis' and of Stripe all differ: set yours by NTP");
}

}  // namespace claimcheck::test
