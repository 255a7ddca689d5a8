// Alerts: when one opens, grows and ends, what is told of it and how often, and the table of kinds.
#include "domain/alert.hpp"
#include "domain/alert_words.hpp"
#include "domain/names.hpp"

#include <boost/describe/enumerators.hpp>
#include <doctest/doctest.h>

#include <set>

namespace claimcheck {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Time start = from_unix_s(1'790'000'000);

// One alert over time. Each notice is told at once.
struct Story {
  AlertRecord record;
  Time now = start;
  AlertTimes times;
  std::vector<std::string> told;

  explicit Story(AlertKind kind = AlertKind::held) { record.kind = kind; }

  // Looks once; false = nothing was written.
  bool see(bool on, std::int64_t count = 0, std::string why = {}) {
    const AlertSign sign{.kind = record.kind, .on = on, .count = count, .why = std::move(why)};
    const auto next = alert_step(record, sign, now, times);
    if (!next) return false;
    CHECK(next->version == record.version + 1);
    record = *next;
    if (record.pending != AlertNews::none) {
      told.emplace_back(name_of(record.pending));
      record = alert_told(record);
    }
    return true;
  }
  // Looks every ten seconds for so long.
  void see_for(Duration length, bool on, std::int64_t count = 0) {
    for (const Time end = now + length; now < end; now += seconds(10)) see(on, count);
  }
};

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("alert: it is told once when it opens, and once when it ends") {
  Story story;
  CHECK_FALSE(story.see(false));
  story.see_for(minutes(90), true, 2);
  CHECK(story.told == Told{"opened"});
  CHECK(story.record.open);
  CHECK(story.record.since_us == to_us(start));
  story.see(false);
  story.see_for(minutes(90), false);
  CHECK(story.told == Told{"opened", "closed"});
  CHECK_FALSE(story.record.open);
  CHECK(story.record.closed_us == to_us(start + minutes(90)));
}

TEST_CASE("alert: a look that sees nothing new writes nothing but once a minute") {
  Story story;
  CHECK(story.see(true, 2));
  story.now += seconds(59);
  CHECK_FALSE(story.see(true, 2));
  CHECK(story.see(true, 3));
  story.now += seconds(1);
  CHECK(story.see(true, 3));
  CHECK_FALSE(story.see(true, 3));
}

TEST_CASE("alert: a short outage of a peer is not told") {
  for (const AlertKind kind :
       {AlertKind::redis_away, AlertKind::stripe_away, AlertKind::generator_away}) {
    Story story(kind);
    story.see_for(story.times.after, true);
    story.see(false);
    CHECK(story.told.empty());
    story.see_for(story.times.after, true);
    CHECK(story.told.empty());
    story.see(true);
    CHECK(story.told == Told{"opened"});
    CHECK(story.record.since_us == to_us(story.now - story.times.after));
  }
}

TEST_CASE("alert: a condition that was not seen for a while has begun anew") {
  Story story(AlertKind::stripe_away);
  story.see(true);
  story.now += story.times.forgotten;
  story.see(true);
  CHECK(story.told.empty());
  story.now += story.times.forgotten - minutes(1);
  story.see(true);
  CHECK(story.told == Told{"opened"});
}

TEST_CASE("alert: one that comes and goes is told at most once in the gap") {
  Story story(AlertKind::refunds_stopped);
  for (int minute = 0; minute < 60; ++minute) {
    story.see(true);
    story.now += seconds(30);
    story.see(false);
    story.now += seconds(30);
  }
  CHECK(story.told == Told{"opened", "closed", "opened", "closed"});
  CHECK(story.record.number == 2);
}

TEST_CASE("alert: one that holds when the gap is over is told then") {
  Story story;
  story.see(true, 1);
  story.see(false);
  story.see_for(story.times.gap, true, 1);
  CHECK(story.told == Told{"opened", "closed"});
  story.see(true, 1);
  CHECK(story.told == Told{"opened", "closed", "opened"});
}

TEST_CASE("alert: more held orders are told when they are twice as many and five more") {
  Story story;
  story.see(true, 1);
  story.see_for(story.times.gap, true, 40);
  CHECK(story.told == Told{"opened"});
  story.see(true, 5);
  CHECK(story.told.size() == 1);
  story.see(true, 6);
  CHECK(story.told == Told{"opened", "grown"});
  story.see_for(story.times.gap, true, 6);
  story.see(true, 11);
  CHECK(story.told.size() == 2);
  story.see(true, 12);
  CHECK(story.told.size() == 3);
  // Fewer are no news, and none is the end.
  story.see_for(story.times.gap, true, 2);
  CHECK(story.told.size() == 3);
  story.see(false);
  CHECK(story.told.back() == "closed");
}

TEST_CASE("alert: one more dispute is told, and the number of another alert is not") {
  Story disputes(AlertKind::disputes);
  disputes.see(true, 1);
  disputes.see_for(disputes.times.gap, true, 1);
  disputes.see(true, 2);
  CHECK(disputes.told == Told{"opened", "grown"});
  Story generator(AlertKind::generator_away);
  generator.see_for(minutes(60), true, 1);
  generator.see(true, 1000);
  CHECK(generator.told == Told{"opened"});
}

TEST_CASE("alert: nothing happens to one until its notice is told") {
  AlertRecord record;
  const AlertSign on{.kind = AlertKind::held, .on = true, .count = 1, .why = {}};
  const AlertSign off{.kind = AlertKind::held, .on = false, .count = 0, .why = {}};
  const AlertRecord opened = alert_step(record, on, start, {}).value();
  CHECK(opened.pending == AlertNews::opened);
  CHECK_FALSE(alert_step(opened, off, start + minutes(1), {}));
  const auto closed = alert_step(alert_told(opened), off, start + minutes(1), {});
  REQUIRE(closed);
  CHECK(closed->pending == AlertNews::closed);
}

TEST_CASE("alert: a clock that was put back delays nothing for long") {
  Story story(AlertKind::stripe_away);
  story.see(true);
  story.now -= minutes(600);
  story.see(true);
  story.now += story.times.after;
  story.see(true);
  CHECK(story.told == Told{"opened"});
  story.see(false);
  story.now -= minutes(600);
  story.see(true);
  story.now += story.times.after;
  story.see(true);
  CHECK(story.told == Told{"opened", "closed", "opened"});
}

TEST_CASE("alert: every notice has an id of its own, the same in every process") {
  AlertRecord record{.kind = AlertKind::held, .number = 3, .notices = 1, .since_us = 5};
  record.pending = AlertNews::opened;
  std::set<std::string> ids = {alert_notice_id(record)};
  CHECK(ids.begin()->starts_with("msg_"));
  CHECK(ids.begin()->size() == 36);
  AlertRecord same = record;
  same.version = 9;
  same.count = 4;
  ids.insert(alert_notice_id(same));
  CHECK(ids.size() == 1);
  AlertRecord other = record;
  other.notices = 2;
  ids.insert(alert_notice_id(other));
  other.pending = AlertNews::closed;
  ids.insert(alert_notice_id(other));
  other.since_us = 6;
  ids.insert(alert_notice_id(other));
  other.kind = AlertKind::disputes;
  ids.insert(alert_notice_id(other));
  CHECK(ids.size() == 5);
}

TEST_CASE("alert: names of notices are read as they are written") {
  CHECK(alert_type(AlertNews::closed) == "alert.closed");
  CHECK(alert_news("alert.grown") == AlertNews::grown);
  CHECK(alert_news("alert.of_a_newer_release") == AlertNews::none);
  CHECK(alert_news("delivered") == AlertNews::none);
  CHECK_FALSE(is_alert_type("delivered"));
  const AlertRecord record{.kind = AlertKind::balance_low, .number = 12};
  CHECK(alert_reference(record) == "balance_low.12");
  CHECK(alert_kind_in("balance_low.12") == AlertKind::balance_low);
  CHECK_FALSE(alert_kind_in("cs_test_1"));
}

TEST_CASE("alert: every kind has its rule, and words of its own") {
  std::set<std::string> titles;
  for (std::size_t i = 0; i < alert_kinds; ++i) {
    const AlertRecord record{
        .kind = static_cast<AlertKind>(i), .count = 2, .why = "no credit is left"};
    CHECK(rule_of(record.kind).kind == record.kind);
    const AlertWords words = alert_words(record);
    CAPTURE(words.title);
    titles.insert(words.title);
    CHECK_FALSE(words.title.ends_with('.'));
    for (const std::string& sentence : {words.what, words.meanwhile, words.todo, words.ended}) {
      CHECK(sentence.ends_with('.'));
    }
    CHECK(words.page.starts_with("/ops#/"));
  }
  CHECK(titles.size() == alert_kinds);
  using Kinds = boost::describe::describe_enumerators<AlertKind>;
  CHECK(boost::mp11::mp_size<Kinds>::value == alert_kinds);
}

TEST_CASE("alert: one order and several are told in words that fit") {
  AlertRecord record{.kind = AlertKind::held, .count = 1};
  CHECK(alert_words(record).title == "1 order is held");
  record.count = 3;
  CHECK(alert_words(record).title == "3 orders are held");
  record = {.kind = AlertKind::link_dead, .count = 1};
  CHECK(alert_words(record).title == "1 delivered link is dead");
  CHECK(alert_words(record).what.starts_with("In the last hour 1 video was not at the address"));
  record = {.kind = AlertKind::generator_away, .count = 1, .why = "no credit"};
  CHECK(alert_words(record).what == "The generator makes no videos: no credit.");
  CHECK(alert_words(record).meanwhile.starts_with("1 video waits and goes on by itself"));
}

}  // namespace claimcheck
