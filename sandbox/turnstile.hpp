// Turnstile: the sandbox's Cloudflare: siteverify. A token is good once, if it looks like one that
// the widget of the sandbox gives, "sandbox-<anything>", and if its secret is the sandbox's. The
// answers are Cloudflare's. Owned by the Sandbox; keeps the tokens that were asked about.
#pragma once

#include "net/http/http.hpp"

#include <string>
#include <string_view>
#include <unordered_set>

namespace claimcheck::sandbox {

inline constexpr std::string_view turnstile_path = "/turnstile/v0/siteverify";
inline constexpr std::string_view turnstile_secret = "sandbox-turnstile-secret";
inline constexpr std::string_view turnstile_token_prefix = "sandbox-";

class Turnstile {
 public:
  // Errors as Cloudflare's: invalid-input-secret, missing-input-response, invalid-input-response,
  // timeout-or-duplicate.
  HttpResponse answer(const HttpRequest& request);

 private:
  std::unordered_set<std::string> spent_;
};

}  // namespace claimcheck::sandbox
