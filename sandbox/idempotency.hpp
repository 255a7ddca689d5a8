// Idempotency: the answers that Stripe keeps under an Idempotency-Key: the first answer of an
// operation that had begun, also an error, for a day of the sandbox's clock. The same key with
// other parameters or for another operation is an error, and so is a key in use.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/agenda.hpp"
#include "sandbox/stripe_call.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace claimcheck::sandbox {

class Idempotency {
 public:
  Idempotency(MovableClock& clock, Duration kept_for) : clock_(clock), kept_for_(kept_for) {}

  // The answer without execution: a kept one, or an error. If it has neither, the caller executes
  // and must end() the key.
  struct Found {
    std::optional<HttpResponse> replay;
    std::optional<StripeError> error;
  };
  Found begin(const StripeCall& call);
  void end(const StripeCall& call, const std::optional<HttpResponse>& keep);

 private:
  struct Kept {
    std::string operation;
    Object parameters;
    std::optional<HttpResponse> answer;  // none while in use
    std::string request_id;
    Time since;
  };
  MovableClock& clock_;
  Duration kept_for_;
  std::unordered_map<std::string, Kept> kept_;
};

}  // namespace claimcheck::sandbox
