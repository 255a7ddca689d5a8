// Payments: the actions of buyers, banks and time on Checkout Sessions: pay, be declined, pay by a
// bank debit that settles later, let a session expire, dispute, be refunded. Each action changes
// Stripe's state and emits the events that Stripe would. Errors are conflicts: the session is not
// open.
#pragma once

#include "base/error.hpp"
#include "sandbox/agenda.hpp"
#include "sandbox/events.hpp"
#include "sandbox/stripe_error.hpp"
#include "sandbox/stripe_objects.hpp"
#include "sandbox/stripe_state.hpp"

#include <string>
#include <string_view>

namespace claimcheck::sandbox {

class Payments {
 public:
  Payments(StripeState& state, Events& events, MovableClock& clock, Agenda& agenda, Duration later)
      : state_(state), events_(events), clock_(clock), agenda_(agenda), later_(later) {}

  // The buyer types a promotion code. Errors: also invalid, when there is no such code or the
  // session takes none.
  Result<void> apply_code(const std::string& session, const std::string& code);
  // The buyer gives an address, so tax can be computed. Nothing for a session that is not open.
  void locate_buyer(const std::string& session);
  // The buyer pays in another currency; the shop's amounts stay. Only with adaptive pricing.
  Result<void> present_in(const std::string& session, const std::string& currency);

  // Both return the id of the checkout.session.completed event.
  Result<std::string> pay(const std::string& session);
  Result<std::string> pay_later(const std::string& session, bool will_fail);
  // The session stays open. Returns the id of the payment_intent.payment_failed event.
  Result<std::string> decline(const std::string& session);

  void expire(Object& session, const Cause& cause);
  void expire_when_due(const std::string& session);
  Result<std::string> dispute(const std::string& session);
  // The bank has the shop's evidence ("under_review"), or has decided ("won", "lost").
  Result<std::string> change_dispute(const std::string& dispute, const std::string& status);

  // `amount` 0 = all that is left. Card refunds succeed at once, bank refunds settle later.
  StripeResult<Object> refund(Object& charge, std::int64_t amount, const Object& metadata,
                              const std::string& reason, const Cause& cause);
  // Ends a refund as "succeeded" or "failed". Failed, also after "succeeded", takes the refund
  // back.
  Result<std::string> end_refund(const std::string& refund, const std::string& status);

 private:
  Result<Object*> session_to_pay(const std::string& id);
  Result<Object*> open_session(const std::string& id);
  Object& intent_of(Object& session);
  Object& add_charge(Object& intent, Object& session, Method method, std::string_view status);
  std::string complete(Object& session, std::string_view payment_status);
  std::string change_refund(Object& refund, const std::string& status);
  void offer_recovery(Object& session);
  void settle(const std::string& session, bool succeeds);
  std::int64_t now_s() const { return to_unix_s(clock_.now()); }

  StripeState& state_;
  Events& events_;
  MovableClock& clock_;
  Agenda& agenda_;
  Duration later_;
};

// A sum of money as text for messages and pages: "$19.00".
std::string money_text(std::int64_t amount_minor, std::string_view currency);

}  // namespace claimcheck::sandbox
