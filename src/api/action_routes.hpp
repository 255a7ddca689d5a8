// ActionRoutes: what a person decides: about one order, about all orders that one cause has held,
// about all that wait for the generator, and about the refund breaker. A decision about many orders
// does the same as one for each of them, up to a bound. The router lets only operators in who may
// act; each is named in history and log. Owned by Api, borrows the context.
#pragma once

#include "api/router.hpp"
#include "flow/context.hpp"

#include <string>

namespace claimcheck {

class ActionRoutes {
 public:
  explicit ActionRoutes(Context& context) : context_(context) {}

  // Errors: 400 for a malformed action, 404 for an unknown order, 409 when the order's state does
  // not permit the action, 500 for an unreadable one, 503 when Redis does not answer.
  Answer decide(HttpRequest request, std::string session_id, Caller caller);
  // Errors: 503 when Redis does not answer. Releasing a closed breaker is none.
  Answer release_breaker(Caller caller);
  // Errors: 503. To pause what is paused, or to resume what is not, is none.
  Answer pause_checkout(Caller caller);
  Answer resume_checkout(Caller caller);
  // Errors: 400 without a reason, 503. After a 503 a part may be done; to send it again is safe.
  Answer retry_held(HttpRequest request, Caller caller);
  // Errors as of retry_held(). `more` in the answer: send it again for the rest.
  Answer refund_waiting(HttpRequest request, Caller caller);

 private:
  Context& context_;
};

}  // namespace claimcheck
