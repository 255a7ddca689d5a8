#include "stripe/asked.hpp"

#include "base/json.hpp"
#include "base/log.hpp"

namespace claimcheck::stripe {

namespace {

std::unexpected<Error> about_another(std::string_view what, std::string_view asked,
                                     std::string_view told) {
  log_error("answer_about_another",
            {{"peer", "stripe"}, {"member", what}, {"asked", asked}, {"told", told}});
  return fail(Errc::ambiguous, "Stripe's answer is about another object");
}

// An id, or the id of the object where it was expanded.
std::string_view id_at(const boost::json::value& told, std::string_view name) {
  const boost::json::value* member = json::find(told, name);
  if (member == nullptr) return {};
  return member->is_object() ? json::text_at(*member, "id") : json::text_at(told, name);
}

bool differs(std::string_view asked, std::string_view told) {
  // An absent member is no contradiction: Stripe may leave members out.
  return !asked.empty() && !told.empty() && asked != told;
}

}  // namespace

Result<void> check_asked(const boost::json::value& told, const Asked& asked) {
  const std::string_view object = json::text_at(told, "object");
  if (differs(asked.object, object)) return about_another("object", asked.object, object);
  const std::string_view id = json::text_at(told, "id");
  if (differs(asked.id, id)) return about_another("id", asked.id, id);
  const std::string_view payment = id_at(told, "payment_intent");
  if (differs(asked.payment_intent, payment)) {
    return about_another("payment_intent", asked.payment_intent, payment);
  }
  const boost::json::value* mode = json::find(told, "livemode");
  if (asked.livemode && mode != nullptr && mode->is_bool() && mode->get_bool() != *asked.livemode) {
    return about_another("livemode", *asked.livemode ? "true" : "false",
                         mode->get_bool() ? "true" : "false");
  }
  // The register and the refunded sum are read from the charge, so it must belong to the payment of
  // the same answer.
  const boost::json::value* charge = json::find(told, "payment_intent", "latest_charge");
  if (charge != nullptr && charge->is_object() &&
      differs(payment, id_at(*charge, "payment_intent"))) {
    return about_another("charge", payment, id_at(*charge, "payment_intent"));
  }
  return {};
}

Result<void> check_key(const HttpResponse& answer, std::string_view idempotency_key) {
  const std::string* told = find_header(answer.headers, "idempotency-key");
  if (told == nullptr || *told == idempotency_key) return {};
  return about_another("idempotency_key", idempotency_key, *told);
}

std::optional<bool> mode_of(std::string_view secret_key) {
  if (secret_key.contains("_live_")) return true;
  if (secret_key.contains("_test_")) return false;
  return std::nullopt;
}

}  // namespace claimcheck::stripe
