// The part of Payments for refunds and disputes.
#include "sandbox/payments.hpp"
#include "sandbox/session_amounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace claimcheck::sandbox {

namespace {

StripeError refuse_charge(std::string message, std::string code) {
  StripeError error;
  error.message = std::move(message);
  error.code = std::move(code);
  error.executed = true;
  return error;
}

bool has_three_decimals(std::string_view currency) {
  constexpr std::string_view names = "bhd jod kwd omr tnd";
  return names.find(currency) != std::string_view::npos;
}

}  // namespace

std::string money_text(std::int64_t amount_minor, std::string_view currency) {
  // The currencies that have no decimals at Stripe.
  constexpr std::string_view whole = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf";
  std::string number = fmt::format("{}.{:02}", amount_minor / 100, amount_minor % 100);
  if (whole.find(currency) != std::string_view::npos) number = std::to_string(amount_minor);
  if (has_three_decimals(currency)) {
    number = fmt::format("{}.{:03}", amount_minor / 1000, amount_minor % 1000);
  }
  if (currency == "usd") return "$" + number;
  if (currency == "eur") return "€" + number;
  std::string upper(currency);
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
  return upper + " " + number;
}

StripeResult<Object> Payments::refund(Object& charge, std::int64_t amount, const Object& metadata,
                                      const std::string& reason, const Cause& cause) {
  const std::string id = text_of(charge, "id");
  const std::int64_t left = integer_of(charge, "amount") - integer_of(charge, "amount_refunded");
  if (bool_of(charge, "disputed")) {
    return refuse(
        refuse_charge(fmt::format("Charge {} has been charged back; cannot issue a refund.", id),
                      "charge_disputed"));
  }
  if (left == 0) {
    return refuse(refuse_charge(fmt::format("Charge {} has already been refunded.", id),
                                "charge_already_refunded"));
  }
  if (amount == 0) amount = left;
  if (amount > left) {
    const std::string currency = text_of(charge, "currency");
    StripeError error = refuse_charge(
        fmt::format("Refund amount ({}) is greater than unrefunded amount on charge ({})",
                    money_text(amount, currency), money_text(left, currency)),
        "");
    error.param = "amount";
    return refuse(error);
  }
  if (const auto step = step_of(text_of(charge, "currency")); amount % step != 0) {
    StripeError error = refuse_charge(
        fmt::format("Invalid amount. Amounts in this currency must be evenly divisible by {}.",
                    step),
        "invalid_charge_amount_no_decimal_compatible");
    error.param = "amount";
    return refuse(error);
  }
  Object& refund = state_.refunds.add(new_refund(charge, amount, now_s()));
  refund["metadata"] = metadata;
  refund["reason"] = text_or_null(reason);
  const Object before{{"amount_refunded", charge.at("amount_refunded")},
                      {"receipt_url", charge.at("receipt_url")},
                      {"refunded", charge.at("refunded")}};
  charge["amount_refunded"] = integer_of(charge, "amount_refunded") + amount;
  charge["refunded"] = amount == left;
  // A bank debit ("py_"): its refund takes as long as the debit.
  if (!id.starts_with("ch_")) {
    refund["status"] = "pending";
    refund["pending_reason"] = "processing";
    agenda_.after(later_, [this, &refund] {
      if (text_of(refund, "status") == "pending") change_refund(refund, "succeeded");
    });
  }
  events_.emit("refund.created", refund, cause);
  events_.emit("charge.refunded", charge, cause, before);
  return refund;
}

Result<std::string> Payments::end_refund(const std::string& id, const std::string& status) {
  Object* refund = state_.refunds.find(id);
  if (refund == nullptr) return fail(Errc::not_found, "there is no such refund");
  if (status != "succeeded" && status != "failed") {
    return fail(Errc::invalid, "a refund ends succeeded or failed");
  }
  if (text_of(*refund, "status") == "failed") return fail(Errc::conflict, "it has failed");
  return change_refund(*refund, status);
}

std::string Payments::change_refund(Object& refund, const std::string& status) {
  const Object before{{"status", refund.at("status")}};
  refund.erase("pending_reason");
  refund["status"] = status;
  if (status != "failed") return events_.emit("refund.updated", refund, {}, before);
  refund["failure_reason"] = "declined";
  Object& charge = *state_.charges.find(text_of(refund, "charge"));
  charge["amount_refunded"] = integer_of(charge, "amount_refunded") - integer_of(refund, "amount");
  charge["refunded"] = false;
  return events_.emit("refund.failed", refund, {}, before);
}

Result<std::string> Payments::dispute(const std::string& id) {
  const Object* session = state_.sessions.find(id);
  const Object* intent =
      session == nullptr ? nullptr : state_.intents.find(text_of(*session, "payment_intent"));
  Object* charge =
      intent == nullptr ? nullptr : state_.charges.find(text_of(*intent, "latest_charge"));
  if (charge == nullptr || !bool_of(*charge, "paid")) {
    return fail(Errc::conflict, "the session has no succeeded charge");
  }
  (*charge)["disputed"] = true;
  return events_.emit("charge.dispute.created", state_.disputes.add(new_dispute(*charge, now_s())));
}

Result<std::string> Payments::change_dispute(const std::string& id, const std::string& status) {
  Object* dispute = state_.disputes.find(id);
  if (dispute == nullptr) return fail(Errc::not_found, "there is no such dispute");
  const bool over = status == "won" || status == "lost";
  if (!over && status != "under_review") {
    return fail(Errc::invalid, "a dispute goes on as under_review, won or lost");
  }
  const Object before{{"status", dispute->at("status")}};
  (*dispute)["status"] = status;
  if (!over) {
    Object& details = dispute->at("evidence_details").get_object();
    details["has_evidence"] = true;
    details["submission_count"] = 1;
  }
  return events_.emit(over ? "charge.dispute.closed" : "charge.dispute.updated", *dispute, {},
                      before);
}

}  // namespace claimcheck::sandbox
