#include "domain/view.hpp"

#include "base/clock.hpp"
#include "domain/money.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace claimcheck {

namespace {

bool shows_video(const Unit& unit) {
  const bool delivered = unit.state == UnitState::delivered && has_video(unit);
  return delivered || (unit.state == UnitState::ready && unit.shown_before_register);
}

// Delivered before Redis lost everything, and the generator no longer knows the video.
bool has_lost_link(const Unit& unit) {
  return unit.state == UnitState::delivered && !has_video(unit);
}

bool will_not_be(const Unit& unit) {
  return unit.state == UnitState::failed || unit.state == UnitState::refunding ||
         unit.state == UnitState::refunded || unit.state == UnitState::held;
}

// A video of a free order that cannot be made has nothing to wait for: its entry says so.
bool waits_for_money_or_person(const Claim& claim) {
  const bool paid_for = claim.amount_minor > 0;
  return is_held(claim) || (paid_for && std::ranges::any_of(claim.units, will_not_be));
}

bool is_on_its_way(const Unit& unit) {
  return unit.state == UnitState::waiting || unit.state == UnitState::submitting;
}

bool is_made_again(const Unit& unit) {
  return (is_on_its_way(unit) && unit.generations > 0) ||
         (unit.state == UnitState::running && unit.generations > 1);
}

SessionFile file_of(const Unit& unit) {
  SessionFile file;
  if (has_job(unit)) file.fileId = unit.job;
  if (shows_video(unit)) {
    file.status = SessionStatus::completed;
    file.url = unit.url;
    if (!unit.thumbnail_url.empty()) file.thumbnailUrl = unit.thumbnail_url;
  } else if (has_lost_link(unit)) {
    file.status = SessionStatus::error;
    file.error = "This video was delivered; its link is not known any more.";
  } else if (will_not_be(unit)) {
    file.status = SessionStatus::error;
    file.error = "This video could not be made.";
  } else {
    file.status = SessionStatus::processing;
  }
  return file;
}

// Only registered refunds: before that the outcome may still be the other one.
std::optional<SessionRefund> refund_of(const Claim& claim) {
  SessionRefund refund{.status = SessionRefundStatus::refunded, .currency = claim.currency};
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const UnitState state = claim.units[i].state;
    if (state != UnitState::refunding && state != UnitState::refunded) continue;
    refund.amount += unit_price(claim, i);
    if (state == UnitState::refunding) refund.status = SessionRefundStatus::pending;
  }
  if (refund.amount == 0) return std::nullopt;
  return refund;
}

// Also of a held order: the money is here. Nothing for an order that cost nothing.
std::optional<SessionPaid> paid_of(const Claim& claim) {
  if (!was_paid(claim) || claim.amount_minor == 0) return std::nullopt;
  return SessionPaid{.amount = claim.amount_minor, .currency = claim.currency};
}

void describe_waiting(const Claim& claim, View& view) {
  const auto lost = std::ranges::count_if(claim.units, will_not_be);
  const auto held = std::ranges::count(claim.units, UnitState::held, &Unit::state);
  const bool person = held > 0 || claim.state == OrderState::held;
  view.notice = person ? SessionNotice::held : SessionNotice::refund_under_way;
  view.message = "Your order needs a look by a person. Nothing is lost; we are on it.";
  if (lost == 0) return;
  view.message = fmt::format(
      "{} of {} videos could not be made. Nothing is lost; {}.", lost, claim.units.size(),
      person ? "a person looks at it" : "what you paid for them goes back to you");
}

void describe_done(const Claim& claim, View& view) {
  if (std::ranges::any_of(claim.units, shows_video)) {
    view.status = SessionStatus::completed;
    return;
  }
  view.status = SessionStatus::error;
  if (std::ranges::any_of(claim.units, has_lost_link)) {
    constexpr std::size_t date_digits = 10;  // of "2026-11-28T…"
    view.notice = SessionNotice::link_lost;
    view.error = fmt::format(
        "Your order of {} was delivered, but its link is not known here any more. Write to us with "
        "the number of this order.",
        to_iso(from_us(claim.created_us)).substr(0, date_digits));
    return;
  }
  view.notice = SessionNotice::not_made;
  view.error = claim.units.size() == 1 ? "Your video could not be made. "
                                       : "Your videos could not be made. ";
  *view.error += claim.amount_minor == 0 ? "Nothing was charged." : "Your payment was refunded.";
}

void describe_paid(const Claim& claim, View& view) {
  view.status = SessionStatus::processing;
  for (const Unit& unit : claim.units) view.files.push_back(file_of(unit));
  const auto first = std::ranges::find_if(claim.units, has_job);
  if (first != claim.units.end()) view.file_id = first->job;
  view.refund = refund_of(claim);
  view.paid = paid_of(claim);
  if (claim.state == OrderState::done) {
    describe_done(claim, view);
  } else if (waits_for_money_or_person(claim)) {
    describe_waiting(claim, view);
  } else if (std::ranges::any_of(claim.units, waits_for_generator)) {
    view.notice = SessionNotice::generator_away;
    view.waits_until = from_us(claim.refund_after_us);
    view.message =
        "The video service takes no orders at the moment. Your order is safe: it goes on when the "
        "service is back. What is not begun by " +
        to_iso(*view.waits_until) + " is refunded.";
  } else if (std::ranges::any_of(claim.units, is_made_again)) {
    view.notice = SessionNotice::made_again;
    view.message = "A video did not come out. It is made once more; this costs you nothing.";
  }
}

}  // namespace

bool waits_for_generator(const Unit& unit) {
  return is_on_its_way(unit) && generator_is_away(unit);
}

View view_of(const Claim& claim) {
  View view;
  switch (claim.state) {
    case OrderState::open:
      if (!claim.delayed) break;
      view.notice = SessionNotice::payment_delayed;
      view.message = "Your payment is on its way; some banks take days.";
      break;
    case OrderState::expired:
      view.status = SessionStatus::error;
      view.notice = SessionNotice::expired;
      view.error = "The checkout expired before it was paid. Nothing was charged.";
      view.drop_prompt = true;
      break;
    case OrderState::unpaid:
      view.status = SessionStatus::error;
      view.notice = SessionNotice::payment_failed;
      view.error = "The payment failed. Nothing was charged.";
      view.drop_prompt = true;
      break;
    case OrderState::paid:
    case OrderState::done:
    case OrderState::held: describe_paid(claim, view); break;
  }
  return view;
}

bool fulfilment_owns(std::string_view member) {
  constexpr std::array<std::string_view, 16> owned = {
      "status",     "fileId",    "error",     "message", "notice",      "waitsUntil",
      "files",      "refund",    "paid",      "priceId", "recoveryUrl", "continues",
      "videoCount", "createdAt", "timestamp", "schema"};
  return std::ranges::find(owned, member) != owned.end();
}

}  // namespace claimcheck
