// SessionOptions: what the shop hands on to Stripe with each Checkout Session beyond what
// claimcheck itself sends: codes, tax, shipping, texts, the time to pay. It was checked at the
// start (config/checkout_settings.hpp) and goes out as it is. Pure.
#pragma once

#include "base/clock.hpp"
#include "stripe/client.hpp"

#include <map>
#include <string>
#include <string_view>

namespace claimcheck {

struct SessionOptions {
  stripe::Form form;          // in a fixed sequence: its bytes are part of the idempotency key
  Duration expires_after{0};  // how long the buyer can pay; 0 = Stripe's default

  bool operator==(const SessionOptions&) const = default;
};

struct SessionOptionsByTool {
  SessionOptions general;
  std::map<std::string, SessionOptions, std::less<>> tools;  // by slug: instead of the general ones

  const SessionOptions& of(std::string_view slug) const;
};

// What Stripe allows for a session's expiry.
inline constexpr Duration session_expiry_min = std::chrono::minutes(30);
inline constexpr Duration session_expiry_max = std::chrono::hours(24);
// So far from both bounds, since Stripe counts from the moment when the call arrives, by its clock.
inline constexpr Duration session_expiry_margin = std::chrono::minutes(2);

// Stripe's expires_at, in unix seconds, of a session that was asked for at that time; 0 = not sent.
std::int64_t expires_at(const SessionOptions& options, std::int64_t asked_s);

// The languages of Stripe's payment page, split by blanks.
extern const std::string_view stripe_locales;
// The language of the payment page for a buyer's locale: "en-US" -> "en". Empty = Stripe has none.
std::string stripe_locale(std::string_view locale);

}  // namespace claimcheck
