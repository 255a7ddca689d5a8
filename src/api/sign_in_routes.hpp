// SignInRoutes: how a person at a browser becomes the operator, and stops being it. The token is
// changed for a cookie once, so that no page has to keep it. Owned by Api, borrows what it is
// given.
#pragma once

#include "api/router.hpp"
#include "flow/context.hpp"

namespace claimcheck {

class SignInRoutes {
 public:
  SignInRoutes(Context& context, Admission& admission, const Clients& clients)
      : context_(context), admission_(admission), clients_(clients) {}

  Answer login(HttpRequest request);
  Answer logout();

 private:
  Context& context_;
  Admission& admission_;
  const Clients& clients_;
};

}  // namespace claimcheck
