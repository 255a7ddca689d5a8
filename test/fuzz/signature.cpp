// Webhook signatures: the first line is the Stripe-Signature header, the rest the body.
#include "stripe/signature.hpp"

#include "base/assert.hpp"
#include "targets.hpp"

#include <algorithm>

namespace claimcheck::fuzz {

namespace {

using stripe::SignatureCheck;

const Time now = from_unix_s(1'790'000'000);
const Secret ours("whsec_ours");

SignatureCheck check(std::string_view header, std::string_view body) {
  return stripe::check_signature(header, body, {Secret("whsec_old"), ours}, now);
}

// A header of ours with a stranger's beside it can become unreadable, but not wrong.
void ensure_good_or_malformed(const std::string& header, std::string_view body) {
  const SignatureCheck result = check(header, body);
  ENSURE(result == SignatureCheck::good || result == SignatureCheck::malformed);
}

}  // namespace

void fuzz_signature(std::string_view bytes) {
  const std::size_t line = std::min(bytes.find('\n'), bytes.size());
  const std::string header(bytes.substr(0, line));
  const std::string body(bytes.substr(std::min(line + 1, bytes.size())));

  ENSURE(check(header, body) != SignatureCheck::good);
  ENSURE(check(stripe::sign(body, {Secret("whsec_theirs")}, now), body) ==
         SignatureCheck::no_match);
  const Secret blank(" \t");
  ENSURE(stripe::check_signature(stripe::sign(body, {blank}, now), body, {blank}, now) ==
         SignatureCheck::no_match);

  const std::string good = stripe::sign(body, {ours}, now);
  ENSURE(check(good, body) == SignatureCheck::good);
  ENSURE(check(good, body + header + '.') == SignatureCheck::no_match);
  ensure_good_or_malformed(good + ',' + header, body);
  ensure_good_or_malformed(header + ',' + good, body);

  const auto too_long = stripe::signature_age_max + std::chrono::seconds(1);
  ENSURE(check(stripe::sign(body, {ours}, now - too_long), body) == SignatureCheck::too_old);
  ENSURE(check(stripe::sign(body, {ours}, now + too_long), body) == SignatureCheck::in_future);
}

}  // namespace claimcheck::fuzz
