// CallbackRoute: POST /api/webhooks/generators/{name}, where a generator tells that a job has
// ended. The signature is checked over the raw bytes, and then the call is only a hint: the order
// is made due, and its next pass asks the generator. Calls that are lost cost time and nothing
// else. Owned by Api, borrows what it is given.
#pragma once

#include "api/clients.hpp"
#include "api/rate_limit.hpp"
#include "api/router.hpp"
#include "flow/context.hpp"

namespace claimcheck {

inline constexpr std::size_t callback_body_bytes_max = 2 * 1024 * 1024;

class CallbackRoute {
 public:
  CallbackRoute(Context& context, const Clients& clients, RateLimitOptions unsigned_calls);

  // Errors: 404 (no such generator, or none that calls), 400 (unsigned, or about no job), 429 for
  // unsigned ones, 503 when it could not be verified or stored: the provider calls again.
  Answer receive(HttpRequest request, std::string name);

 private:
  HttpResponse refuse_unsigned(const HttpRequest& request);

  Context& context_;
  const Clients& clients_;
  RateLimit unsigned_calls_;
};

}  // namespace claimcheck
