// Who may open a checkout: the shop by its signature, a person by Turnstile, everybody within the
// limits, and nobody while it is paused.
#include "api/checkout_admission.hpp"
#include "base/crypto.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

const std::string key = "0123456789abcdef0123456789abcdef";
const std::string other_key = "another-key-0123456789abcdef0123";
const std::string shops_body = R"({"priceId":"price_1","prompt":"a cat"})";
const CheckoutLimits two_at_once{.checkouts = {.burst = 2, .per_second = 0.01},
                                 .bytes = {.burst = 1000, .per_second = 1},
                                 .shop_factor = 3};

struct Gate {
  OrderWorld world;
  Clients clients{IpRanges()};
  Turnstile turnstile;
  CheckoutAdmission admission;

  explicit Gate(std::vector<Secret> keys = {}, const std::string& turnstile_secret = "")
      : turnstile(world.http, {.url = "https://turnstile", .secret = Secret(turnstile_secret)}),
        admission(world.context, clients,
                  {.shop_keys = std::move(keys), .turnstile = &turnstile, .limits = two_at_once}) {}

  std::int64_t now_s() const { return to_unix_s(world.run.clock.now()); }

  HttpRequest request(const std::string& body = shops_body, const std::string& peer = "192.0.2.1") {
    return {.method = "POST", .body = body, .peer = peer};
  }
  HttpRequest signed_request(const std::string& body, std::int64_t time_s,
                             const std::string& with = key, const std::string& id = "call_1") {
    HttpRequest signed_one = request(body);
    const std::string content = fmt::format("{}.{}.{}", id, time_s, body);
    signed_one.headers = {{"webhook-id", id},
                          {"webhook-timestamp", fmt::to_string(time_s)},
                          {"webhook-signature", "v1," + hmac_sha256_base64(with, content)}};
    return signed_one;
  }
  auto ask(HttpRequest asked) { return world.run(admission.admit(asked)); }
  // "200", or the status and the code of the refusal.
  std::string told(HttpRequest asked) {
    const auto admitted = ask(std::move(asked));
    if (admitted) return "200";
    const auto body = json::parse(admitted.error().body);
    return fmt::format("{} {}", admitted.error().status, json::text_at(*body, "code"));
  }
};

// Redis is away.
struct AwayGate final : CheckoutGate {
  Async<GateAnswer> ask_gate(GateAsk) override { co_return fail(Errc::unavailable, "away"); }
  Async<DeclineCounted> count_decline(std::string, Time) override {
    co_return fail(Errc::unavailable, "away");
  }
  Async<std::optional<CheckoutPause>> checkout_pause() override {
    co_return fail(Errc::unavailable, "away");
  }
  Async<bool> pause_checkout(std::string) override { co_return fail(Errc::unavailable, "away"); }
  Async<bool> resume_checkout() override { co_return fail(Errc::unavailable, "away"); }
};

HttpResponse verdict(const std::string& body, int status = 200) {
  return {.status = status, .body = body};
}

TEST_CASE("checkout: with a shop key only what the shop signed is let in, and a fault is named") {
  Gate gate({Secret(key)});
  const std::int64_t now = gate.now_s();
  CHECK(gate.told(gate.request()) == "401 checkout_unsigned");
  CHECK(gate.told(gate.signed_request(shops_body, now, other_key)) == "401 signature_wrong");
  CHECK(gate.told(gate.signed_request(shops_body, now - 301)) == "401 signature_too_old");
  CHECK(gate.told(gate.signed_request(shops_body, now + 301)) == "401 signature_in_future");
  HttpRequest changed = gate.signed_request(shops_body, now);
  changed.body += " ";
  CHECK(gate.told(changed) == "401 signature_wrong");
  for (const std::ptrdiff_t missing : {0, 1}) {
    HttpRequest lacks = gate.signed_request(shops_body, now);
    lacks.headers.erase(lacks.headers.begin() + missing);
    CHECK(gate.told(lacks) == "401 signature_incomplete");
  }
  HttpRequest twice = gate.signed_request(shops_body, now);
  twice.headers.push_back(twice.headers.back());
  CHECK(gate.told(twice) == "401 signature_incomplete");
  CHECK(gate.told(gate.signed_request(shops_body, now - 300)) == "200");
  CHECK(gate.told(gate.signed_request(shops_body, now + 300)) == "200");
}

TEST_CASE("checkout: while the shop key is replaced both are valid, in one header or alone") {
  Gate gate({Secret(other_key), Secret(key)});
  const std::int64_t now = gate.now_s();
  CHECK(gate.told(gate.signed_request(shops_body, now)) == "200");
  HttpRequest both = gate.signed_request(shops_body, now, "unknown-key");
  both.headers[2].value += " v2,abc " + gate.signed_request(shops_body, now).headers[2].value;
  CHECK(gate.told(both) == "200");
}

TEST_CASE("checkout: the id of a signed call comes with it, as its idempotency key") {
  Gate gate({Secret(key)});
  const auto admitted = gate.ask(gate.signed_request(shops_body, gate.now_s(), key, "call_7"));
  REQUIRE(admitted);
  CHECK(admitted->call_id == "call_7");
  Gate open;
  CHECK(open.ask(open.signed_request(shops_body, open.now_s()))->call_id.empty());
}

