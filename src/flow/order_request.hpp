// OrderRequest: a create-checkout body, read and checked against the catalog before anybody else
// is asked. Everything a buyer may choose is within what the price's tool lists; the rest comes
// from the configuration, but for the slug and title of a tool that is not configured, at a price
// that buys such. Pure.
#pragma once

#include "domain/catalog.hpp"
#include "flow/refusal.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace claimcheck {

struct OrderRequest {
  Price price;
  Tool tool;               // whose limits hold
  std::string tool_slug;   // what the shop calls it: the tool's own, or one that is not configured
  std::string tool_title;  // likewise
  std::int64_t quantity = 1;
  std::string prompt;
  double duration = 0;
  std::string resolution;
  std::string style;
  std::string customer_email;  // may be empty
  std::string locale;          // may be empty

  std::int64_t videos() const { return quantity * price.units; }
  // The same text for the same request, whatever the order or spelling of its members.
  std::string canonical() const;
};

std::expected<OrderRequest, Refusal> read_order_request(std::string_view body,
                                                        const Catalog& catalog);

}  // namespace claimcheck
