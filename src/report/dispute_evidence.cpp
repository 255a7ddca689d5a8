#include "report/dispute_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

constexpr std::size_t date_digits = 10;  // of "2026-11-28T…"

std::string moment(std::int64_t us) { return to_iso(from_us(us)); }

bool is_delivered(const Unit& unit) { return unit.state == UnitState::delivered; }

// An image has no duration, and a sound no size.
std::string measures(const Claim& claim) {
  switch (claim.media) {
    case MediaKind::video:
      return fmt::format("{} s of {}x{}", claim.duration_s, claim.width, claim.height);
    case MediaKind::image: return fmt::format("{}x{}", claim.width, claim.height);
    case MediaKind::audio: return fmt::format("{} s", claim.duration_s);
  }
  return {};
}

std::string description(const DisputedOrder& order) {
  const Claim& claim = order.claim;
  std::string text = fmt::format("{} generated {} ({}), made to order", claim.units.size(),
                                 media_noun(claim.media, claim.units.size()), slug_of(claim));
  // Size and duration are known from the first intent on; before that nothing was generated.
  if (claim.duration_s > 0) text += ", " + measures(claim);
  text += ". A digital good, shown to the buyer on the order's page.";
  // The prompt shows that the goods were made for this buyer. It is absent when a person had it
  // erased.
  if (order.session && !order.session->prompt.empty()) {
    text += " Ordered with the words: " + order.session->prompt;
  }
  return text;
}

// One line for each event with its time, as banks ask for logs.
std::string activity(const DisputedOrder& order) {
  const Claim& claim = order.claim;
  std::string text =
      fmt::format("{} Ordered, Checkout Session {}\n", moment(claim.created_us), order.session_id);
  if (was_paid(claim)) {
    text += fmt::format("{} Paid, {}\n", moment(claim.paid_us), claim.payment_intent);
  }
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const Unit& unit = claim.units[i];
    if (!is_delivered(unit)) continue;
    // Orders of older releases have no time of delivery.
    const std::string when = delivery_is_dated(unit) ? moment(unit.delivered_us) + " " : "";
    text += fmt::format("{}{} {} delivered, file {}: {}\n", when,
                        claim.media == MediaKind::video ? "Video" : "File", video_number(i),
                        unit.job, unit.url);
  }
  if (order.opened) {
    text += to_iso(*order.opened) + " The delivered order was first looked at on its page\n";
  }
  return text;
}

std::string service_date(const Claim& claim) {
  // The earliest delivery: from then on the buyer had a part of the goods.
  std::int64_t first_us = 0;
  for (const Unit& unit : claim.units) {
    const bool earlier = first_us == 0 || unit.delivered_us < first_us;
    if (is_delivered(unit) && delivery_is_dated(unit) && earlier) first_us = unit.delivered_us;
  }
  return first_us == 0 ? "" : moment(first_us).substr(0, date_digits);
}

std::string refunds(const Claim& claim) {
  // Money that went back already is a part of the answer to the bank.
  const auto refunded = std::ranges::count(claim.units, UnitState::refunded, &Unit::state);
  if (refunded == 0) return {};
  return fmt::format("{} of {} {} could not be made; what was paid for them was sent back.",
                     refunded, claim.units.size(), media_noun(claim.media, 2));
}

}  // namespace

std::vector<EvidenceField> evidence_of(const DisputedOrder& order) {
  // The names are Stripe's, so an operator finds each field in the form.
  std::vector<EvidenceField> fields = {
      {.field = "product_description", .text = description(order)},
      {.field = "service_date", .text = service_date(order.claim)},
      {.field = "access_activity_log", .text = activity(order)},
      {.field = "customer_email_address",
       .text = order.session ? order.session->customerEmail.value_or("") : ""},
      {.field = "uncategorized_text", .text = refunds(order.claim)}};
  // An empty field in the form would look like a missing proof.
  std::erase_if(fields, [](const EvidenceField& field) { return field.text.empty(); });
  return fields;
}

}  // namespace claimcheck
