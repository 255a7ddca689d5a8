// The signature of the Standard Webhooks, by which several providers sign their callbacks: headers
// webhook-id, webhook-timestamp (seconds) and webhook-signature (a list of "v1,<base64>"). It is an
// HMAC-SHA256 of "id.timestamp.body" under the bytes of a secret "whsec_<base64>". It covers the
// raw bytes, so verify before the body is parsed. Strict: each header once, every signature under
// every secret, within five minutes of now in both directions. Pure.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "net/http/http.hpp"

namespace claimcheck {

inline constexpr std::chrono::seconds callback_age_max{300};
inline constexpr std::size_t callback_header_bytes_max = 4096;
inline constexpr std::size_t callback_secret_bytes_min = 16;  // a shorter one can be guessed

// Is it one secret of that form, or several with commas between them? All are tried, since two are
// valid while one is replaced.
bool is_callback_secret(const Secret& secret);

// Errors: forbidden (it is not signed by one of the secrets, or not now), unavailable (no secret
// that can be used).
Result<void> check_standard_webhook(const HttpRequest& request, const Secret& secret, Time now);

// The value of webhook-signature as a sender writes it, for tests and the sandbox.
std::string sign_standard_webhook(std::string_view id, Time at, std::string_view body,
                                  const Secret& secret);

}  // namespace claimcheck
