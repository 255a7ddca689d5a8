// Requests of the recorded form, answers of the recorded shapes, retries as the SDK makes them.
#include "base/json.hpp"
#include "flow/payment.hpp"
#include "stripe/client.hpp"
#include "stripe/retry.hpp"
#include "stripe/setup.hpp"
#include "support/child.hpp"
#include "support/data.hpp"
#include "support/scripted_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

namespace claimcheck::stripe {
namespace {

HttpResponse answer_of(const std::string& file, int status = 200) {
  return {.status = status, .body = test::data_text("stripe/" + file)};
}

CheckoutParams params() {
  return {.price = "price_1",
          .quantity = 2,
          .success_url = "https://shop.example/done/{CHECKOUT_SESSION_ID}",
          .cancel_url = "https://shop.example/",
          .customer_email = "a+b@example.com",
          .video_count = 2,
          .tool = "veo3-generator"};
}

TEST_CASE("the create request is form encoded as the SDK encodes it") {
  CHECK(params().form() ==
        "mode=payment&line_items[0][price]=price_1&line_items[0][quantity]=2"
        "&success_url=https%3A%2F%2Fshop.example%2Fdone%2F%7BCHECKOUT_SESSION_ID%7D"
        "&cancel_url=https%3A%2F%2Fshop.example%2F&customer_email=a%2Bb%40example.com"
        "&metadata[video_count]=2&metadata[tool]=veo3-generator");
}

TEST_CASE("a create carries version, key and authorization, the same on every retry") {
  test::ScriptedClient http;
  http.answers = {HttpResponse{.status = 500}, HttpResponse{.status = 500},
                  answer_of("checkout.session.open.json")};
  test::Runner run;
  Metrics metrics;
  Client client(http, run.clock, metrics, {.url = "https://stripe", .key = Secret("sk_test_x")});
  const auto session = run(client.create_checkout(params(), "key-1"));
  REQUIRE(session);
  CHECK(session->status == "open");
  CHECK(session->amount_total == 1900);
  REQUIRE(http.calls.size() == 3);
  for (const HttpCall& call : http.calls) {
    CHECK(call.method == "POST");
    CHECK(call.url == "https://stripe/v1/checkout/sessions");
    CHECK(call.body == params().form());
    CHECK(*find_header(call.headers, "idempotency-key") == "key-1");
    CHECK(*find_header(call.headers, "stripe-version") == api_version);
    CHECK(*find_header(call.headers, "authorization") == "Bearer sk_test_x");
    CHECK(*find_header(call.headers, "content-type") == "application/x-www-form-urlencoded");
  }
}

TEST_CASE("P7 for a connected account every call names it, without one none does") {
  for (const std::string account : {"acct_1", ""}) {
    test::ScriptedClient http;
    http.answers = {answer_of("checkout.session.open.json"), HttpResponse{.status = 404},
                    HttpResponse{.status = 404}, HttpResponse{.status = 404}};
    test::Runner run;
    Metrics metrics;
    const Options options{.url = "https://stripe", .key = Secret("sk_test_x"), .account = account};
    Client client(http, run.clock, metrics, options);
    run(client.create_checkout(params(), "key-1"));
    run(client.list_refunds("pi_1"));
    Setup setup(http, options);
    run(setup.price("price_1"));
    run(setup.endpoints());  // the platform's, which gets the events of all accounts
    REQUIRE(http.calls.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      const std::string* named = find_header(http.calls[i].headers, "stripe-account");
      CHECK((named == nullptr ? "" : *named) == (i < 3 ? account : ""));
    }
  }
}

TEST_CASE("C17 a clock that leaves Stripe's is told of once, and once when it is back") {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client(http, run.clock, metrics, {.url = "https://stripe", .key = Secret("sk_test_x")});
  const auto dated = [&run](Duration behind) {
    HttpResponse answer = answer_of("checkout.session.open.json");
    answer.headers.push_back({"date", to_http_date(run.clock.now() - behind)});
    return answer;
  };
  http.answers = {dated(std::chrono::seconds(50)),  dated(std::chrono::minutes(6)),
                  dated(std::chrono::minutes(6)),   dated(std::chrono::minutes(-6)),
                  dated(std::chrono::seconds(-50)), answer_of("checkout.session.open.json")};
  const std::string text = test::run_in_child([&] {
                             while (!http.answers.empty())
                               run(client.create_checkout(params(), "key-1"));
                           }).said;
  const std::size_t wrong = text.find("clock_wrong");
  CHECK(text.find(R"("clock_wrong","ahead_of_stripe_s":360)") != text.npos);
  CHECK(text.find("clock_wrong", wrong + 1) == text.npos);
  CHECK(text.find("clock_right", wrong) != text.npos);
}

TEST_CASE("retries follow what was recorded from the SDK") {
  const boost::json::value recorded = test::data_json("wire-requests.json");
  for (const auto& entry : recorded.at("retry").as_array()) {
    if (!entry.at("options").as_object().empty()) continue;  // we have no such option
    const std::string name(json::text_at(entry, "name"));
    HttpHeaders headers;
    if (name.find("should-retry: true") != std::string::npos) {
      headers.push_back({"stripe-should-retry", "true"});
    }
    if (name.find("should-retry: false") != std::string::npos) {
      headers.push_back({"stripe-should-retry", "false"});
    }
    const auto& statuses = entry.at("statuses").as_array();
    std::int64_t requests = 0;
    for (const auto& status : statuses) {
      Result<HttpResponse> answer = fail(Errc::ambiguous, "connection dropped");
      if (status.is_int64()) {
        const auto number = static_cast<int>(status.as_int64());
        answer = HttpResponse{.status = number, .headers = headers};
        if (number == 200) answer->headers.clear();
      }
      const bool again = retry_decision(answer, static_cast<int>(requests)).again;
      ++requests;
      const bool last = requests == static_cast<std::int64_t>(statuses.size());
      CHECK_MESSAGE(again == !last, name);
    }
    CHECK_MESSAGE(requests == json::integer_at(entry, "requests"), name);
  }
}

TEST_CASE("the pause doubles, never falls below half a second, and stays within five") {
  CHECK(retry_delay(0, 0.9) == retry_delay_min);
  CHECK(retry_delay(1, 0) == std::chrono::seconds(1));
  CHECK(retry_delay(20, 0) == retry_delay_max);
}

TEST_CASE("errors are told apart by what they mean, without Stripe's words") {
  const auto kind = [](const std::string& file, int status) {
    return error_of(answer_of(file, status)).code;
  };
  CHECK(kind("error.400.parameter_missing.json", 400) == Errc::invalid);
  CHECK(kind("error.404.resource_missing.json", 404) == Errc::not_found);
  CHECK(kind("error.429.rate_limit.json", 429) == Errc::limited);
  CHECK(kind("error.401.invalid_api_key.json", 401) == Errc::unavailable);
  CHECK(kind("error.500.api_error.json", 500) == Errc::ambiguous);
  const Error missing = error_of(answer_of("error.404.resource_missing.json", 404));
  CHECK(missing.message == "Stripe answered 404 resource_missing (session)");
  CHECK(error_of({.status = 502, .body = "<html>"}).code == Errc::ambiguous);
}

PaymentState state_of(const std::string& file, const std::string& intent_status = "") {
  auto session = read_checkout(answer_of(file));
  REQUIRE(session);
  if (!intent_status.empty()) session->payment_intent_status = intent_status;
  const auto seen = payment_of(*session);
  REQUIRE(seen);
  return seen->state;
}

TEST_CASE("a session is read as the payment it means") {
  CHECK(state_of("checkout.session.open.json") == PaymentState::open);
  CHECK(state_of("checkout.session.paid.json") == PaymentState::paid);
  CHECK(state_of("checkout.session.expired.json") == PaymentState::expired);
  CHECK(state_of("checkout.session.complete_unpaid.json", "processing") == PaymentState::under_way);
  CHECK(state_of("checkout.session.complete_unpaid.json", "requires_payment_method") ==
        PaymentState::failed);
}

TEST_CASE("a status that is not known is no state at all") {
  CheckoutSession session;
  session.status = "frozen";
  CHECK_FALSE(payment_of(session));
}

TEST_CASE("an answer that is no session is not taken for one") {
  CHECK(read_checkout({.body = "<html>"}).error().code == Errc::ambiguous);
  CHECK(read_checkout({.body = "{}"}).error().code == Errc::ambiguous);
}

}  // namespace
}  // namespace claimcheck::stripe
