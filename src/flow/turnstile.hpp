// Turnstile: asks Cloudflare whether a person stands behind a checkout: the widget of the shop's
// page gives a token, and siteverify says once whether it is good. Nothing of the buyer is sent
// with it. Owned by the server; HTTP is borrowed.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "net/http/http.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace claimcheck {

struct TurnstileOptions {
  std::string url = "https://challenges.cloudflare.com/turnstile/v0/siteverify";
  Secret secret;  // empty = off
  Duration timeout = std::chrono::seconds(5);
};

// The longest token that Cloudflare gives, in characters.
inline constexpr std::size_t turnstile_token_bytes_max = 2048;

// spent: older than five minutes, or asked about before. away: nobody knows, so nothing is opened;
// a page cannot load the widget then either. setup: Cloudflare refuses our secret.
enum class TurnstileAnswer { good, invalid, spent, away, setup };

class Turnstile {
 public:
  Turnstile(HttpClient& http, TurnstileOptions options)
      : http_(http), options_(std::move(options)) {}

  bool off() const { return options_.secret.empty(); }
  // One try: the token is spent by the question.
  boost::asio::awaitable<TurnstileAnswer> verify(std::string token);

 private:
  HttpClient& http_;
  TurnstileOptions options_;
};

}  // namespace claimcheck
