// SignInRoutes: a person at a browser signs in as the operator, and out. The token is exchanged for
// a cookie once, so no page has to store it. Owned by Api, borrows what it is given.
#pragma once

#include "api/router.hpp"
#include "flow/context.hpp"

namespace claimcheck {

class SignInRoutes {
 public:
  SignInRoutes(Context& context, Admission& admission, const Clients& clients)
      : context_(context), admission_(admission), clients_(clients) {}

  // Errors: 400 for another body, 401 for a wrong token. Admission has checked the limit of
  // guesses.
  Answer login(HttpRequest request);
  Answer logout();

 private:
  Context& context_;
  Admission& admission_;
  const Clients& clients_;
};

}  // namespace claimcheck
