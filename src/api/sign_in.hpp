// SignIn: recognises an operator. Programs show a configured token as a bearer. A browser exchanges
// it once for a cookie, which holds its own expiry, the operator's name and an HMAC of both. So
// nothing is stored here, and every process with the same settings accepts the cookie. Another
// token ends the cookies of its operator, and a new role counts at once. A request with a cookie
// must prove that our own page sent it before it may change anything. Pure apart from its secrets,
// which it never prints.
#pragma once

#include "base/clock.hpp"
#include "domain/operators.hpp"
#include "net/http/http.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

inline constexpr std::string_view operator_cookie = "claimcheck_ops";
inline constexpr Duration signed_in_max = std::chrono::hours(12);

class SignIn {
 public:
  // `public_url`: how browsers reach us; https makes the cookie a Secure one.
  SignIn(std::vector<Operator> operators, std::string public_url);

  bool off() const { return known_.empty(); }
  // Null = nobody's.
  const Operator* of_token(std::string_view given) const;
  const Operator* of_bearer(const HttpRequest& request) const;
  const Operator* of_cookie(const HttpRequest& request, Time now) const;
  static bool is_json(const HttpRequest& request);
  // Did a page of our own send this? A form or a script of another site cannot achieve that.
  bool from_our_page(const HttpRequest& request) const;

  // Values of Set-Cookie.
  std::string cookie(const Operator& who, Time now) const;
  std::string no_cookie() const;

 private:
  struct Known {
    Operator who;
    Secret cookie_key;
  };
  const Operator* of_cookie_value(std::string_view value, Time now) const;
  std::string attributes(std::string_view max_age) const;

  std::vector<Known> known_;
  std::string public_url_;
};

}  // namespace claimcheck
