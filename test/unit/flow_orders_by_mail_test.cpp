// Lost orders: what a question about an address puts into the outbox, and what a link shows.
#include "base/tasks.hpp"
#include "domain/orders_link.hpp"
#include "flow/orders_by_mail.hpp"
#include "store/codec.hpp"
#include "store/search_words.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

const Secret key("whsec_1");
const std::string ada = "Ada@example.com";

struct Lost {
  OrderWorld world;
  OrdersByMail finder{world.context, world.run.io.get_executor(), {Secret("whsec_0"), key}};

  Lost() { world.context.channels = {Channel::mail}; }

  void order(const std::string& id, const std::string& email, std::int64_t second) {
    SessionData session;
    session.prompt = "a cat";
    session.toolTitle = id;
    if (!email.empty()) session.customerEmail = email;
    write(id, session);
    REQUIRE(world.run(world.store.words->index_word(email_word(email), id, from_unix_s(second))));
  }
  void write(const std::string& id, const SessionData& session) {
    REQUIRE(
        world.run(world.store.sessions->write_session(id, std::nullopt, encode_session(session))));
  }
  // Asks, and runs until all questions are looked up.
  void ask(const std::string& email) {
    REQUIRE(finder.ask(email));
    Tasks tasks(world.run.io.get_executor());
    tasks.start(finder.run());
    CHECK_FALSE(world.run(tasks.drained(world.run.clock, std::chrono::milliseconds(1))));
    tasks.cancel();
    CHECK(world.run(tasks.drained(world.run.clock, std::chrono::seconds(1))));
  }
  std::vector<OutboxMessage> sent() {
    return world.run(world.store.outbox->messages(MessageState::waiting, 10)).value();
  }
  std::string link(const std::string& id, Duration life = std::chrono::hours(1)) {
    return orders_link(id, world.run.clock.now() + life, ada, key);
  }
  std::string shown(const std::string& text) {
    const auto found = world.run(finder.open(text));
    if (!found) return found.error().code == Errc::invalid ? "no link" : "ended";
    std::string ids;
    for (const OrderOfAddress& one : *found) ids += one.session_id + " ";
    return ids;
  }
};

TEST_CASE("lost orders: one mail an hour to an address, about its newest order") {
  Lost lost;
  lost.order("cs_test_1", ada, 1);
  lost.order("cs_test_2", ada, 2);
  lost.ask("ADA@example.com");
  lost.ask(ada);
  REQUIRE(lost.sent().size() == 1);
  CHECK(lost.sent()[0].session == "cs_test_2");
  CHECK(lost.sent()[0].news == "link");
  CHECK(lost.sent()[0].channel == Channel::mail);
  lost.world.run.clock.advance(orders_link_every);
  lost.ask(ada);
  CHECK(lost.sent().size() == 2);
}

TEST_CASE("lost orders: an address that is not known, was corrected or erased gets no mail") {
  Lost lost;
  lost.order("cs_test_1", ada, 1);
  lost.ask("eve@example.com");
  SessionData session;
  session.customerEmail = "other@example.com";
  lost.write("cs_test_1", session);
  lost.ask(ada);
  session.customerEmail.reset();
  lost.write("cs_test_1", session);
  lost.ask(ada);
  CHECK(lost.sent().empty());
}

TEST_CASE("lost orders: so many questions wait at most") {
  Lost lost;
  for (std::size_t i = 0; i < OrdersByMail::waiting_max; ++i) CHECK(lost.finder.ask(ada));
  CHECK_FALSE(lost.finder.ask(ada));
}

TEST_CASE("lost orders: a link shows the orders of its address, newest first, and no others") {
  Lost lost;
  lost.order("cs_test_1", ada, 1);
  lost.order("cs_test_2", "ada@EXAMPLE.com", 2);
  lost.order("cs_test_3", "eve@example.com", 3);
  CHECK(lost.shown(lost.link("cs_test_1")) == "cs_test_2 cs_test_1 ");
  CHECK(lost.shown(lost.link("cs_test_3")) == "no link");  // signed for another address
  CHECK(lost.shown(lost.link("cs_test_9")) == "ended");
  CHECK(lost.shown("cs_test_1.1.0") == "ended");  // it has ended
  CHECK(lost.shown("nonsense") == "no link");
  const std::string ended = lost.link("cs_test_1");
  lost.world.run.clock.advance(std::chrono::hours(1));
  CHECK(lost.shown(ended) == "ended");
}

TEST_CASE("lost orders: a link is worthless once its order has another address or none") {
  Lost lost;
  lost.order("cs_test_1", ada, 1);
  SessionData session;
  session.customerEmail = "other@example.com";
  lost.write("cs_test_1", session);
  CHECK(lost.shown(lost.link("cs_test_1")) == "no link");
  session.customerEmail.reset();
  lost.write("cs_test_1", session);
  CHECK(lost.shown(lost.link("cs_test_1")) == "ended");
}

TEST_CASE("lost orders: without a way to send mail it says so") {
  Lost lost;
  CHECK(lost.finder.has_mail());
  lost.world.context.channels = {Channel::webhook};
  CHECK_FALSE(lost.finder.has_mail());
}

}  // namespace
}  // namespace claimcheck::test
