// Claims in each state of the order machine, reached by its own steps, and the observations that
// lead from one to the next. For tests of decide() alone; a whole order is in order_world.hpp.
#pragma once

#include "domain/order_machine.hpp"

#include <string>

namespace claimcheck::test {

constexpr auto start_s = 1'790'000'000;
inline const Time start = from_unix_s(start_s);
inline const std::string id = "cs_test_1";

inline Claim open_claim(std::size_t units = 1) {
  Claim claim;
  claim.version = 1;
  claim.created_us = to_us(start);
  claim.expires_us = to_us(start + std::chrono::hours(24));
  claim.subtotal_minor = claim.amount_minor = 1900;
  claim.currency = "usd";
  claim.units.resize(units);
  return claim;
}

inline PaymentSeen seen(PaymentState state) {
  PaymentSeen payment;
  payment.state = state;
  payment.amount = {.amount_minor = 1900, .currency = "usd"};
  payment.subtotal_minor = 1900;
  payment.payment_intent = "pi_1";
  payment.charge = "ch_1";
  return payment;
}

inline Prepared prepared(std::size_t unit = 0) {
  Prepared ready;
  ready.unit = unit;
  ready.session_id = id;
  ready.generator = "g";
  ready.model = "m";
  ready.width = 1280;
  ready.height = 720;
  ready.duration_s = 8;
  ready.prompt_sha256 = "abc";
  return ready;
}

inline Submitted submitted(SubmitResult result, std::size_t unit = 0, std::string job = "job-1") {
  Submitted answer;
  answer.unit = unit;
  answer.result = result;
  answer.job = std::move(job);
  answer.reason = "because";
  return answer;
}

inline Claim paid_claim(std::size_t units = 1) {
  Claim claim = decide(open_claim(units), seen(PaymentState::paid), start).claim;
  return claim;
}

inline Claim submitting_claim() { return decide(paid_claim(), prepared(), start).claim; }

inline Claim running_claim() {
  return decide(submitting_claim(), submitted(SubmitResult::accepted), start).claim;
}

// Its video is there, and is copied to the storage.
inline Claim copying_claim() {
  Policy keeps;
  keeps.keeps_results = true;
  const Polled ready{.unit = 0, .result = PollResult::ready, .url = "https://v/1.mp4"};
  return decide(running_claim(), ready, start, keeps).claim;
}

// Its video is there, the register has not been asked.
inline Claim ready_claim() {
  const Polled ready{.unit = 0, .result = PollResult::ready, .url = "https://v/1.mp4"};
  return decide(running_claim(), ready, start).claim;
}

// Its prompt was refused, and its buyer may write another one.
inline Policy with_edits() {
  Policy policy;
  policy.prompt_edits_max = 1;
  return policy;
}
inline Submitted refused_content(std::size_t unit = 0) {
  Submitted answer = submitted(SubmitResult::rejected, unit);
  answer.failure = Failure::content;
  return answer;
}
inline Claim editable_claim() {
  return decide(submitting_claim(), refused_content(), start, with_edits()).claim;
}

// The generator has given up on it.
inline Claim failed_claim(std::size_t units = 1) {
  Claim claim = paid_claim(units);
  claim = decide(claim, prepared(0), start).claim;
  return decide(claim, submitted(SubmitResult::rejected, 0), start).claim;
}

inline Claim refunding_claim() {
  const Registered registered{.unit = 0, .outcome = Outcome::refund};
  return decide(failed_claim(), registered, start).claim;
}

inline Policy with(RegisterMode mode) {
  Policy policy;
  policy.register_mode = mode;
  return policy;
}

inline RefundsSeen refunds(std::vector<RefundFound> found, std::int64_t refunded_minor) {
  RefundsSeen all;
  all.payment = seen(PaymentState::paid);
  all.payment.refunded_minor = refunded_minor;
  all.refunds = std::move(found);
  return all;
}

inline RefundFound ours(RefundState state, std::int64_t amount = 1900, std::size_t unit = 0) {
  return {.unit = unit, .id = "re_1", .state = state, .amount_minor = amount};
}

inline Dispute a_dispute(std::string status = "needs_response") {
  return {.id = "du_1",
          .status = std::move(status),
          .reason = "fraudulent",
          .amount_minor = 1900,
          .currency = "usd",
          .created_us = to_us(start),
          .due_us = to_us(start + std::chrono::hours(240))};
}

inline Refunded refunded(RefundResult result) {
  Refunded answer;
  answer.result = result;
  answer.refund = ours(RefundState::succeeded);
  answer.reason = "because";
  return answer;
}

}  // namespace claimcheck::test
