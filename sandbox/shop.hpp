// Shop: the demo shop page, GET /shop. It orders from claimcheck by its public API as any front end
// does: from the buyer's browser, across origins. It offers the prices of the sandbox and shows
// every error that claimcheck answers.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/stripe_state.hpp"

#include <string>

namespace claimcheck::sandbox {

class Shop {
 public:
  // `api` is the base URL of claimcheck; it may be set later.
  Shop(const StripeState& state, std::string api) : state_(state), api_(std::move(api)) {}
  void set_api(std::string api) { api_ = std::move(api); }
  HttpResponse page() const;
  // GET /shop/thanks?session=…: after the purchase, on the shop's own origin.
  HttpResponse thanks(const std::string& query) const;

 private:
  const StripeState& state_;
  std::string api_;
};

}  // namespace claimcheck::sandbox
