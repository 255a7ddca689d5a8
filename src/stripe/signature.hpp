// Stripe's webhook signature, strict: header "t=<digits>,v1=<64 lowercase hex>[,v1=…]", the time
// once and within five minutes of now in both directions, every v1 tried under every secret (keys
// are rolled with two alive), over the raw bytes. Verify before anything reads the body. Where
// this is stricter than Stripe's own SDK, the test lists the vector and why.
#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck::stripe {

inline constexpr std::chrono::seconds signature_age_max{300};
inline constexpr std::size_t signature_header_bytes_max = 4096;
inline constexpr std::size_t signatures_max = 16;  // v1 entries that are looked at

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

// The header a sender writes; one v1 per secret.
std::string sign(std::string_view body, const std::vector<Secret>& secrets, Time now);

}  // namespace claimcheck::stripe
