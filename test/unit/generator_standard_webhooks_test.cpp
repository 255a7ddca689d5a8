// Callbacks signed by the Standard Webhooks. The vectors were made by the npm package
// standardwebhooks, at 1790000000.
#include "generator/standard_webhooks.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

constexpr std::int64_t signed_at = 1'790'000'000;
const std::string secret_a = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string secret_b = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM=";
const std::string body = R"({"id":"job-1","status":"completed"})";
const std::string signature_a = "v1,EFLqX5pBEi0yrtShUyObU3ctKCCifKhRma6oj/H0eqA=";

HttpRequest callback(const std::string& signature, const std::string& text = body,
                     const std::string& id = "msg_p5jXN8AQM9LWM0D4loKWxJek") {
  return {.method = "POST",
          .headers = {{"webhook-id", id},
                      {"webhook-timestamp", "1790000000"},
                      {"webhook-signature", signature}},
          .body = text};
}

// "" = it is good.
std::string verdict(const HttpRequest& request, const std::string& secret = secret_a,
                    std::int64_t later_s = 0) {
  const Result<void> checked =
      check_standard_webhook(request, Secret(secret), from_unix_s(signed_at + later_s));
  if (checked) return "";
  if (checked.error().code == Errc::unavailable) return "unavailable";
  return checked.error().code == Errc::forbidden ? "forbidden" : "another error";
}

TEST_CASE("a callback's signature: those of an independent implementation are good") {
  CHECK(verdict(callback(signature_a)) == "");
  CHECK(verdict(callback("v1,OtpW/DSR5PDIVaBqhEVmIt+sMn68Jn3DNQDysGABXZ4=", body, "msg_2"),
                secret_b) == "");
  CHECK(verdict(callback("v1,am5zIrRvUdiBUonngHar/P6fVZCCikbyTNRF3u1PBto=",
                         "{\"id\":\"\xC3\xBC \xF0\x9F\x8E\xAC\"}", "m")) == "");
}

TEST_CASE("a callback's signature: several secrets and several signatures are all tried") {
  CHECK(verdict(callback("v1,AAAA v2,x " + signature_a), secret_b + "," + secret_a) == "");
  CHECK(verdict(callback(signature_a), secret_b) == "forbidden");
  // Shown without padding by some consoles.
  CHECK(verdict(callback("v1,OtpW/DSR5PDIVaBqhEVmIt+sMn68Jn3DNQDysGABXZ4=", body, "msg_2"),
                secret_b.substr(0, secret_b.size() - 1)) == "");
}

TEST_CASE("a callback's signature: one changed byte of body, id, time or signature is refused") {
  CHECK(verdict(callback(signature_a, body + " ")) == "forbidden");
  CHECK(verdict(callback(signature_a, body, "msg_other")) == "forbidden");
  HttpRequest other_time = callback(signature_a);
  other_time.headers[1].value = "1790000001";
  CHECK(verdict(other_time) == "forbidden");
  for (const char* wrong : {"", "v1,", "v1a,EFLqX5pBEi0yrtShUyObU3ctKCCifKhRma6oj/H0eqA=",
                            "EFLqX5pBEi0yrtShUyObU3ctKCCifKhRma6oj/H0eqA=",
                            "v1,eFLqX5pBEi0yrtShUyObU3ctKCCifKhRma6oj/H0eqA="}) {
    CHECK_MESSAGE(verdict(callback(wrong)) == "forbidden", wrong);
  }
}

TEST_CASE("a callback's signature: it is good for five minutes in both directions") {
  CHECK(verdict(callback(signature_a), secret_a, 300) == "");
  CHECK(verdict(callback(signature_a), secret_a, -300) == "");
  CHECK(verdict(callback(signature_a), secret_a, 301) == "forbidden");
  CHECK(verdict(callback(signature_a), secret_a, -301) == "forbidden");
}

TEST_CASE("a callback's signature: each header must be there once") {
  for (std::size_t i = 0; i < 3; ++i) {
    HttpRequest lacking = callback(signature_a);
    HttpRequest twice = lacking;
    twice.headers.push_back(lacking.headers[i]);
    lacking.headers.erase(lacking.headers.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK(verdict(lacking) == "forbidden");
    CHECK(verdict(twice) == "forbidden");
  }
  CHECK(verdict(callback(std::string(5000, ' ') + signature_a)) == "forbidden");
}

TEST_CASE("a callback's signature: an unusable secret verifies nothing") {
  for (const char* none : {"", "whsec_", "whsec_c2hvcnQ=", "whsec_***", "secret", ","}) {
    CHECK_MESSAGE(verdict(callback(signature_a), none) == "unavailable", none);
    CHECK_FALSE(is_callback_secret(Secret(none)));
  }
  CHECK(is_callback_secret(Secret(secret_a + "," + secret_b)));
  CHECK_FALSE(is_callback_secret(Secret(secret_a + ",whsec_x")));
}

TEST_CASE("a callback's signature: what we sign ourselves is good, under each secret") {
  const Secret both(secret_a + "," + secret_b);
  const std::string made =
      sign_standard_webhook("msg_p5jXN8AQM9LWM0D4loKWxJek", from_unix_s(signed_at), body, both);
  CHECK(made.starts_with(signature_a + " v1,"));
  CHECK(verdict(callback(made), secret_b) == "");
}

}  // namespace
}  // namespace claimcheck
