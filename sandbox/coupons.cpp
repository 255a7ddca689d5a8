#include "sandbox/coupons.hpp"

#include <algorithm>
#include <charconv>

namespace claimcheck::sandbox {

namespace {

template <typename Thing>
const Thing* find(const std::vector<Thing>& things, std::string_view id) {
  const auto found = std::ranges::find(things, id, &Thing::id);
  return found == things.end() ? nullptr : &*found;
}

}  // namespace

Result<Coupon> Coupon::parse(const std::string& text) {
  const auto wrong = fail(Errc::invalid, "a coupon is CODE:20% or CODE:500:usd, not " + text);
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0) return wrong;
  Coupon coupon;
  coupon.id = text.substr(0, colon);
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data() + colon + 1, end, number);
  const std::string_view rest(stop, static_cast<std::size_t>(end - stop));
  if (failed != std::errc() || number < 1) return wrong;
  if (rest == "%" && number <= 100) {
    coupon.percent_off = number;
    return coupon;
  }
  if (rest.size() != 4 || rest.front() != ':') return wrong;
  coupon.amount_off = number;
  coupon.currency = rest.substr(1);
  return coupon;
}

const Coupon* Offers::coupon(std::string_view id) const { return find(coupons, id); }

const Coupon* Offers::by_promotion_code(std::string_view id) const {
  if (!id.starts_with(promotion_prefix)) return nullptr;
  return coupon(id.substr(promotion_prefix.size()));
}

const ShippingRate* Offers::shipping_rate(std::string_view id) const {
  return find(shipping_rates, id);
}

}  // namespace claimcheck::sandbox
