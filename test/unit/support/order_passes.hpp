// One order on the memory store and passes over it: what Stripe and the generator answer is given
// to each pass, in order; what was sent to them stands in `world.http.calls`.
#pragma once

#include "flow/order_pass.hpp"
#include "store/codec.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {

inline const std::string order_id = "cs_test_order";

inline HttpResponse answer(int status, const std::string& body) {
  HttpResponse response;
  response.status = status;
  response.body = body;
  return response;
}
inline HttpResponse job(const std::string& name) {
  return answer(200, R"({"id":")" + name + "\"}");
}
inline HttpResponse video(const std::string& name) {
  return answer(200, R"({"id":")" + name + R"(","url":"https://v/)" + name + ".mp4\"}");
}

// Its address has something to give.
inline HttpResponse there() { return answer(206, "x"); }

// Stripe's answer to a write of the register.
inline HttpResponse registered(std::size_t unit, const std::string& outcome) {
  return answer(
      200, fmt::format(R"({{"id":"ch_1","metadata":{{"claimcheck_u{}":"{}"}}}})", unit, outcome));
}
inline HttpResponse mismatch() {
  return answer(400, R"({"error":{"type":"idempotency_error","message":"same key"}})");
}
inline HttpResponse stored_failure() {
  HttpResponse failure = answer(500, R"({"error":{"type":"api_error"}})");
  failure.headers = {{"idempotent-replayed", "true"}, {"stripe-should-retry", "false"}};
  return failure;
}
inline HttpResponse refund_list(const std::string& items = "") {
  return answer(200, R"({"object":"list","has_more":false,"data":[)" + items + "]}");
}
inline std::string refund_text(const std::string& status, const std::string& tag) {
  return R"({"id":"re_1","amount":1900,"status":")" + status + R"(","metadata":{"claimcheck":")" +
         tag + "\"}}";
}

struct Order {
  OrderWorld world;

  explicit Order(std::int64_t quantity = 1, const std::string& prompt = "a cat") {
    Checkout checkout(world.context, {.urls = {.success = "https://s", .cancel = "https://c"}});
    world.http.answers = {world.session(order_id, "open", "unpaid")};
    REQUIRE(world.run(checkout.create(world.order(prompt, quantity), "")));
    world.http.calls.clear();
  }
  HttpResponse paid() { return world.session(order_id, "complete", "paid"); }
  Claim claim() { return world.run(world.store.orders->load(order_id)).value(); }
  SessionData shown() {
    return decode_session(world.run(world.store.sessions->read_session(order_id))->bytes).value();
  }

  PassEnd pass(std::deque<Result<HttpResponse>> answers) {
    world.http.answers = std::move(answers);
    OrderPass one(world.context, order_id, claim());
    return world.run(one.run());
  }
  std::string key_of(std::size_t call) const {
    return *find_header(world.http.calls.at(call).headers, "idempotency-key");
  }
  // The pass in which the generator refuses the only video for good.
  PassEnd refused(std::deque<Result<HttpResponse>> then) {
    then.push_front(answer(422, R"({"detail":"no"})"));
    then.push_front(paid());
    return pass(std::move(then));
  }
  Duration parked(std::deque<Result<HttpResponse>> answers) {
    const PassEnd end = pass(std::move(answers));
    REQUIRE(std::holds_alternative<Parked>(end));
    return std::get<Parked>(end).delay;
  }
};

}  // namespace claimcheck::test
