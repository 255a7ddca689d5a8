// The calls of Client about the end of an order: the register, refunds, disputes.
#include "base/json.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "stripe/asked.hpp"
#include "stripe/client.hpp"
#include "stripe/register.hpp"

#include <fmt/format.h>

namespace claimcheck::stripe {

namespace {

constexpr std::string_view tag_member = "claimcheck";

Refund read_refund(const boost::json::value& from) {
  Refund refund;
  refund.id = json::text_at(from, "id");
  refund.status = json::text_at(from, "status");
  refund.amount_minor = json::integer_at(from, "amount");
  if (const auto* metadata = json::find(from, "metadata")) {
    refund.tag = json::text_at(*metadata, tag_member);
  }
  return refund;
}

Dispute read_dispute(const boost::json::value& from) {
  Dispute dispute;
  dispute.id = json::text_at(from, "id");
  dispute.status = json::text_at(from, "status");
  dispute.reason = json::text_at(from, "reason");
  dispute.amount_minor = json::integer_at(from, "amount");
  dispute.currency = json::text_at(from, "currency");
  dispute.created_us = to_us(from_unix_s(json::integer_at(from, "created")));
  const boost::json::value* details = json::find(from, "evidence_details");
  const std::int64_t due_s = details == nullptr ? 0 : json::integer_at(*details, "due_by");
  // Stripe names no deadline where no answer is possible.
  if (due_s > 0) dispute.due_us = to_us(from_unix_s(due_s));
  return dispute;
}

}  // namespace

boost::asio::awaitable<Result<std::string>> Client::session_of(std::string payment_intent) {
  const Result<boost::json::value> list = co_await get(
      "/v1/checkout/sessions?payment_intent=" + url_encode(payment_intent) + "&limit=1",
      Priority::payment);
  if (!list) co_return fail(list);
  const boost::json::value* data = json::find(*list, "data");
  if (data == nullptr || !data->is_array()) {
    co_return fail(Errc::ambiguous, "Stripe's list has no data");
  }
  if (data->get_array().empty()) {
    co_return fail(Errc::not_found, "no Checkout Session made this payment");
  }
  const boost::json::value& session = data->get_array().front();
  const Result<void> fits = check_asked(
      session, {.object = "checkout.session", .payment_intent = payment_intent, .livemode = mode_});
  if (!fits) co_return fail(fits);
  co_return std::string(json::text_at(session, "id"));
}

boost::asio::awaitable<Result<Outcome>> Client::register_outcome(std::string charge,
                                                                 std::size_t unit, Outcome outcome,
                                                                 std::string idempotency_key) {
  const std::string member = register_member(unit);
  std::string path = "/v1/charges/" + url_encode(charge);
  std::string form = encode({{"metadata[" + member + "]", std::string(name_of(outcome))}});
  const Result<HttpResponse> answer = co_await post(std::move(path), std::move(form),
                                                    std::move(idempotency_key), Priority::payment);
  if (!answer) co_return fail(answer);
  const Result<boost::json::value> body = json::parse(answer->body);
  if (body) {
    const Result<void> fits =
        check_asked(*body, {.object = "charge", .id = charge, .livemode = mode_});
    if (!fits) co_return fail(fits);
  }
  const boost::json::value* metadata = body ? json::find(*body, "metadata") : nullptr;
  const auto stands =
      metadata == nullptr ? std::nullopt : from_name<Outcome>(json::text_at(*metadata, member));
  // An answer without the outcome proves nothing: the caller reads the register before it goes on.
  if (!stands || *stands == Outcome::none) {
    co_return fail(Errc::ambiguous, "Stripe's answer does not show the outcome");
  }
  co_return *stands;
}

boost::asio::awaitable<Result<std::vector<Refund>>> Client::list_refunds(
    std::string payment_intent) {
  const Result<std::vector<boost::json::value>> listed =
      co_await list("/v1/refunds?payment_intent=" + url_encode(payment_intent), Priority::payment);
  if (!listed) co_return fail(listed);
  std::vector<Refund> refunds;
  for (const boost::json::value& refund : *listed) {
    const Result<void> fits =
        check_asked(refund, {.object = "refund", .payment_intent = payment_intent});
    if (!fits) co_return fail(fits);
    refunds.push_back(read_refund(refund));
  }
  co_return refunds;
}

boost::asio::awaitable<Result<std::vector<Dispute>>> Client::list_disputes(
    std::string payment_intent) {
  const Result<std::vector<boost::json::value>> listed =
      co_await list("/v1/disputes?payment_intent=" + url_encode(payment_intent), Priority::payment);
  if (!listed) co_return fail(listed);
  std::vector<Dispute> disputes;
  for (const boost::json::value& dispute : *listed) {
    const Result<void> fits = check_asked(
        dispute, {.object = "dispute", .payment_intent = payment_intent, .livemode = mode_});
    if (!fits) co_return fail(fits);
    disputes.push_back(read_dispute(dispute));
  }
  co_return disputes;
}

boost::asio::awaitable<Result<Refund>> Client::refund(RefundParams params,
                                                      std::string idempotency_key) {
  const std::string tag_name = fmt::format("metadata[{}]", tag_member);
  std::string form = encode({{"payment_intent", params.payment_intent},
                             {"amount", std::to_string(params.amount_minor)},
                             {tag_name, params.tag}});
  const Result<HttpResponse> answer = co_await send_post(
      "/v1/refunds", std::move(form), std::move(idempotency_key), Priority::payment);
  if (!answer) co_return fail(answer);
  if (answer->status >= 300) {
    Error error = error_of(*answer);
    // A stored refusal comes again under its key, even if its cause is gone: the caller needs
    // another key.
    if (error.code == Errc::invalid && is_replay(*answer)) error.code = Errc::stuck;
    co_return std::unexpected(std::move(error));
  }
  const Result<boost::json::value> body = json::parse(answer->body);
  if (body) {
    const Result<void> fits =
        check_asked(*body, {.object = "refund", .payment_intent = params.payment_intent});
    if (!fits) co_return fail(fits);
  }
  Refund refund = body ? read_refund(*body) : Refund();
  if (refund.id.empty()) co_return fail(Errc::ambiguous, "Stripe's answer has no refund id");
  // The key, the payment and the object fit already. The unit and the amount are what money moves
  // by.
  if (refund.tag != params.tag || refund.amount_minor != params.amount_minor) {
    log_error(
        "answer_about_another",
        {{"peer", "stripe"}, {"member", "refund"}, {"asked", params.tag}, {"told", refund.tag}});
    co_return fail(Errc::ambiguous, "Stripe's answer is about another refund");
  }
  co_return refund;
}

}  // namespace claimcheck::stripe
