#include "flow/whose.hpp"

#include "store/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

// What was bought: how much of which tool.
struct Bought {
  std::string tool;
  std::int64_t units = 1;
  std::string doubt;
};

Bought bought_at(const Price& price, const stripe::CheckoutSession& session,
                 const std::optional<SessionData>& known, const Catalog& catalog) {
  const std::int64_t quantity = std::clamp<std::int64_t>(session.quantity, 1, quantity_max);
  Bought bought{.tool = price.tool, .units = quantity * price.units, .doubt = {}};
  if (!known) {  // which of several tools, only Stripe's metadata says
    for (const Tool& tool : catalog.tools) {
      const bool named = tool.metadata_name == session.tool;
      if (named && catalog.tool_for(price, tool.slug) != nullptr) bought.tool = tool.slug;
    }
    return bought;
  }
  const Tool* tool = catalog.tool_for(price, known->toolSlug);
  if (tool != nullptr) bought.tool = tool->slug;
  // The replaced system wrote the quantity here, also for a price of several videos.
  if (known->videoCount != bought.units && known->videoCount != quantity) {
    bought.doubt =
        fmt::format("{} videos were ordered, and {} were paid", known->videoCount, bought.units);
  } else if (tool == nullptr && catalog.tool(known->toolSlug) != nullptr) {
    bought.doubt = fmt::format("{} was ordered, and {} was paid", known->toolSlug, price.tool);
  }
  return bought;
}

// For a price that is not for sale here: the session value says what was ordered.
Bought bought_unlisted(const stripe::CheckoutSession& session,
                       const std::optional<SessionData>& known, const Catalog& catalog) {
  Bought bought{.tool = catalog.tools.front().slug, .units = 1, .doubt = {}};
  if (!known) {
    const auto sold = std::ranges::find(catalog.tools, session.tool, &Tool::metadata_name);
    if (sold != catalog.tools.end()) bought.tool = sold->slug;
    bought.units = session.video_count;
    bought.doubt = "it was paid at a price that is not for sale here";
    return bought;
  }
  bought.units = known->videoCount;
  if (const Tool* tool = catalog.tool(known->toolSlug)) {
    bought.tool = tool->slug;
  } else {
    bought.doubt = "it was paid at a price that is not for sale here, for a tool that is not known";
  }
  if (known->videoCount != session.quantity) {
    bought.doubt = fmt::format(
        "{} videos were ordered, and {} of a price that is not for sale "
        "here were paid",
        known->videoCount, session.quantity);
  }
  return bought;
}

}  // namespace

Async<std::optional<SessionData>> known_session(SessionValues& values, std::string session_id) {
  const Result<SessionBytes> stored = co_await values.read_session(std::move(session_id));
  if (!stored && stored.error().code != Errc::not_found &&
      stored.error().code != Errc::unreadable) {
    co_return fail(stored);
  }
  if (!stored) co_return std::nullopt;
  Result<SessionData> session = decode_session(stored->bytes);
  if (!session) co_return std::nullopt;
  co_return std::optional(std::move(*session));
}

Async<bool> is_ours(SessionValues& values, const Catalog& catalog, std::string session_id,
                    std::string_view tool) {
  // Stripe's metadata first: it needs no call, and it is there when the session value has expired.
  if (catalog.sells(tool)) co_return true;
  const auto known = co_await known_session(values, std::move(session_id));
  if (!known) co_return fail(known);
  co_return known->has_value();
}

Owed owed_for(const stripe::CheckoutSession& session, const std::optional<SessionData>& known,
              const Catalog& catalog, Time now) {
  const Price* price = catalog.price(session.price);
  Bought bought = price != nullptr ? bought_at(*price, session, known, catalog)
                                   : bought_unlisted(session, known, catalog);
  Claim claim;
  claim.state = OrderState::paid;
  claim.created_us = to_us(from_unix_s(session.created));
  claim.expires_us = to_us(from_unix_s(session.expires_at));
  claim.tool = std::move(bought.tool);
  if (const Tool* tool = catalog.tool(claim.tool)) claim.media = tool->media;
  const bool own_name = known && catalog.tool(known->toolSlug) == nullptr;
  if (own_name && is_tool_slug(known->toolSlug)) claim.sold_as = known->toolSlug;
  claim.price = session.price;
  claim.quantity = std::clamp<std::int64_t>(session.quantity, 1, quantity_max);
  claim.subtotal_minor = session.amount_subtotal;
  claim.amount_minor = session.amount_total;
  claim.currency = session.currency;
  claim.livemode = session.livemode;
  // When we first saw the payment, as in every claim.
  claim.paid_us = to_us(now);
  claim.payment_intent = session.payment_intent;
  claim.charge = session.charge;
  // A claim holds at most so many units: the rest is for a person, and none of it is lost silently.
  constexpr auto most = static_cast<std::int64_t>(units_max);
  if (bought.units > most) bought.doubt = fmt::format("{} videos were ordered", bought.units);
  claim.units.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(bought.units, 1, most)));
  return {.claim = std::move(claim), .doubt = std::move(bought.doubt)};
}

}  // namespace claimcheck
