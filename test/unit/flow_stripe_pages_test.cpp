// Where a buyer is led at Stripe, and for which sessions Stripe is asked at all.
#include "flow/stripe_pages.hpp"
#include "support/order_passes.hpp"

namespace claimcheck {
namespace {

using test::order_id;

struct Buyer {
  test::Order order;
  StripePages pages{order.world.context};

  HttpResponse session(const std::string& status, const std::string& more = "") {
    HttpResponse answer = order.world.session(order_id, status, "unpaid");
    answer.body.insert(1, more);
    return answer;
  }
  StripePages::Address pays(std::deque<Result<HttpResponse>> answers,
                            const std::string& session_id = order_id) {
    return led(&StripePages::payment, std::move(answers), session_id);
  }
  StripePages::Address receipt(std::deque<Result<HttpResponse>> answers) {
    return led(&StripePages::receipt, std::move(answers), order_id);
  }
  std::size_t calls() const { return order.world.http.calls.size(); }

 private:
  using Way = boost::asio::awaitable<StripePages::Address> (StripePages::*)(std::string);
  StripePages::Address led(Way way, std::deque<Result<HttpResponse>> answers,
                           const std::string& session_id) {
    order.world.http.answers = std::move(answers);
    order.world.http.calls.clear();
    return order.world.run((pages.*way)(session_id));
  }
};

TEST_CASE("stripe pages: a session that is open leads to its payment page") {
  Buyer buyer;
  CHECK(buyer.pays({buyer.session("open")}) == "https://pay/" + order_id);
  CHECK(buyer.calls() == 1);
}

TEST_CASE("stripe pages: one that has ended leads to a new checkout or to its own page") {
  Buyer buyer;
  const std::string recovery = R"("after_expiration":{"recovery":{"url":"https://pay/r/1"}},)";
  CHECK(buyer.pays({buyer.session("expired", recovery)}) == "https://pay/r/1");
  CHECK(buyer.pays({buyer.session("expired")}) == "");
  const std::string script = R"("after_expiration":{"recovery":{"url":"javascript:x"}},)";
  CHECK(buyer.pays({buyer.session("expired", script)}) == "");
  CHECK(buyer.pays({buyer.order.world.session(order_id, "complete", "paid")}) == "");
}

TEST_CASE("stripe pages: an order that has ended at Stripe is looked at") {
  Buyer buyer;
  test::OrderWorld& world = buyer.order.world;
  const auto due = [&] { return world.run(world.store.queue->due_at(order_id)).value(); };
  const auto before = due();
  buyer.pays({buyer.session("open")});
  CHECK(due() == before);
  buyer.pays({buyer.session("expired")});
  CHECK(due() < before);
}

TEST_CASE("stripe pages: of a paid order nothing is asked") {
  Buyer buyer;
  buyer.order.parked({buyer.order.paid(), test::job("job-0")});
  CHECK(buyer.pays({}) == "");
  CHECK(buyer.calls() == 0);
}

TEST_CASE("stripe pages: no answer of Stripe is no address") {
  Buyer buyer;
  const StripePages::Address away = buyer.pays({});
  REQUIRE_FALSE(away);
  CHECK(away.error().kind == RefusalKind::stripe_unavailable);
  CHECK(buyer.pays({test::answer(404, R"({"error":{}})")}) == "");
}

TEST_CASE("stripe pages: an unknown session is served when it is ours, so many in an hour") {
  Buyer buyer;
  const std::string other = "cs_test_other";
  const auto made = [&](const std::string& tool) {
    HttpResponse answer = buyer.order.world.session(other, "open", "unpaid");
    answer.body.insert(1, R"("metadata":{"tool":")" + tool + R"("},)");
    return answer;
  };
  const std::string ours = buyer.order.world.catalog.tools.front().metadata_name;
  CHECK(buyer.pays({made(ours)}, other) == "https://pay/" + other);
  CHECK(buyer.pays({made("of another product")}, other) == "");
  for (std::size_t i = 2; i < StripePages::unknown_max; ++i) buyer.pays({made(ours)}, other);
  CHECK(buyer.calls() == 1);
  CHECK(buyer.pays({made(ours)}, other) == "");
  CHECK(buyer.calls() == 0);
  CHECK(buyer.pays({buyer.session("open")}) == "https://pay/" + order_id);  // this one is known
  buyer.order.world.run.clock.advance(std::chrono::hours(1) + std::chrono::seconds(1));
  CHECK(buyer.pays({made(ours)}, other) == "https://pay/" + other);
}

TEST_CASE("stripe pages: the receipt of a paid order, and of no other") {
  Buyer buyer;
  CHECK(buyer.receipt({}) == "");
  CHECK(buyer.calls() == 0);
  buyer.order.parked({buyer.order.paid(), test::job("job-0")});
  CHECK(buyer.receipt({buyer.order.paid()}) == "");
  HttpResponse with_receipt = buyer.order.paid();
  const std::string charge = R"("id":"ch_1",)";
  with_receipt.body.insert(with_receipt.body.find(charge),
                           R"("receipt_url":"https://pay/receipt/1",)");
  CHECK(buyer.receipt({with_receipt}) == "https://pay/receipt/1");
  CHECK_FALSE(buyer.receipt({}));
}

}  // namespace
}  // namespace claimcheck
