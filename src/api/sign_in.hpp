// SignIn: recognises the operator. Programs show the configured token as a bearer. A browser
// exchanges it once for a cookie, which holds its own expiry and an HMAC of that. So nothing is
// stored here, and every process with the same token accepts the cookie. Another token ends all
// cookies. A request with a cookie must prove that our own page sent it before it may change
// anything. Pure apart from its secrets, which it never prints.
#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "net/http/http.hpp"

#include <string>
#include <string_view>

namespace claimcheck {

inline constexpr std::string_view operator_cookie = "claimcheck_ops";
inline constexpr Duration signed_in_max = std::chrono::hours(12);

class SignIn {
 public:
  // `public_url`: how browsers reach us; https makes the cookie a Secure one.
  SignIn(const Secret& token, std::string public_url);

  bool off() const { return token_.empty(); }
  bool is_token(std::string_view given) const;
  bool has_bearer(const HttpRequest& request) const;
  bool has_cookie(const HttpRequest& request, Time now) const;
  static bool is_json(const HttpRequest& request);
  // Did a page of our own send this? A form or a script of another site cannot achieve that.
  bool from_our_page(const HttpRequest& request) const;

  // Values of Set-Cookie.
  std::string cookie(Time now) const;
  std::string no_cookie() const;

 private:
  std::string signature(std::string_view ends) const;
  bool good(std::string_view value, Time now) const;
  std::string attributes(std::string_view max_age) const;

  Secret token_;
  Secret key_;
  std::string public_url_;
};

}  // namespace claimcheck
