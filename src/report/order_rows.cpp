#include "report/order_rows.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

json::OrNull<DisputeRow> dispute_row(const Dispute& dispute) {
  if (!exists(dispute)) return {};
  return DisputeRow{.id = dispute.id,
                    .status = dispute.status,
                    .reason = dispute.reason,
                    .amount = dispute.amount_minor,
                    .currency = dispute.currency,
                    .created = json::moment(dispute.created_us),
                    .answerBy = json::moment(dispute.due_us),
                    .needsAnswer = needs_answer(dispute)};
}

json::OrNull<std::string> or_null(const std::string& text) {
  // Absent is null, never an empty text: a page tests one value.
  return text.empty() ? json::OrNull<std::string>() : json::OrNull<std::string>(text);
}

}  // namespace

const std::string& reason_of(const Claim& claim) {
  const auto held = std::ranges::find(claim.units, UnitState::held, &Unit::state);
  if (held != claim.units.end() && !held->reason.empty()) return held->reason;
  if (!claim.reason.empty()) return claim.reason;
  // Some orders have a reason only at a video that waits or failed.
  const auto told = [](const Unit& unit) { return !unit.reason.empty(); };
  const auto unit = std::ranges::find_if(claim.units, told);
  return unit == claim.units.end() ? claim.reason : unit->reason;
}

// The row has facts for a list; the sentences about one order are order_words'.
ListedRow row_of(const ShownOrder& order) {
  if (!order.claim) {
    // The id is known from the list, even if nothing else is.
    return UnreadableRow{.id = order.session_id,
                         .heldSince = order.held_since,
                         .problem = order.claim.error().message};
  }
  const Claim& claim = *order.claim;
  OrderRow row{.id = order.session_id,
               .state = claim.state,
               .held = is_held(claim),
               .created = json::moment(claim.created_us),
               .paid = json::moment(claim.paid_us),
               .heldSince = order.held_since,
               .tool = std::string(slug_of(claim)),
               .media = other_than_video(claim.media),
               .price = claim.price,
               .quantity = claim.quantity,
               .amount = claim.amount_minor,
               .currency = claim.currency,
               .livemode = claim.livemode,
               .units = {},
               .reason = reason_of(claim),
               .dispute = dispute_row(claim.dispute),
               .title = order.gist.title,
               .prompt = order.gist.prompt,
               .email = order.gist.email,
               .version = claim.version,
               .heldActions = {},
               .heldAmount = {}};
  if (order.held) {
    row.heldActions = order.held->actions;
    row.heldAmount = order.held->amount_minor;
  }
  // States alone: a list shows how far an order is, and its own page shows the rest.
  for (const Unit& unit : claim.units) row.units.push_back(unit.state);
  return row;
}

PageAnswer answer_of(const OrderPage& page) {
  PageAnswer answer{.orders = {},
                    .searched = page.searched,
                    .next = or_null(page.next),
                    .note = or_null(page.note)};
  for (const ShownOrder& order : page.orders) answer.orders.push_back(row_of(order));
  return answer;
}

}  // namespace claimcheck
