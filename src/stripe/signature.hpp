// Stripe's webhook signature, checked strictly. The header is "t=<digits>,v1=<64 lowercase
// hex>[,v1=…]". The time occurs once and is within five minutes of now, in both directions. Every
// v1 is compared under every secret, since two are valid while a secret is replaced. The signature
// covers the raw bytes, so verify before the body is parsed. Where this is stricter than Stripe's
// own SDK, the test lists the vector and the reason.
#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck::stripe {

inline constexpr std::chrono::seconds signature_age_max{300};
inline constexpr std::size_t signature_header_bytes_max = 4096;
inline constexpr std::size_t signatures_max = 16;  // v1 entries that are compared

enum class SignatureCheck {
  good,
  no_header,
  malformed,
  no_signature,
  no_match,
  too_old,
  in_future,
};

const char* to_string(SignatureCheck check);

SignatureCheck check_signature(std::string_view header, std::string_view body,
                               const std::vector<Secret>& secrets, Time now);

// The header as a sender writes it, for tests and the sandbox; one v1 for each secret.
std::string sign(std::string_view body, const std::vector<Secret>& secrets, Time now);

}  // namespace claimcheck::stripe
