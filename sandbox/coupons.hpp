// The coupons, shipping rates and the one tax rate that the imitated account has. Each coupon has
// one promotion code, which buyers can type on the payment page: coupon SAVE20, promotion code
// promo_SAVE20, code SAVE20.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck::sandbox {

struct Coupon {
  std::string id;
  std::int64_t percent_off = 0;  // 0 = an amount
  std::int64_t amount_off = 0;
  std::string currency;  // of the amount

  // "SAVE20:20%" or "TAKE5:500:usd"
  static Result<Coupon> parse(const std::string& text);
};

struct ShippingRate {
  std::string id;
  std::int64_t amount = 0;  // in the currency of the session
};

struct Offers {
  std::vector<Coupon> coupons = {
      {.id = "SAVE20", .percent_off = 20, .amount_off = 0, .currency = {}},
      {.id = "FREE100", .percent_off = 100, .amount_off = 0, .currency = {}},
      {.id = "TAKE50", .percent_off = 0, .amount_off = 50, .currency = "usd"}};
  std::vector<ShippingRate> shipping_rates = {{"shr_standard", 500}, {"shr_express", 1500}};
  std::int64_t tax_percent = 20;  // on top of the price, where automatic tax is on

  // Null = there is none.
  const Coupon* coupon(std::string_view id) const;
  const Coupon* by_promotion_code(std::string_view id) const;  // "promo_SAVE20"
  const ShippingRate* shipping_rate(std::string_view id) const;
};

inline constexpr std::string_view promotion_prefix = "promo_";

}  // namespace claimcheck::sandbox
