#include "sandbox/session_amounts.hpp"

#include "base/json.hpp"

#include <algorithm>

namespace claimcheck::sandbox {

namespace {

// Half a step is rounded up.
std::int64_t percent_of(std::int64_t amount, std::int64_t percent, std::int64_t step) {
  const std::int64_t whole = 100 * step;
  return (amount * percent + whole / 2) / whole * step;
}

std::int64_t discount_on(const Coupon& coupon, std::int64_t subtotal, std::int64_t step) {
  if (coupon.percent_off > 0) return percent_of(subtotal, coupon.percent_off, step);
  return std::min(coupon.amount_off, subtotal);
}

const Coupon* coupon_of(const Object& session, const Offers& offers) {
  const Array& discounts = session.at("discounts").get_array();
  if (discounts.empty()) return nullptr;
  return offers.coupon(text_of(discounts.front().get_object(), "coupon"));
}

bool is_taxed(const Object& session) {
  return text_of(session.at("automatic_tax").get_object(), "status") == "complete";
}

std::int64_t sum(const Array& items, const char* member) {
  std::int64_t total = 0;
  for (const Value& item : items) total += integer_of(item.get_object(), member);
  return total;
}

}  // namespace

std::int64_t step_of(std::string_view currency) {
  constexpr std::string_view three_decimals = "bhd jod kwd omr tnd";
  if (currency == "isk" || currency == "ugx") return 100;  // two decimals, both 0
  return three_decimals.find(currency) != std::string_view::npos ? 10 : 1;
}

void compute_amounts(Object& session, Array& items, const Offers& offers) {
  const std::int64_t step = step_of(text_of(session, "currency"));
  const std::int64_t subtotal = sum(items, "amount_subtotal");
  const Coupon* coupon = coupon_of(session, offers);
  // Taken from the first items on, so that its parts add up to the whole.
  std::int64_t discount = coupon == nullptr ? 0 : discount_on(*coupon, subtotal, step);
  for (Value& item : items) {
    Object& fields = item.get_object();
    const std::int64_t price = integer_of(fields, "amount_subtotal");
    const std::int64_t off = std::min(discount, price);
    const std::int64_t tax =
        is_taxed(session) ? percent_of(price - off, offers.tax_percent, step) : 0;
    discount -= off;
    fields["amount_discount"] = off;
    fields["amount_tax"] = tax;
    fields["amount_total"] = price - off + tax;
  }
  const Object* shipping = session.at("shipping_cost").if_object();
  const std::int64_t sent = shipping == nullptr ? 0 : integer_of(*shipping, "amount_total");
  session["amount_subtotal"] = subtotal;
  session["amount_total"] = sum(items, "amount_total") + sent;
  session["total_details"] = Object{{"amount_discount", sum(items, "amount_discount")},
                                    {"amount_shipping", sent},
                                    {"amount_tax", sum(items, "amount_tax")}};
}

}  // namespace claimcheck::sandbox
