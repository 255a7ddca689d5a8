#include "config/stripe_settings.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace claimcheck {

ReadOutcome read_stripe_key(std::string_view text, Config& config) {
  // The publishable key pk_… is easily taken by mistake, and every call with it would fail.
  if (!text.starts_with("sk_") && !text.starts_with("rk_")) {
    return bad("must be a secret or restricted key: sk_… or rk_…");
  }
  config.stripe.key = Secret(std::string(text));
  return {};
}

ReadOutcome read_stripe_account(std::string_view text, Config& config) {
  constexpr std::string_view prefix = "acct_";
  constexpr std::size_t id_bytes_max = 255;
  // It becomes a header of every call.
  const bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  if (!plain || !text.starts_with(prefix) || text.size() == prefix.size() ||
      text.size() > id_bytes_max) {
    return bad("must be the id of a connected account: acct_…");
  }
  config.stripe.account = text;
  return {};
}

ReadOutcome read_webhook_secrets(std::string_view text, Config& config) {
  // A stronger source replaces the whole list of a weaker one.
  config.webhook_secrets.clear();
  // Several, since two are valid while one is replaced at Stripe.
  for (std::string& secret : split_list(text)) {
    // With a wrong secret every webhook is refused, which nobody sees before the first order.
    if (!secret.starts_with("whsec_")) return bad("must be signing secrets: whsec_…");
    config.webhook_secrets.emplace_back(std::move(secret));
  }
  return {};
}

ReadOutcome read_stripe_pace(std::string_view text, Config& config) {
  // More than Stripe's usual 25 is allowed: an account may have a higher limit.
  return read_number(text, 1, 1'000, config.stripe_pace.calls_per_second);
}

}  // namespace claimcheck
