// Declined cards: which events count, that each counts once, and what many of them do.
#include "flow/payment.hpp"
#include "stripe/event.hpp"
#include "stripe/setup.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

std::string failed_payment(const std::string& id, std::int64_t created_s,
                           const std::string& method = "card") {
  return fmt::format(
      R"({{"id":"{}","object":"event","type":"payment_intent.payment_failed","created":{},)"
      R"("data":{{"object":{{"id":"pi_1","object":"payment_intent","last_payment_error":)"
      R"({{"code":"card_declined","payment_method":{{"type":"{}"}}}}}}}}}})",
      id, created_s, method);
}

TEST_CASE("declines: a failed try by card is one, a bounced bank debit and a charge are none") {
  CHECK(stripe::parse_event(failed_payment("evt_1", 1))->card_declined);
  CHECK_FALSE(stripe::parse_event(failed_payment("evt_1", 1, "us_bank_account"))->card_declined);
  const auto charge = stripe::parse_event(
      R"({"id":"evt_2","object":"event","type":"charge.failed","data":{"object":{}}})");
  CHECK(charge->id == "evt_2");
  CHECK_FALSE(charge->card_declined);
  const auto bare =
      stripe::parse_event(R"({"id":"e 1","object":"event","type":"payment_intent.payment_failed",)"
                          R"("data":{"object":{}}})");
  CHECK(bare->id.empty());
  CHECK_FALSE(bare->card_declined);
}

TEST_CASE("declines: many pause the checkout, each event once, and old ones not at all") {
  OrderWorld world;
  const std::int64_t now_s = to_unix_s(world.run.clock.now());
  const auto receive = [&world](const std::string& body) {
    REQUIRE(world.run(receive_event(world.context, body)));
  };
  const auto paused = [&world] {
    return world.run(world.store.gate->checkout_pause())->has_value();
  };
  const std::int64_t most = DeclineLimits().declines;
  for (std::int64_t i = 1; i < most; ++i) {
    receive(failed_payment("evt_" + std::to_string(i), now_s));
    receive(failed_payment("evt_" + std::to_string(i), now_s));  // sent again
  }
  receive(failed_payment("evt_old", now_s - 3600));
  receive(failed_payment("evt_debit", now_s, "sepa_debit"));
  CHECK_FALSE(paused());
  receive(failed_payment("evt_last", now_s));
  CHECK(paused());
  CHECK(world.metrics.total(Counter::checkout_pauses, "automatic") == 1);
  receive(failed_payment("evt_more", now_s));
  CHECK(world.metrics.total(Counter::checkout_pauses, "automatic") == 1);
}

TEST_CASE("declines: an endpoint without their event lacks nothing that orders need") {
  stripe::WebhookEndpoint endpoint{.enabled = true};
  for (const std::string_view event : stripe::needed_events) endpoint.events.emplace_back(event);
  CHECK(stripe::lacks_of(endpoint).empty());
  CHECK_FALSE(stripe::sends_declines(endpoint));
  endpoint.events.emplace_back(stripe::decline_event);
  CHECK(stripe::sends_declines(endpoint));
  endpoint.events = {"*"};
  CHECK(stripe::sends_declines(endpoint));
}

}  // namespace
}  // namespace claimcheck::test
