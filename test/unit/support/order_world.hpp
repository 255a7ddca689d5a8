// OrderWorld: the stories of flow/ on the memory store and a scripted network, on a clock that
// jumps. What Stripe and the generator answer is put into `http.answers`, in order; what was sent
// to them stands in `http.calls`.
#pragma once

#include "base/json.hpp"
#include "flow/checkout.hpp"
#include "store/memory/store.hpp"
#include "support/scripted_client.hpp"

#include <fmt/format.h>

#include <string>

namespace claimcheck::test {

struct OrderWorld {
  Runner run;
  ScriptedClient http;
  Metrics metrics;
  MemoryStore store{run.clock, StoreLimits()};
  stripe::Client stripe{http, run.clock, metrics, {.url = "https://stripe", .key = Secret("k")}};
  Generators generators{http,
                        metrics,
                        run.clock,
                        {{.name = "superduperai", .url = "https://gen", .key = Secret("t")}}};
  Catalog catalog{.tools = {Tool()},
                  .prices = {{.id = "price_1", .tool = Tool().slug}},
                  .default_generator = {.generator = "superduperai", .model = "model"}};
  Context context{store, stripe, generators, run.clock, metrics, catalog, Policy()};

  OrderRequest order(const std::string& prompt = "a cat", std::int64_t quantity = 1) {
    const std::string body = fmt::format(R"({{"priceId":"price_1","quantity":{},"prompt":{}}})",
                                         quantity, json::print(std::string_view(prompt)));
    return read_order_request(body, catalog).value();
  }

  // A Checkout Session as Stripe describes it.
  HttpResponse session(const std::string& id, const std::string& status,
                       const std::string& payment_status, bool replayed = false) {
    HttpResponse answer;
    const bool paid = payment_status == "paid";
    answer.body = fmt::format(
        R"({{"id":"{}","url":{},"status":"{}","payment_status":"{}","amount_subtotal":1900,)"
        R"("amount_total":1900,"currency":"usd","livemode":false,"created":{},"expires_at":{},)"
        R"("payment_intent":{}}})",
        id, status == "open" ? "\"https://pay/" + id + "\"" : "null", status, payment_status,
        to_unix_s(run.clock.now()), to_unix_s(run.clock.now()) + 86'400,
        paid ? R"({"id":"pi_1","status":"succeeded","latest_charge":)" + charge() + "}" : "null");
    if (replayed) answer.headers.push_back({"idempotent-replayed", "true"});
    return answer;
  }

  // Its charge, with what the register says of its units, and what went back.
  std::string charge(const std::string& metadata = "{}", std::int64_t refunded = 0) const {
    return fmt::format(R"({{"id":"ch_1","amount":1900,"amount_refunded":{},"disputed":false,)"
                       R"("metadata":{}}})",
                       refunded, metadata);
  }
};

}  // namespace claimcheck::test
