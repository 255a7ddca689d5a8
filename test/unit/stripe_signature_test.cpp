// Stripe's signature vectors, as the official SDK answered them, against our stricter rules.
#include "base/crypto.hpp"
#include "base/json.hpp"
#include "stripe/event.hpp"
#include "stripe/signature.hpp"
#include "support/data.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

namespace claimcheck::stripe {
namespace {

// Accepted by the SDK, refused here, and why.
const std::map<std::string, std::string> stricter = {
    {"valid_v1_value_followed_by_second_equals", "a v1 value is 64 hex digits and nothing else"},
    {"expired_but_tolerance_zero_disables_the_check", "the age is always checked"},
    {"expired_negative_tolerance_disables_the_check", "the age is always checked"},
    {"future_by_301_seconds", "a time in the future is bounded as well"},
    {"timestamp_negative_tolerance_zero", "the time is digits only"},
    {"timestamp_float", "the time is digits only"},
    {"timestamp_leading_zero", "the header's text is what is signed, not a reprint of it"},
    {"timestamp_leading_plus", "the time is digits only"},
    {"timestamp_milliseconds", "far in the future"},
    {"timestamp_duplicated_same", "the time stands once"},
};

std::string body_of(const boost::json::value& vector) {
  const boost::json::value* rule = json::find(vector, "payload_rule");
  if (rule == nullptr) return test::base64_decode(json::text_at(vector, "payload"));
  std::string body(json::text_at(*rule, "prefix"));
  const std::string_view unit = json::text_at(*rule, "repeat");
  for (std::int64_t i = 0; i < json::integer_at(*rule, "count"); ++i) body += unit;
  body += json::text_at(*rule, "suffix");
  REQUIRE(sha256_hex(body) == json::text_at(vector, "payload_sha256"));
  return body;
}

bool accepted(const boost::json::value& vector) {
  std::vector<Secret> secrets;
  for (const auto& secret : vector.at("secrets").as_array()) {
    secrets.emplace_back(std::string(secret.as_string()));
  }
  const std::string body = body_of(vector);
  const Time now = from_unix_s(json::integer_at(vector, "now"));
  const SignatureCheck check = check_signature(json::text_at(vector, "header"), body, secrets, now);
  // The large bodies are there for their size; they are JSON, but no events.
  if (json::find(vector, "payload_rule") != nullptr) return check == SignatureCheck::good;
  return check == SignatureCheck::good && parse_event(body).has_value();
}

TEST_CASE("every signature vector is decided as the SDK decides, or stricter for a listed reason") {
  const boost::json::value file = test::data_json("signature-vectors.json");
  const auto& vectors = file.at("vectors").as_array();
  REQUIRE(vectors.size() > 60);
  std::set<std::string> met;
  for (const auto& vector : vectors) {
    const std::string name(json::text_at(vector, "name"));
    const bool sdk_accepts = json::text_at(vector, "expect") == "ok";
    const bool expected = sdk_accepts && !stricter.contains(name);
    CHECK_MESSAGE(accepted(vector) == expected, name);
    if (sdk_accepts && stricter.contains(name)) met.insert(name);
  }
  for (const auto& [name, why] : stricter) CHECK_MESSAGE(met.contains(name), name);
}

const Time now = from_unix_s(1'790'000'000);
const std::vector<Secret> secrets = {Secret("whsec_a"), Secret("whsec_b")};

TEST_CASE("what sign() writes is good for five minutes in both directions") {
  const std::string header = sign("{}", {secrets[1]}, now);
  CHECK(check_signature(header, "{}", secrets, now) == SignatureCheck::good);
  const auto limit = signature_age_max;
  const auto second = std::chrono::seconds(1);
  CHECK(check_signature(header, "{}", secrets, now + limit) == SignatureCheck::good);
  CHECK(check_signature(header, "{}", secrets, now - limit) == SignatureCheck::good);
  CHECK(check_signature(header, "{}", secrets, now + limit + second) == SignatureCheck::too_old);
  CHECK(check_signature(header, "{}", secrets, now - limit - second) == SignatureCheck::in_future);
}

TEST_CASE("limits of the header") {
  CHECK(check_signature("", "{}", secrets, now) == SignatureCheck::no_header);
  const std::string long_header(signature_header_bytes_max + 1, ',');
  CHECK(check_signature(long_header, "{}", secrets, now) == SignatureCheck::malformed);
  std::string many = sign("{}", secrets, now);
  for (std::size_t i = 0; i < signatures_max; ++i) many += ",v1=" + std::string(64, 'a');
  CHECK(check_signature(many, "{}", secrets, now) == SignatureCheck::malformed);
  CHECK(check_signature(sign("{}", {}, now), "{}", secrets, now) == SignatureCheck::no_signature);
}

}  // namespace
}  // namespace claimcheck::stripe
