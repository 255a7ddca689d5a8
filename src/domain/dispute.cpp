#include "domain/dispute.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace claimcheck {

namespace {

bool is_over(const Dispute& dispute) { return ended_well(dispute) || dispute.status == "lost"; }

}  // namespace

bool exists(const Dispute& dispute) { return !dispute.id.empty(); }
bool can_be_answered(const Dispute& dispute) { return dispute.due_us != 0; }

bool needs_answer(const Dispute& dispute) {
  return dispute.status == "needs_response" || dispute.status == "warning_needs_response";
}

bool ended_well(const Dispute& dispute) {
  return dispute.status == "won" || dispute.status == "warning_closed" ||
         dispute.status == "prevented";
}

Dispute most_pressing(const std::vector<Dispute>& disputes) {
  // In this order: a missed answer loses the money, an open dispute still may.
  const auto place = [](const Dispute& one) {
    return std::tuple(needs_answer(one), !is_over(one), one.created_us);
  };
  const auto first = std::ranges::max_element(disputes, {}, place);
  return first == disputes.end() ? Dispute() : *first;
}

std::string words_of(const Dispute& dispute) {
  std::string words = fmt::format("{} {} are disputed: {} ({})", dispute.amount_minor,
                                  dispute.currency, dispute.reason, dispute.status);
  if (!needs_answer(dispute) || !can_be_answered(dispute)) return words;
  return words + "; an answer is due by " + to_iso(from_us(dispute.due_us));
}

}  // namespace claimcheck
