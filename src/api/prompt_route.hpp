// PromptRoute: what a buyer says about an order whose prompt the generator refused: another prompt,
// or the money back. Open to anybody who has the session id, like the order's status, and limited
// by client. Owned by Api, borrows the rest.
#pragma once

#include "api/buyer_routes.hpp"
#include "api/clients.hpp"
#include "api/rate_limit.hpp"
#include "api/router.hpp"
#include "flow/refused_prompt.hpp"

#include <string>

namespace claimcheck {

class PromptRoute {
 public:
  struct Options {
    Screening* screening;  // null = off
    RateLimitOptions tries;
  };
  PromptRoute(Context& context, const Clients& clients, BuyerRoutes& buyer, Options options)
      : clock_(context.clock),
        clients_(clients),
        buyer_(buyer),
        prompts_(context, options.screening),
        tries_(options.tries) {}

  // {"prompt": "…"} or {"refund": true}. The answer is the order's status afterwards. Errors: 400,
  // 404 for an unknown session, 409 with the order machine's code, 429, 500, 503.
  Answer decide(HttpRequest request, std::string session_id);

 private:
  Clock& clock_;
  const Clients& clients_;
  BuyerRoutes& buyer_;
  RefusedPrompt prompts_;
  RateLimit tries_;
};

}  // namespace claimcheck
