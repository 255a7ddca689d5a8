#include "domain/view.hpp"

#include "base/clock.hpp"
#include "domain/failure_words.hpp"
#include "domain/link_watch.hpp"
#include "domain/money.hpp"
#include "domain/names.hpp"
#include "domain/prompt_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

namespace claimcheck {

namespace {

bool shows_video(const Unit& unit) {
  const bool delivered = unit.state == UnitState::delivered && has_video(unit);
  return delivered || (unit.state == UnitState::ready && unit.shown_before_register);
}

// A video of a free order that cannot be made has nothing to wait for: its entry says so.
bool waits_for_money_or_person(const Claim& claim) {
  const bool paid_for = claim.amount_minor > 0;
  return is_held(claim) || (paid_for && std::ranges::any_of(claim.units, will_not_be_made));
}

// ": the service refused it by its content rules"; empty when the reason is not known.
std::string because(std::optional<SessionReason> reason) {
  return reason ? fmt::format(": {}", clause_of(*reason)) : "";
}

bool is_on_its_way(const Unit& unit) {
  return unit.state == UnitState::waiting || unit.state == UnitState::submitting;
}

// What is made from the buyer's other prompt is made for the first time.
bool is_made_again(const Claim& claim, const Unit& unit) {
  const std::int64_t made = claim.prompt_edits > 0 ? generations_here(unit) : unit.generations;
  return (is_on_its_way(unit) && made > 0) || (unit.state == UnitState::running && made > 1);
}

// "this video", "your images": what the buyer gets, as its texts call it.
std::string_view noun(const Claim& claim) { return media_noun(claim.media, claim.units.size()); }

SessionFile file_of(const Claim& claim, const Unit& unit) {
  const std::string_view one = media_noun(claim.media, 1);
  SessionFile file;
  if (has_job(unit)) file.fileId = unit.job;
  if (shows_video(unit)) {
    file.status = SessionStatus::completed;
    file.url = unit.url;
    if (!unit.thumbnail_url.empty()) file.thumbnailUrl = unit.thumbnail_url;
  } else if (has_lost_link(unit)) {
    file.status = SessionStatus::error;
    file.error = fmt::format("This {} was delivered; its link is not known any more.", one);
  } else if (will_not_be_made(unit)) {
    file.status = SessionStatus::error;
    const std::optional<SessionReason> reason = buyer_reason(unit);
    file.error = fmt::format("This {} could not be made{}.", one, because(reason));
    if (reason) file.reason = name_of(*reason);
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
  const auto lost = std::ranges::count_if(claim.units, will_not_be_made);
  const auto held = std::ranges::count(claim.units, UnitState::held, &Unit::state);
  const bool person = held > 0 || claim.state == OrderState::held;
  view.notice = person ? SessionNotice::held : SessionNotice::refund_under_way;
  view.message = "Your order needs a look by a person. Nothing is lost; we are on it.";
  if (lost == 0) return;
  view.message =
      fmt::format("{} of {} {} could not be made{}. Nothing is lost; {}.", lost, claim.units.size(),
                  media_noun(claim.media, 2), because(common_reason(claim)),
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
  view.error =
      fmt::format("Your {} could not be made{}. ", noun(claim), because(common_reason(claim)));
  *view.error += claim.amount_minor == 0 ? "Nothing was charged." : "Your payment was refunded.";
}

void describe_paid(const Claim& claim, View& view) {
  view.status = SessionStatus::processing;
  for (const Unit& unit : claim.units) view.files.push_back(file_of(claim, unit));
  const auto first = std::ranges::find_if(claim.units, has_job);
  if (first != claim.units.end()) view.file_id = first->job;
  view.refund = refund_of(claim);
  view.paid = paid_of(claim);
  if (claim.state == OrderState::done) {
    describe_done(claim, view);
  } else if (may_edit_prompt(claim)) {
    // First of all, since the buyer can do something.
    view.notice = SessionNotice::prompt_refused;
    view.waits_until = from_us(claim.prompt_edit_ends_us);
    view.message = fmt::format(
        "The service refused the prompt by its content rules. You can write another one until {}; "
        "it costs you nothing more. What is not made then is refunded.",
        to_iso(*view.waits_until));
  } else if (waits_for_money_or_person(claim)) {
    describe_waiting(claim, view);
  } else if (std::ranges::any_of(claim.units, waits_for_generator)) {
    view.notice = SessionNotice::generator_away;
    view.waits_until = from_us(claim.refund_after_us);
    view.message = fmt::format(
        "The {} service takes no orders at the moment. Your order is safe: it goes on when the "
        "service is back. What is not begun by {} is refunded.",
        name_of(claim.media), to_iso(*view.waits_until));
  } else if (std::ranges::any_of(claim.units, waits_in_line)) {
    view.notice = SessionNotice::queued;
    view.waits_until = from_us(claim.refund_after_us);
    view.message =
        "Other orders are first. Yours is begun when its turn comes. What is not begun by " +
        to_iso(*view.waits_until) + " is refunded.";
  } else if (std::ranges::any_of(claim.units, std::bind_front(is_made_again, std::cref(claim)))) {
    view.notice = SessionNotice::made_again;
    view.message =
        fmt::format("{} {} did not come out. It is made once more; this costs you nothing.",
                    claim.media == MediaKind::video ? "A" : "An", media_noun(claim.media, 1));
  }
}

}  // namespace

bool waits_for_generator(const Unit& unit) {
  return is_on_its_way(unit) && generator_is_away(unit);
}

bool waits_in_line(const Unit& unit) { return is_on_its_way(unit) && is_queued(unit); }

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
  constexpr std::array<std::string_view, 17> owned = {
      "status",    "fileId",     "error",     "message",   "notice", "waitsUntil",
      "files",     "refund",     "paid",      "priceId",   "media",  "recoveryUrl",
      "continues", "videoCount", "createdAt", "timestamp", "schema"};
  return std::ranges::find(owned, member) != owned.end();
}

}  // namespace claimcheck
