// ActionRoutes: what a person decides: about one order, about all that one cause has held, about
// what waits for the generator, and about the breaker of refunds. A decision about many orders is
// the same as each made alone, within a bound. The router lets only the operator in. Owned by Api,
// borrows the context.
#pragma once

#include "api/router.hpp"
#include "flow/context.hpp"

#include <string>

namespace claimcheck {

class ActionRoutes {
 public:
  explicit ActionRoutes(Context& context) : context_(context) {}

  Answer decide(HttpRequest request, std::string session_id);
  Answer release_breaker();
  Answer retry_held(HttpRequest request);
  Answer refund_waiting(HttpRequest request);

 private:
  Context& context_;
};

}  // namespace claimcheck
