// Admission: may this request be served? The table of routes states what a route demands of its
// caller (Rules). The router asks here once, before the route's own code runs. A refusal is the
// answer to send. Admission knows the operator's sign-in and counts wrong tokens, so that nobody
// can guess a token. One thread; owned by Api, borrows the clock and Clients.
#pragma once

#include "api/clients.hpp"
#include "api/rate_limit.hpp"
#include "api/sign_in.hpp"
#include "base/clock.hpp"
#include "net/http/http.hpp"

#include <cstddef>
#include <expected>
#include <functional>
#include <vector>

namespace claimcheck {

// The first one is the default: a row that forgets its access is closed.
enum class Access {
  acts,   // an operator who may act: by a bearer token, or the cookie of somebody who signed in
  reads,  // any operator
  login,  // anybody, while there is an operator at all: the way to sign in
  anyone
};
enum class Limit {
  none,
  status_requests,  // each request counts
  token_guesses     // only wrong tokens count; when they are used up, the client waits
};
enum class When {
  always,
  store_is_safe  // new orders and events: not while Redis may lose writes
};

struct Rules {
  Access access = Access::acts;
  Limit limit = Limit::none;
  When when = When::always;
  std::size_t body_bytes_max = 0;  // what the server may read
};

struct AdmissionOptions {
  std::vector<Operator> operators;  // none = operator routes are off
  std::string public_url;
  std::function<bool()> store_is_safe = {};  // none = always
  RateLimitOptions status_requests;
  RateLimitOptions wrong_tokens;
};

class Admission {
 public:
  Admission(Clock& clock, const Clients& clients, AdmissionOptions options);

  // Checks the caller first, then the rate, then whether the store is safe: a caller that is not
  // let in learns nothing about the rest. Refusals: 401, 403, 404 (operator routes are off), 429,
  // 503. Gives who it is; for anybody's route nobody.
  std::expected<Caller, HttpResponse> admit(const HttpRequest& request, const Rules& rules);

  const SignIn& sign_in() const { return sign_in_; }
  void count_wrong_token(const HttpRequest& request);

 private:
  using Admitted = std::expected<void, HttpResponse>;

  std::expected<Caller, HttpResponse> admit_operator(const HttpRequest& request, Access access);
  std::expected<const Operator*, HttpResponse> find_operator(const HttpRequest& request);
  Admitted limit_status_requests(const HttpRequest& request);
  Admitted limit_token_guesses(const HttpRequest& request) const;

  Clock& clock_;
  const Clients& clients_;
  std::function<bool()> store_is_safe_;
  SignIn sign_in_;
  RateLimit status_rate_limit_;
  RateLimit wrong_tokens_;
};

}  // namespace claimcheck
