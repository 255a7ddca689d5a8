// OrderRequest: a create-checkout body, read and checked against the catalog before any other part
// is asked. A buyer may choose only from what the price's tool lists. The rest comes from the
// configuration. The exception is a price that buys tools which are not configured: then slug and
// title come from the request. Pure.
#pragma once

#include "domain/catalog.hpp"
#include "domain/session.hpp"
#include "flow/refusal.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

struct OrderRequest {
  Price price;
  Tool tool;               // whose limits hold
  std::string tool_slug;   // the shop's name for it: the tool's own, or one that is not configured
  std::string tool_title;  // likewise
  std::int64_t quantity = 1;
  std::string prompt;
  double duration = 0;
  std::string resolution;
  std::string style;
  std::string customer_email;  // may be empty
  std::string locale;          // may be empty
  std::string reference;       // the shop's own name of the order; may be empty
  SessionMetadata metadata;    // the shop's own; sorted by name

  std::int64_t videos() const { return quantity * price.units; }
  // The same text for the same request, independent of the order and the spelling of its members.
  std::string canonical() const;
};

// How many of that price one order may hold: Stripe's metadata has room for one register entry for
// each of units_max videos.
std::int64_t quantity_max_at(const Price& price);

// What is wrong with a prompt whoever makes it: it is empty or too long. Nothing = it is not.
std::optional<Refusal> objection_to_text(const std::string& prompt);

// Refusals: invalid, with the member at fault; the first mistake is named.
std::expected<OrderRequest, Refusal> read_order_request(std::string_view body,
                                                        const Catalog& catalog);

}  // namespace claimcheck
