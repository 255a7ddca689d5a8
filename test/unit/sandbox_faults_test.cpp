#include "base/json.hpp"
#include "sandbox/faults.hpp"

#include <doctest/doctest.h>

using namespace claimcheck;
using namespace claimcheck::sandbox;

namespace {

Faults with_rules(std::string_view rules, std::uint64_t seed = 1) {
  Faults faults(seed);
  REQUIRE(faults.add(*json::parse(rules)));
  return faults;
}

}  // namespace

TEST_CASE("sandbox faults: a rule lets some pass, strikes so often, and is over") {
  Faults faults =
      with_rules(R"([{"match":"POST /v1/*","after":1,"times":2,"action":{"status":503}}])");
  CHECK_FALSE(faults.draw("GET /v1/events").answer);
  CHECK_FALSE(faults.draw("POST /v1/refunds").answer);
  CHECK(faults.draw("POST /v1/refunds").answer->status == 503);
  CHECK(faults.draw("POST /v1/checkout/sessions").answer->status == 503);
  CHECK_FALSE(faults.draw("POST /v1/refunds").answer);
}

TEST_CASE("sandbox faults: only an answer, a drop or a page keeps a request from executing") {
  Faults faults = with_rules(R"([
    {"match":"a","action":{"status":500}},
    {"match":"a","action":{"drop":true}},
    {"match":"a","action":{"html":true}},
    {"match":"a","action":{"delay_ms":7}},
    {"match":"a","action":{"execute":true,"status":500}},
    {"match":"a","action":{"execute":true,"drop":true}}])");
  CHECK_FALSE(faults.draw("a").execute);
  CHECK_FALSE(faults.draw("a").execute);
  const Fault page = faults.draw("a");
  CHECK_FALSE(page.execute);
  CHECK(page.answer->status == 200);
  const Fault late = faults.draw("a");
  CHECK(late.execute);
  CHECK(late.delay == std::chrono::milliseconds(7));
  const Fault replaced = faults.draw("a");
  CHECK(replaced.execute);
  CHECK(replaced.answer->status == 500);
  const Fault lost = faults.draw("a");
  CHECK(lost.execute);
  CHECK(lost.drop);
  CHECK(faults.draw("a").name.empty());
}

TEST_CASE("sandbox faults: a probability repeats with its seed") {
  const auto pattern = [](std::uint64_t seed) {
    Faults faults = with_rules(R"([{"match":"a","probability":0.5,"action":{"drop":true}}])", seed);
    std::string drawn;
    for (int i = 0; i < 64; ++i) drawn += faults.draw("a").drop ? '1' : '0';
    return drawn;
  };
  CHECK(pattern(7) == pattern(7));
  CHECK(pattern(7) != pattern(8));
  CHECK(pattern(7).find('0') != std::string::npos);
  CHECK(pattern(7).find('1') != std::string::npos);
}

TEST_CASE("sandbox faults: rules with a wrong word are refused, all or none") {
  Faults faults(1);
  CHECK_FALSE(faults.add(*json::parse(R"([{"match":"a","action":{"drop":true}},
                                          {"match":"a","action":{"dorp":true}}])")));
  CHECK_FALSE(faults.add(*json::parse(R"([{"match":"a","action":{},"time":1}])")));
  CHECK_FALSE(faults.add(*json::parse(R"([{"action":{"drop":true}}])")));
  CHECK_FALSE(faults.add(*json::parse(R"({})")));
  CHECK(faults.describe().empty());
}
