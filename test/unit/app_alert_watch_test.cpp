// The looks of one process: into the store, at the generator's balance, and at Redis itself.
#include "app/alert_watch.hpp"
#include "domain/names.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// A Redis that can be taken away; only ready() is called of it here.
struct Marks final : StoreMarks {
  explicit Marks(const bool& away) : away_(away) {}
  Async<void> ready() override {
    if (away_) co_return fail(Errc::unavailable, "Redis does not answer");
    co_return Result<void>();
  }
  Async<Time> born() override { co_return Time(); }
  Async<std::string> bind_account(std::string account) override { co_return account; }
  Async<Time> reconciled() override { co_return Time(); }
  Async<void> set_reconciled(Time) override { co_return Result<void>(); }
  Async<std::optional<Time>> next_walk(std::optional<Time>, Duration, Duration) override {
    co_return std::nullopt;
  }
  Async<bool> deletion_turn(Duration) override { co_return false; }
  const bool& away_;
};

boost::asio::awaitable<bool> looked_with(AlertWatch& watch) {
  co_await watch.look();
  co_return true;
}

struct Watch {
  OrderWorld world;
  Statistics statistics{world.context};
  bool away = false;
  bool accepts = true;
  std::vector<std::string> mailed;
  AlertWatch watch{world.context,
                   statistics,
                   [this](const AlertRecord& record) { return mail(record); },
                   {.alerts = {.times = {}, .channels = {Channel::mail}}, .balance_low = 100}};

  Watch() { world.store.marks = std::make_unique<Marks>(away); }

  boost::asio::awaitable<bool> mail(AlertRecord record) {
    mailed.emplace_back(name_of(record.pending));
    co_return accepts;
  }
  void balance(const std::string& credits) {
    world.http.answers.emplace_back(
        HttpResponse{.status = 200, .body = R"({"balance":)" + credits + "}"});
  }
  void look() { world.run(looked_with(watch)); }
  void look_for(Duration length) {
    for (Duration passed{0}; passed < length; passed += seconds(5)) {
      look();
      world.run.clock.advance(seconds(5));
    }
  }
  bool open(AlertKind kind) {
    return good(world.run(world.store.alerts->alerts())).at(static_cast<std::size_t>(kind)).open;
  }
  bool metric(const std::string& line) {
    return world.metrics.text().find("\nclaimcheck_alert_open{" + line + "\n") != std::string::npos;
  }
};

TEST_CASE("alert watch: the balance is read once an hour, and is an alert from the threshold on") {
  Watch watch;
  watch.balance("100");
  watch.look_for(minutes(59));
  REQUIRE(watch.world.http.calls.size() == 2);
  CHECK(watch.world.http.calls[0].url == "https://gen/api/v1/user/me");
  CHECK(watch.world.http.calls[1].url.starts_with("https://gen/"));
  CHECK(watch.open(AlertKind::balance_low));
  CHECK(watch.metric(R"(alert="balance_low"} 1)"));
  watch.balance("101");
  watch.look_for(minutes(2));
  CHECK(watch.world.http.calls.size() == 4);
  CHECK_FALSE(watch.open(AlertKind::balance_low));
  CHECK(watch.metric(R"(alert="balance_low"} 0)"));
}

TEST_CASE("alert watch: a balance that lasts less than a day at the rate of late is an alert") {
  Watch watch;
  watch.balance("100000");
  watch.look_for(hours(1));
  CHECK_FALSE(watch.open(AlertKind::balance_low));
  SUBCASE("used up soon") {
    watch.balance("20000");
    watch.look_for(minutes(1));
    CHECK(watch.open(AlertKind::balance_low));
    const auto records = good(watch.world.run(watch.world.store.alerts->alerts()));
    const auto& record = records.at(static_cast<std::size_t>(AlertKind::balance_low));
    CHECK(record.why == "superduperai: 20000 left, enough for about 0 h");
  }
  SUBCASE("lasts for weeks") {
    watch.balance("99900");
    watch.look_for(minutes(1));
    CHECK_FALSE(watch.open(AlertKind::balance_low));
  }
  SUBCASE("paid in") {
    watch.balance("200000");
    watch.look_for(minutes(1));
    CHECK_FALSE(watch.open(AlertKind::balance_low));
  }
}

TEST_CASE("balance: how long it lasts counts what was used, and not what was paid in") {
  const auto at = [](int hour, double left) {
    return BalanceReading{.when = from_unix_s(1'790'000'000) + hours(hour), .left = left};
  };
  CHECK(!balance_lasts({}));
  CHECK(!balance_lasts({at(0, 10)}));
  CHECK(!balance_lasts({at(0, 10), at(1, 10)}));
  CHECK(balance_lasts({at(0, 10), at(1, 9)}) == Duration(hours(9)));
  CHECK(balance_lasts({at(0, 10), at(1, 8), at(2, 108), at(4, 106)}) == Duration(hours(106)));
  CHECK(balance_lasts({at(0, 10), at(1, 0)}) == Duration(0));
}

TEST_CASE("alert watch: a generator that does not tell its balance is no alert") {
  Watch watch;
  SUBCASE("away") { watch.world.http.answers.emplace_back(HttpResponse{.status = 502}); }
  SUBCASE("without the member") {
    watch.world.http.answers.emplace_back(HttpResponse{.status = 200, .body = "{}"});
  }
  watch.look();
  CHECK(watch.world.http.calls.size() == 2);
  CHECK_FALSE(watch.open(AlertKind::balance_low));
}

TEST_CASE("alert watch: Redis away is mailed once after its time, and once when it is back") {
  Watch watch;
  watch.balance("1000");
  watch.look();
  watch.away = true;
  watch.look_for(minutes(5));
  CHECK(watch.mailed.empty());
  watch.look_for(hours(2));
  CHECK(watch.mailed == std::vector<std::string>{"opened"});
  CHECK(watch.metric(R"(alert="redis_away"} 1)"));
  watch.away = false;
  watch.look_for(minutes(10));
  CHECK(watch.mailed == std::vector<std::string>{"opened", "closed"});
  CHECK(watch.metric(R"(alert="redis_away"} 0)"));
  // It is this process' own, and not in the store.
  CHECK_FALSE(watch.open(AlertKind::redis_away));
}

TEST_CASE("alert watch: a mail that was not accepted is sent again, less and less often") {
  Watch watch;
  watch.balance("1000");
  watch.away = true;
  watch.accepts = false;
  watch.look_for(minutes(9));
  CHECK(watch.mailed == std::vector<std::string>{"opened", "opened"});
  watch.accepts = true;
  watch.look_for(minutes(3));
  CHECK(watch.mailed.size() == 3);
  watch.look_for(minutes(30));
  CHECK(watch.mailed.size() == 3);
}

}  // namespace
}  // namespace claimcheck::test
