// Control: the routes under /sandbox/. By them tests and developers act as buyer, bank and time,
// cause faults, and read the ledger. JSON in, JSON out; a refused request gets {"error": "..."}.
// Faults never affect these routes, and the ledger does not record them.
#pragma once

#include "sandbox/checkouts.hpp"
#include "sandbox/events.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/generator.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/payments.hpp"
#include "sandbox/provider_jobs.hpp"
#include "sandbox/shop.hpp"
#include "sandbox/stripe_api.hpp"
#include "sandbox/webhooks.hpp"

#include <string>

namespace claimcheck::sandbox {

class Control {
 public:
  // Everything that it may change; all borrowed.
  struct Parts {
    MovableClock& clock;
    Agenda& agenda;
    Faults& faults;
    StripeState& state;
    Webhooks& webhooks;
    Events& events;
    Payments& payments;
    Checkouts& checkouts;
    Generator& generator;
    ProviderJobs& jobs;
    Ledger& ledger;
    Shop& shop;
    StripeApi& stripe;
  };
  explicit Control(Parts parts) : parts_(parts) {}

  HttpResponse answer(const HttpRequest& request);

 private:
  struct Route;
  using Wish = const Object&;  // the request's body
  Result<Value> change_session(const std::string& id, Wish members);
  Result<Value> act_on_session(const std::string& id, Wish wish);
  Result<Value> change_price(const std::string& id, Wish members);
  Result<Value> restrict_key(const std::string& key, Wish wish);
  Result<Value> set_webhook(const std::string& id, Wish wish);
  Result<Value> resend_event(const std::string& id, Wish wish);
  Result<Value> emit_event(const std::string& id, Wish wish);
  Result<Value> advance_clock(const std::string& id, Wish wish);
  Result<Value> dispute(const std::string& id, Wish);
  Result<Value> change_dispute(const std::string& id, Wish wish);
  Result<Value> finish_generation(const std::string& id, Wish wish);
  Result<Value> dispatch(const HttpRequest& request);

  Parts parts_;
};

}  // namespace claimcheck::sandbox
