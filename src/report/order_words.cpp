#include "report/order_words.hpp"

#include "domain/failure_words.hpp"
#include "domain/names.hpp"
#include "net/http/http.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

std::string moment(std::int64_t us) { return to_iso(from_us(us)); }

std::string because(const std::string& reason) { return reason.empty() ? "" : ": " + reason; }

// "Video 1", "Image 1", "Audio 1": a sentence begins with it.
std::string_view unit_word(MediaKind kind) {
  switch (kind) {
    case MediaKind::video: return "Video";
    case MediaKind::image: return "Image";
    case MediaKind::audio: return "Audio";
  }
  return {};
}

std::string words_of_order(const Claim& claim) {
  switch (claim.state) {
    // The two kinds of open orders need different patience: a bank may take days.
    case OrderState::open:
      if (claim.delayed)
        return "Waits for the money: the form is complete, the bank takes its time.";
      return fmt::format("Waits for the payment. The form at Stripe closes at {}.",
                         moment(claim.expires_us));
    case OrderState::paid: return fmt::format("Paid since {}.", moment(claim.paid_us));
    case OrderState::done:
      return fmt::format("Over: every {} is delivered or refunded.", media_noun(claim.media, 1));
    case OrderState::expired: return "Over: it was never paid, and nothing was charged.";
    case OrderState::unpaid: return "Over: the payment failed, and nothing was charged.";
    case OrderState::held: return "Held" + because(claim.reason) + ".";
  }
  return {};
}

// The class of its failure after the provider's own words, which may say less.
std::string why_not_made(const Unit& unit) {
  const std::string_view words = words_of(unit.failure);
  if (words.empty()) return because(unit.reason);
  return fmt::format("{} ({})", because(unit.reason), words);
}

// The history has a reason once. The number of tries is only here.
std::string tried_again(const Unit& unit) {
  if (!is_put_off(unit)) return {};
  const std::string when = fmt::format(", tried again at {}", moment(unit.retry_us));
  return unit.put_offs < 2 ? when : fmt::format("{} ({} tries so far)", when, unit.put_offs);
}

// The refund breaker stops automatic refunds. A refund that a person has decided passes it.
std::string words_of_failed(const Unit& unit, bool refunds_stopped) {
  // The reason first: it is what the operator can do something about.
  const std::string failed = "could not be made" + why_not_made(unit);
  if (refunds_stopped && !was_decided_by_operator(unit)) {
    return failed + "; its money waits until automatic refunds may go on, or you refund it";
  }
  return failed + "; its money goes back" + tried_again(unit);
}

std::string words_of_unit(const Unit& unit, bool refunds_stopped) {
  switch (unit.state) {
    case UnitState::waiting: return "waits for its turn" + because(unit.reason) + tried_again(unit);
    case UnitState::submitting:
      return fmt::format(
          "its request to the generator is out since {}; when no answer comes it is "
          "looked up there before anything is sent again",
          moment(unit.intent_us));
    case UnitState::running:
      return fmt::format("is being made since {}{}", moment(unit.accepted_us),
                         because(unit.reason));
    case UnitState::copying:
      return "is made; it is being copied to the storage" + because(unit.reason) +
             tried_again(unit);
    case UnitState::editable:
      return "waits for its buyer to write another prompt" + why_not_made(unit);
    case UnitState::ready:
      return "is there; that it is delivered is being written into Stripe's books" +
             because(unit.reason) + tried_again(unit);
    case UnitState::failed: return words_of_failed(unit, refunds_stopped);
    case UnitState::delivered: return "is delivered";
    // A refund that exists is the bank's; before that it is still ours to make.
    case UnitState::refunding:
      return has_refund(unit)
                 ? "its refund is under way at the bank (" + unit.refund + ")"
                 : "its refund is being made" + because(unit.reason) + tried_again(unit);
    case UnitState::refunded: return "is refunded" + why_not_made(unit);
    case UnitState::held: return "is held" + why_not_made(unit);
  }
  return {};
}

}  // namespace

std::vector<std::string> words_of(const Claim& claim, std::optional<Time> next_look,
                                  bool refunds_stopped) {
  std::vector<std::string> words = {words_of_order(claim)};
  // Before the payment its videos have nothing to say but that they wait.
  const bool begun = claim.state != OrderState::open && claim.state != OrderState::expired &&
                     claim.state != OrderState::unpaid;
  for (std::size_t i = 0; begun && i < claim.units.size(); ++i) {
    words.push_back(fmt::format("{} {} {}.", unit_word(claim.media), video_number(i),
                                words_of_unit(claim.units[i], refunds_stopped)));
  }
  if (has_dispute(claim)) words.push_back("The bank: " + words_of(claim.dispute) + ".");
  // The operator sees more than the buyer now, and should know that.
  if (claim.view_dirty) words.emplace_back("The buyer's page is behind; the next look mends it.");
  // Last, since it answers what an operator asks after reading: must I do something?
  // Without one nothing moves by itself: an order that is over or held says so already.
  if (next_look) words.push_back(fmt::format("The next look at it is at {}.", to_iso(*next_look)));
  return words;
}

std::vector<DashboardLink> dashboard_links(std::string_view session_id, const Claim& claim) {
  const std::string base =
      fmt::format("https://dashboard.stripe.com/{}", claim.livemode ? "" : "test/");
  std::vector<DashboardLink> links;
  // The payment first: refunds and disputes can be reached from its page.
  if (!claim.payment_intent.empty()) {
    links.push_back({"Payment", base + "payments/" + url_encode(claim.payment_intent)});
  }
  if (has_dispute(claim)) {
    links.push_back({"Dispute", base + "disputes/" + url_encode(claim.dispute.id)});
  }
  // The Dashboard has no page for a session, so this link searches for it.
  links.push_back({"Checkout Session", base + "search?query=" + url_encode(session_id)});
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    if (!has_refund(claim.units[i])) continue;
    links.push_back({fmt::format("Refund of {} {}", name_of(claim.media), video_number(i)),
                     base + "refunds/" + url_encode(claim.units[i].refund)});
  }
  return links;
}

}  // namespace claimcheck
