// SignInRoutes: a person at a browser signs in as the operator, and out. The token is exchanged for
// a cookie once, so no page has to store it. Owned by Api, borrows what it is given.
#pragma once

#include "api/answer_types.hpp"
#include "api/router.hpp"
#include "flow/context.hpp"

namespace claimcheck {

class SignInRoutes {
 public:
  SignInRoutes(Context& context, Admission& admission, const Clients& clients, Mode mode)
      : context_(context), admission_(admission), clients_(clients), mode_(mode) {}

  // 200 also for somebody who is not signed in: a page can ask without an error on its console.
  Answer signed_in(HttpRequest request);

  // Errors: 400 for another body, 401 for a wrong token. Admission has checked the limit of
  // guesses.
  Answer login(HttpRequest request);
  Answer logout();

 private:
  Context& context_;
  Admission& admission_;
  const Clients& clients_;
  Mode mode_;
};

}  // namespace claimcheck
