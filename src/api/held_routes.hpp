// HeldRoutes: one decision about many held orders. Each order is decided by a command of its own,
// and the answer says of each whether it was done. The router lets in only who may act. Owned by
// Api, borrows the context.
#pragma once

#include "api/router.hpp"
#include "flow/context.hpp"

namespace claimcheck {

class HeldRoutes {
 public:
  explicit HeldRoutes(Context& context) : context_(context) {}

  // Errors: 400 for a malformed decision. What an order does not permit is in its result.
  Answer decide(HttpRequest request, Caller caller);

 private:
  Context& context_;
};

}  // namespace claimcheck
