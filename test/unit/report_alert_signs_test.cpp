// Which conditions the facts show: a sign, the sign that it is over, or none.
#include "domain/names.hpp"
#include "report/alert_signs.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace claimcheck::test {
namespace {

// An hour without any count but these: each is counted in the minute so long ago.
struct Hour {
  AlertFacts facts;

  Hour& count(const std::string& name, std::size_t minutes_ago, std::int64_t times = 1) {
    auto& series = facts.hour.series;
    auto row = std::ranges::find(series, name, [](const auto& one) { return one.first; });
    if (row == series.end()) {
      row = series.insert(series.end(), {name, std::vector<std::int64_t>(60, 0)});
    }
    row->second.at(59 - minutes_ago) += times;
    return *this;
  }
  // "on", "off" or "unknown".
  std::string seen(AlertKind kind) const {
    for (const AlertSign& sign : alert_signs(facts)) {
      if (sign.kind == kind) return sign.on ? "on" : "off";
    }
    return "unknown";
  }
};

AlertSign sign_of(const AlertFacts& facts, AlertKind kind) {
  const std::vector<AlertSign> signs = alert_signs(facts);
  return *std::ranges::find(signs, kind, &AlertSign::kind);
}

}  // namespace

TEST_CASE("alert signs: what is stored shows its alert or that it is over") {
  Hour hour;
  for (const AlertKind kind : {AlertKind::held, AlertKind::disputes, AlertKind::refunds_stopped,
                               AlertKind::generator_away, AlertKind::checkout_paused}) {
    CAPTURE(name_of(kind));
    CHECK(hour.seen(kind) == "off");
  }
  hour.facts.counts = {.held = 3, .disputed = 2};
  hour.facts.answer_by = from_unix_s(1'790'000'000);
  hour.facts.refunds.reason = "more than 20 in an hour";
  hour.facts.generator = {.reason = "no credit is left", .since = {}, .waiting = 4};
  CHECK(sign_of(hour.facts, AlertKind::held).count == 3);
  CHECK(sign_of(hour.facts, AlertKind::disputes).count == 2);
  CHECK(sign_of(hour.facts, AlertKind::disputes).why ==
        "the first answer is due " + to_iso(from_unix_s(1'790'000'000)));
  CHECK(sign_of(hour.facts, AlertKind::refunds_stopped).why == "more than 20 in an hour");
  CHECK(sign_of(hour.facts, AlertKind::generator_away).why == "no credit is left");
  CHECK(hour.seen(AlertKind::generator_away) == "on");
  // Nobody tries it any more, so nobody would find that it is back.
  hour.facts.generator.waiting = 0;
  CHECK(hour.seen(AlertKind::generator_away) == "off");
}

TEST_CASE("alert signs: a pause by declined cards calls for a person, one by hand does not") {
  Hour hour;
  hour.facts.pause = CheckoutPause{.since = from_unix_s(1), .until = from_unix_s(9), .by = {}};
  CHECK(hour.seen(AlertKind::checkout_paused) == "on");
  hour.facts.pause->by = "anna";
  CHECK(hour.seen(AlertKind::checkout_paused) == "off");
}

TEST_CASE("alert signs: a setting is wrong until it is seen to be right") {
  CHECK(Hour().seen(AlertKind::stripe_key) == "unknown");
  CHECK(Hour().count("stripe_ok", 5).seen(AlertKind::stripe_key) == "off");
  CHECK(Hour().count("setup_stripe_key", 5).seen(AlertKind::stripe_key) == "on");
  CHECK(Hour().count("setup_stripe_key", 5).count("stripe_ok", 4).seen(AlertKind::stripe_key) ==
        "off");
  CHECK(Hour().count("setup_generator_token", 5).seen(AlertKind::generator_token) == "on");
  CHECK(Hour().count("setup_webhook_secret", 5).count("paid", 5).seen(AlertKind::webhook_secret) ==
        "on");
  // Anybody can send what is signed wrongly.
  CHECK(Hour().count("setup_webhook_secret", 5).seen(AlertKind::webhook_secret) == "unknown");
  CHECK(Hour().count("webhooks", 50).seen(AlertKind::webhook_secret) == "off");
  // These have no opposite: an hour without them is their end.
  CHECK(Hour().seen(AlertKind::clock) == "off");
  CHECK(Hour().count("setup_clock", 59).seen(AlertKind::clock) == "on");
  CHECK(Hour().seen(AlertKind::notifications) == "off");
  CHECK(Hour().count("setup_notifications", 1).seen(AlertKind::notifications) == "on");
}

TEST_CASE("alert signs: a dead link is told for an hour, with how many there were") {
  CHECK(Hour().seen(AlertKind::link_dead) == "off");
  const Hour two = Hour().count("links_dead", 59).count("links_dead", 3);
  CHECK(sign_of(two.facts, AlertKind::link_dead).on);
  CHECK(sign_of(two.facts, AlertKind::link_dead).count == 2);
}

TEST_CASE("alert signs: Stripe is away when calls fail and none succeeds") {
  CHECK(Hour().seen(AlertKind::stripe_away) == "unknown");
  CHECK(Hour().count("stripe_no_answer", 2).seen(AlertKind::stripe_away) == "on");
  CHECK(Hour().count("stripe_server_error", 0).seen(AlertKind::stripe_away) == "on");
  CHECK(Hour().count("stripe_no_answer", stripe_away_minutes).seen(AlertKind::stripe_away) ==
        "unknown");
  CHECK(Hour().count("stripe_no_answer", 0).count("stripe_ok", 2).seen(AlertKind::stripe_away) ==
        "off");
  // A refusal is an answer.
  CHECK(
      Hour().count("stripe_no_answer", 0).count("stripe_refused", 0).seen(AlertKind::stripe_away) ==
      "off");
}

TEST_CASE("alert signs: the webhook is silent when orders are paid and no event has come") {
  const AlertKind silent = AlertKind::webhook_silent;
  CHECK(Hour().seen(silent) == "unknown");
  CHECK(Hour().count("paid", 30).seen(silent) == "on");
  CHECK(Hour().count("paid", 30).count("webhooks", 59).seen(silent) == "off");
  CHECK(Hour().count("webhooks", 3).seen(silent) == "off");
  // An event may be late, or have come before the hour.
  CHECK(Hour().count("paid", webhook_margin_minutes - 1).seen(silent) == "unknown");
  CHECK(Hour().count("paid", webhook_margin_minutes).seen(silent) == "on");
  CHECK(Hour().count("paid", 59 - webhook_margin_minutes).seen(silent) == "on");
  CHECK(Hour().count("paid", 60 - webhook_margin_minutes).seen(silent) == "unknown");
  // They come, and are refused.
  CHECK(Hour().count("paid", 30).count("webhooks_refused", 29).seen(silent) == "unknown");
}

TEST_CASE("alert signs: the facts are read from the store and from all processes' counts") {
  OrderWorld world;
  Statistics statistics(world.context);
  world.metrics.count(Counter::setup_faults, "clock");
  world.run(statistics.flush());
  REQUIRE(world.run(world.store.lists->enlist(OrderList::held, "cs_test_a", world.run.clock.now(),
                                              IfListed::keep)));
  const Result<AlertFacts> facts = world.run(read_alert_facts(world.context, statistics));
  REQUIRE(facts);
  CHECK(sign_of(*facts, AlertKind::held).count == 1);
  CHECK(sign_of(*facts, AlertKind::clock).on);
}

}  // namespace claimcheck::test
