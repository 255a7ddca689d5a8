// What leaves claimcheck about an alert: the mail to the operators, and the shop's webhook.
#include "base/json.hpp"
#include "notify/alert_notice.hpp"
#include "notify/shop_webhook.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

const OperatorMailOptions options = {.to = {"owner@shop.example", "second@shop.example"},
                                     .from = {"Cats", "orders@shop.example"},
                                     .public_url = "https://video.example.com",
                                     .shop = {.name = "Cats & Co"}};
constexpr std::int64_t since_us = 1'790'000'000'000'000;

AlertRecord opened() {
  return {.kind = AlertKind::refunds_stopped,
          .version = 1,
          .open = true,
          .pending = AlertNews::opened,
          .number = 1,
          .notices = 1,
          .begun_us = since_us,
          .since_us = since_us,
          .count = 0,
          .why = "more than 20 <refunds> in an hour"};
}
AlertRecord closed() {
  AlertRecord record = opened();
  record.open = false;
  record.closed_us = since_us + 60'000'000;
  return record;
}
Mail mail(AlertNews news, const AlertRecord& record, const OperatorMailOptions& with = options) {
  return alert_mail({.news = news, .id = "msg_1", .date = from_us(since_us)}, record, with);
}

struct Operators {
  OrderWorld world;
  std::vector<Mail> sent;
  Result<MailReply> reply = MailReply{.code = 250};
  OperatorMail operators{world.context, [this](Mail one) { return send(std::move(one)); }, options};

  boost::asio::awaitable<Result<MailReply>> send(Mail one) {
    sent.push_back(std::move(one));
    co_return reply;
  }
  OutboxMessage message() {
    return {.id = "msg_1",
            .channel = Channel::mail,
            .session = "refunds_stopped.1",
            .news = "alert.opened",
            .first_us = since_us};
  }
  void store(AlertRecord record) {
    REQUIRE(good(world.run(world.store.alerts->write_alert(std::move(record)))));
  }
  Delivery deliver(OutboxMessage one) { return world.run(operators.deliver(std::move(one))); }
};

TEST_CASE("an operator's mail says what happened, what happens meanwhile and what to do") {
  const Mail one = mail(AlertNews::opened, opened());
  CHECK(one.subject == "Cats & Co: Automatic refunds are stopped");
  CHECK(one.to == "owner@shop.example");
  CHECK(one.also_to == std::vector<std::string>{"second@shop.example"});
  CHECK(one.message_id == "msg_1@shop.example");
  CHECK(one.text ==
        "The refund breaker is open: more than 20 <refunds> in an hour. Since 2026-09-21 14:13 "
        "UTC.\n\n"
        "Meanwhile: Deliveries go on. Orders that are to be refunded wait.\n\n"
        "What to do: Check the latest refunds, then let them go on at /ops.\n\n"
        "Open /ops:\nhttps://video.example.com/ops#/\n\n-- \n"
        "claimcheck sends this to the addresses of CLAIMCHECK_OPERATOR_MAIL.\n");
  CHECK(one.html.find("20 &lt;refunds&gt; in") != std::string::npos);
  CHECK(one.html.find("href=\"https://video.example.com/ops#/\"") != std::string::npos);
  CHECK(one.html.find('{') == std::string::npos);
}

TEST_CASE("the end of an alert is a mail of its own, and a late mail says that it has ended") {
  const Mail end = mail(AlertNews::closed, closed());
  CHECK(end.subject == "Cats & Co: Refunds go on by themselves again");
  CHECK(
      end.text.starts_with("Refunds go on by themselves again.\n\nIt began at 2026-09-21 14:13 "
                           "UTC and ended at 2026-09-21 14:14 UTC."));
  const Mail late = mail(AlertNews::opened, closed());
  CHECK(late.text.find("It has ended at 2026-09-21 14:14 UTC.") != std::string::npos);
}

TEST_CASE("a shop without a name is named by its host") {
  OperatorMailOptions nameless = options;
  nameless.shop.name.clear();
  AlertRecord record = opened();
  record.kind = AlertKind::held;
  record.count = 12;
  CHECK(mail(AlertNews::grown, record, nameless).subject ==
        "video.example.com: now 12 orders are held");
}

TEST_CASE("an operator's mail is sent from the record as it is then") {
  Operators post;
  post.store(opened());
  CHECK(post.deliver(post.message()).result == SendResult::accepted);
  REQUIRE(post.sent.size() == 1);
  CHECK(post.sent[0].date == from_us(since_us));
  post.reply = MailReply{.code = 451, .to_recipient = true};
  CHECK(post.deliver(post.message()).result == SendResult::retry);
  post.reply = fail(Errc::not_sent, "away");
  CHECK(post.deliver(post.message()).result == SendResult::away);
}

TEST_CASE("a notice of an opening that is long over is not sent") {
  Operators post;
  AlertRecord record = opened();
  record.number = 2;
  post.store(record);
  CHECK(post.deliver(post.message()).result == SendResult::skipped);
  OutboxMessage newer = post.message();
  newer.session = "a_newer_kind.1";
  CHECK(post.deliver(newer).result == SendResult::not_ready);
  CHECK(post.sent.empty());
}

TEST_CASE("the shop is told of an alert in a body of its own, signed as every other") {
  OrderWorld world;
  ShopWebhook shop{world.context,
                   world.http,
                   {.url = "https://shop/hook",
                    .keys = {Secret("key one")},
                    .public_url = "https://video.example.com"}};
  REQUIRE(good(world.run(world.store.alerts->write_alert(opened()))));
  world.http.answers.emplace_back(HttpResponse{.status = 204});
  const OutboxMessage message{.id = "msg_1",
                              .channel = Channel::webhook,
                              .session = "refunds_stopped.1",
                              .news = "alert.opened",
                              .first_us = since_us};
  CHECK(world.run(shop.deliver(message)).result == SendResult::accepted);
  const HttpCall& call = world.http.calls.at(0);
  CHECK(find_header(call.headers, "webhook-signature")->starts_with("v1,"));
  CHECK(*find_header(call.headers, "webhook-id") == "msg_1");
  CHECK(call.body == R"({"type":"alert.opened","timestamp":"2026-09-21T14:13:20.000Z","data":{)"
                     R"("alert":"refunds_stopped","state":"open","severity":"urgent","count":0,)"
                     R"("since":"2026-09-21T14:13:20.000Z","closedAt":null,)"
                     R"("title":"Automatic refunds are stopped",)"
                     R"("what":"The refund breaker is open: more than 20 <refunds> in an hour.",)"
                     R"("meanwhile":"Deliveries go on. Orders that are to be refunded wait.",)"
                     R"("todo":"Check the latest refunds, then let them go on at /ops.",)"
                     R"("url":"https://video.example.com/ops#/"}})");
}

}  // namespace
}  // namespace claimcheck::test
