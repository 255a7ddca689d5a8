// CheckoutAdmission: may this request open a checkout? First who asks: the shop's server by its
// signature, or a person by Turnstile, if either is configured. Then how much: the limits of one
// client, which all processes share, and whether the checkout is paused. While Redis is away each
// process keeps the limits by itself. A refusal is the answer to send. Owned by Api, borrows the
// rest.
#pragma once

#include "api/clients.hpp"
#include "api/rate_limit.hpp"
#include "api/shop_signature.hpp"
#include "flow/context.hpp"
#include "flow/turnstile.hpp"

#include <expected>
#include <string>
#include <vector>

namespace claimcheck {

struct CheckoutLimits {
  RateLimitOptions checkouts = {.burst = 60, .per_second = 1};
  // Bytes have a limit of their own: a prompt is stored for weeks, paid or not.
  RateLimitOptions bytes = {.burst = 32.0 * 1024 * 1024, .per_second = 128.0 * 1024};
  // A signed call that names no buyer counts for the shop, whose limits are so many times larger.
  double shop_factor = 10;
};

struct CheckoutGuard {
  std::vector<Secret> shop_keys;   // none = no signature is needed
  Turnstile* turnstile = nullptr;  // null = off
  CheckoutLimits limits;
};

struct AdmittedCheckout {
  std::string call_id;  // the webhook-id of a signed call; it serves as its idempotency key
};

class CheckoutAdmission {
 public:
  CheckoutAdmission(Context& context, const Clients& clients, CheckoutGuard guard);

  // Refusals: 400 (buyerIp), 401 (signature, token missing), 403 (Turnstile), 429, 503 (paused, or
  // Turnstile is away).
  boost::asio::awaitable<std::expected<AdmittedCheckout, HttpResponse>> admit(
      const HttpRequest& request);

 private:
  using Admitted = std::expected<void, HttpResponse>;
  // Whose limits count, and how much one checkout takes of them.
  struct Counted {
    std::string client;
    double share = 1;
  };

  bool turnstile_on() const;
  std::expected<Counted, HttpResponse> counted(const HttpRequest& request, bool is_signed) const;
  boost::asio::awaitable<Admitted> ask_gate(Counted counted, std::size_t bytes);
  // How long a client must wait by this process' own count, and counting it.
  Duration own_wait(const Counted& counted, std::size_t bytes) const;
  void take_own(const Counted& counted, std::size_t bytes);
  boost::asio::awaitable<Admitted> ask_turnstile(const HttpRequest& request);
  std::unexpected<HttpResponse> refuse(const HttpRequest& request, int status,
                                       std::string_view code, std::string_view sentence,
                                       std::string_view member = {});

  Context& context_;
  const Clients& clients_;
  CheckoutGuard guard_;
  RateLimit checkouts_;  // while Redis is away
  RateLimit bytes_;
};

}  // namespace claimcheck
