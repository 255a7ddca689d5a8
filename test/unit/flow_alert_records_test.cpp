// From what is seen of an alert to its notices in the outbox: once over all processes, also when
// one of them dies between the two.
#include "domain/names.hpp"
#include "flow/alert_records.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <doctest/doctest.h>

#include <set>

namespace claimcheck::test {
namespace {

struct Watch {
  OrderWorld world;
  AlertOptions options{.times = {}, .channels = {Channel::webhook, Channel::mail}};

  std::vector<AlertRecord> see(bool on, std::int64_t count = 1) {
    return good(world.run(record_alerts(
        world.context, options, {{.kind = AlertKind::held, .on = on, .count = count, .why = {}}})));
  }
  // "<channel> <type> <reference>" of each waiting message.
  std::multiset<std::string> put() {
    std::multiset<std::string> all;
    for (const OutboxMessage& message :
         good(world.run(world.store.outbox->messages(MessageState::waiting, 99)))) {
      all.insert(fmt::format("{} {} {}", name_of(message.channel), message.news, message.session));
    }
    return all;
  }
  AlertRecord stored() {
    return good(world.run(world.store.alerts->alerts()))
        .at(static_cast<std::size_t>(AlertKind::held));
  }
};

TEST_CASE("alerts: each step is put into the outbox once for each channel") {
  Watch watch;
  for (int process = 0; process < 3; ++process) watch.see(true);
  CHECK(watch.put() ==
        std::multiset<std::string>{"mail alert.opened held.1", "webhook alert.opened held.1"});
  CHECK(watch.stored().pending == AlertNews::none);
  CHECK(good(watch.world.run(open_alerts(*watch.world.store.alerts))).size() == 1);
  for (int process = 0; process < 3; ++process) watch.see(false);
  CHECK(watch.put().size() == 4);
  CHECK(watch.put().contains("webhook alert.closed held.1"));
  CHECK(good(watch.world.run(open_alerts(*watch.world.store.alerts))).empty());
}

TEST_CASE("alerts: a notice whose process died before it was put is put by another one") {
  Watch watch;
  const AlertSign sign{.kind = AlertKind::held, .on = true, .count = 1, .why = {}};
  const AlertRecord pending =
      alert_step(watch.stored(), sign, watch.world.run.clock.now(), {}).value();
  REQUIRE(good(watch.world.run(watch.world.store.alerts->write_alert(pending))));
  CHECK(watch.put().empty());
  watch.see(true);
  CHECK(watch.put().size() == 2);
}

TEST_CASE("alerts: a notice whose process died after it was put is not put twice") {
  Watch watch;
  watch.see(true);
  // As if it had died before it noted that the notice is told.
  AlertRecord pending = watch.stored();
  pending.pending = AlertNews::opened;
  ++pending.version;
  REQUIRE(good(watch.world.run(watch.world.store.alerts->write_alert(pending))));
  watch.see(true);
  CHECK(watch.put().size() == 2);
  CHECK(watch.stored().pending == AlertNews::none);
}

TEST_CASE("alerts: an end that comes before the opening is told follows it") {
  Watch watch;
  const AlertSign sign{.kind = AlertKind::held, .on = true, .count = 1, .why = {}};
  const AlertRecord pending =
      alert_step(watch.stored(), sign, watch.world.run.clock.now(), {}).value();
  REQUIRE(good(watch.world.run(watch.world.store.alerts->write_alert(pending))));
  watch.see(false);
  CHECK(watch.put().contains("mail alert.opened held.1"));
  CHECK(watch.put().contains("mail alert.closed held.1"));
}

TEST_CASE("alerts: without a channel they are recorded and nothing is put") {
  Watch watch;
  watch.options.channels.clear();
  watch.see(true);
  CHECK(watch.stored().open);
  CHECK(watch.stored().pending == AlertNews::none);
  CHECK(watch.put().empty());
}

TEST_CASE("alerts: an alert without a sign stays as it is") {
  Watch watch;
  watch.see(true);
  const auto records = good(watch.world.run(record_alerts(watch.world.context, watch.options, {})));
  CHECK(records.at(static_cast<std::size_t>(AlertKind::held)).open);
}

}  // namespace
}  // namespace claimcheck::test