TEST_CASE("checkout: a signed call counts for the buyer that it names, else for the shop") {
  Gate gate({Secret(key)});
  const auto by = [&gate](const std::string& buyer) {
    const std::string body = buyer.empty() ? shops_body : R"({"buyerIp":")" + buyer + "\"}";
    return gate.told(gate.signed_request(body, gate.now_s()));
  };
  CHECK(by("198.51.100.1") == "200");
  CHECK(by("198.51.100.1") == "200");
  CHECK(by("198.51.100.1") == "429 rate_limited");
  CHECK(by("198.51.100.2") == "200");
  // One network of 64 bits is one client.
  CHECK(by("2001:db8::1") == "200");
  CHECK(by("2001:db8::2") == "200");
  CHECK(by("2001:db8::3") == "429 rate_limited");
  CHECK(by("dora's phone") == "400 invalid_buyer_ip");
  for (int i = 0; i < 6; ++i) CHECK(by("") == "200");
  CHECK(by("") == "429 rate_limited");
}

TEST_CASE("checkout: without Redis each process keeps the limits by itself") {
  Gate gate;
  gate.world.store.gate = std::make_unique<AwayGate>();
  CHECK(gate.told(gate.request()) == "200");
  CHECK(gate.told(gate.request()) == "200");
  CHECK(gate.told(gate.request()) == "429 rate_limited");
  CHECK(gate.told(gate.request(std::string(1001, ' '), "192.0.2.2")) == "200");
  CHECK(gate.told(gate.request("{}", "192.0.2.2")) == "429 rate_limited");
}

TEST_CASE("checkout: a pause is told with the time when it ends") {
  Gate gate;
  for (std::int64_t i = 0; i < DeclineLimits().declines; ++i) {
    REQUIRE(gate.world.run(gate.world.store.gate->count_decline("evt_" + std::to_string(i),
                                                                gate.world.run.clock.now())));
  }
  const auto paused = gate.ask(gate.request());
  REQUIRE_FALSE(paused);
  CHECK(paused.error().status == 503);
  CHECK(*find_header(paused.error().headers, "retry-after") == "1800");
  REQUIRE(gate.world.run(gate.world.store.gate->pause_checkout("anna")));
  CHECK(gate.told(gate.request()) == "503 checkout_paused");
  CHECK(*find_header(gate.ask(gate.request()).error().headers, "retry-after") == "300");
  REQUIRE(gate.world.run(gate.world.store.gate->resume_checkout()));
  CHECK(gate.told(gate.request()) == "200");
}

TEST_CASE("checkout: a token of Turnstile is asked about once, with the secret and nothing else") {
  Gate gate({}, "the secret");
  const std::string body = R"({"cf-turnstile-response":"a token"})";
  CHECK(gate.told(gate.request()) == "401 turnstile_missing");
  CHECK(gate.world.http.calls.empty());
  gate.world.http.answers.emplace_back(verdict(R"({"success":true})"));
  CHECK(gate.told(gate.request(body)) == "200");
  REQUIRE(gate.world.http.calls.size() == 1);
  CHECK(gate.world.http.calls[0].body == "secret=the%20secret&response=a%20token");
  CHECK(gate.world.http.calls[0].send_once);
}

TEST_CASE("checkout: each verdict of Turnstile has an answer, and without one nothing is opened") {
  const std::string body = R"({"cf-turnstile-response":"t"})";
  const auto codes = [](const std::string& code) {
    return verdict(R"({"success":false,"error-codes":[")" + code + "\"]}");
  };
  const std::vector<std::pair<Result<HttpResponse>, std::string>> rows = {
      {codes("invalid-input-response"), "403 turnstile_failed"},
      {codes("timeout-or-duplicate"), "403 turnstile_spent"},
      {codes("invalid-input-secret"), "503 turnstile_unavailable"},
      {codes("internal-error"), "503 turnstile_unavailable"},
      {verdict("<html>", 502), "503 turnstile_unavailable"},
      {fail(Errc::not_sent, "no network"), "503 turnstile_unavailable"},
      {fail(Errc::ambiguous, "no answer"), "503 turnstile_unavailable"}};
  for (const auto& [answer, expected] : rows) {
    CAPTURE(expected);
    Gate gate({}, "secret");
    gate.world.http.answers.push_back(answer);
    CHECK(gate.told(gate.request(body)) == expected);
    CHECK(gate.world.http.calls.size() == 1);
  }
}

TEST_CASE("checkout: what the shop signed needs no Turnstile, and a wrong signature is no way in") {
  Gate gate({Secret(key)}, "secret");
  CHECK(gate.told(gate.signed_request(shops_body, gate.now_s())) == "200");
  CHECK(gate.world.http.calls.empty());
  CHECK(gate.told(gate.signed_request(R"({"cf-turnstile-response":"t"})", gate.now_s(),
                                      other_key)) == "401 signature_wrong");
  gate.world.http.answers.emplace_back(verdict(R"({"success":true})"));
  CHECK(gate.told(gate.request(R"({"cf-turnstile-response":"t"})")) == "200");
}

TEST_CASE("checkout: who must wait spends no token of Turnstile") {
  Gate gate({}, "secret");
  const std::string body = R"({"cf-turnstile-response":"t"})";
  for (int i = 0; i < 2; ++i) {
    gate.world.http.answers.emplace_back(verdict(R"({"success":true})"));
    CHECK(gate.told(gate.request(body)) == "200");
  }
  CHECK(gate.told(gate.request(body)) == "429 rate_limited");
  CHECK(gate.world.http.calls.size() == 2);
}

}  // namespace
}  // namespace claimcheck::test
