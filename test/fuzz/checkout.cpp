// The body of POST /api/create-checkout, read against a catalog with two tools.
#include "base/assert.hpp"
#include "domain/session.hpp"
#include "flow/order_request.hpp"
#include "targets.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace claimcheck::fuzz {

namespace {

const std::set<std::string_view> params = {
    "",         "priceId",    "toolSlug", "quantity",      "prompt",
    "duration", "resolution", "style",    "customerEmail", "toolTitle"};

Catalog catalog() {
  Catalog shop;
  Tool cats;
  cats.slug = "cats";
  cats.durations = {5, 8.5};
  cats.resolutions = {"720x1280", "1280x720"};
  cats.styles = {"noir", "cartoon"};
  shop.tools.push_back(cats);
  shop.prices = {{.id = "price_one", .tool = Tool{}.slug},
                 {.id = "price_cats", .tool = "cats", .units = 3},
                 {.id = "price_both", .tool = "cats", .also = {Tool{}.slug}},
                 {.id = "price_any", .tool = "cats", .any_tool = true}};
  return shop;
}

std::string body_of(const OrderRequest& order) {
  return boost::json::serialize(boost::json::object{{"priceId", order.price.id},
                                                    {"toolSlug", order.tool_slug},
                                                    {"toolTitle", order.tool_title},
                                                    {"quantity", order.quantity},
                                                    {"prompt", order.prompt},
                                                    {"duration", order.duration},
                                                    {"resolution", order.resolution},
                                                    {"style", order.style},
                                                    {"customerEmail", order.customer_email}});
}

template <typename T>
bool is_one_of(const std::vector<T>& choices, const T& chosen) {
  return std::ranges::find(choices, chosen) != choices.end();
}

void ensure_sold(const OrderRequest& order, const Catalog& shop) {
  const Price* price = shop.price(order.price.id);
  ENSURE(price && shop.tool_for(*price, order.tool_slug)->slug == order.tool.slug);
  ENSURE(is_tool_slug(order.tool_slug) && is_tool_title(order.tool_title));
  ENSURE(order.quantity >= 1 && order.quantity <= quantity_max);
  ENSURE(order.videos() == order.quantity * price->units);
  ENSURE(is_one_of(order.tool.durations, order.duration));
  ENSURE(is_one_of(order.tool.resolutions, order.resolution));
  ENSURE(is_one_of(order.tool.styles, order.style));
  ENSURE(!order.prompt.empty() && order.prompt.size() <= prompt_bytes_max);
  // It goes into a form to Stripe.
  ENSURE(order.customer_email.find_first_of(std::string_view("\0\r\n ", 4)) == std::string::npos);
}

}  // namespace

void fuzz_checkout(std::string_view bytes) {
  static const Catalog shop = catalog();
  const auto order = read_order_request(bytes, shop);
  if (!order) {
    const Refusal& refusal = order.error();
    ENSURE(refusal.kind == RefusalKind::invalid && params.contains(refusal.param));
    ENSURE(!refusal.code.empty() && !refusal.message.empty());
    return;
  }
  ensure_sold(*order, shop);
  const auto again = read_order_request(body_of(*order), shop);
  ENSURE(again && again->canonical() == order->canonical());
}

}  // namespace claimcheck::fuzz
