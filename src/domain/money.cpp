#include "domain/money.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace claimcheck {

namespace {

struct CurrencyRule {
  std::string_view currency;
  int digits;
  std::int64_t step;
};

// Stripe's rules (docs.stripe.com/currencies): minor units and special cases. Some differ from the
// currency's own rules. Every other currency has two digits and step 1.
constexpr std::array<CurrencyRule, 22> special = {{
    {"bif", 0, 1},   {"clp", 0, 1},   {"djf", 0, 1},  {"gnf", 0, 1},  {"jpy", 0, 1},
    {"kmf", 0, 1},   {"krw", 0, 1},   {"mga", 0, 1},  {"pyg", 0, 1},  {"rwf", 0, 1},
    {"vnd", 0, 1},   {"vuv", 0, 1},   {"xaf", 0, 1},  {"xof", 0, 1},  {"xpf", 0, 1},
    {"bhd", 3, 10},  {"jod", 3, 10},  {"kwd", 3, 10}, {"omr", 3, 10}, {"tnd", 3, 10},
    {"isk", 2, 100}, {"ugx", 2, 100},
}};

CurrencyRule rule_of(std::string_view currency) {
  const auto* const found = std::ranges::find(special, currency, &CurrencyRule::currency);
  return found == special.end() ? CurrencyRule{.currency = currency, .digits = 2, .step = 1}
                                : *found;
}

}  // namespace

std::int64_t step_of(std::string_view currency) { return rule_of(currency).step; }

std::int64_t minor_per_unit(std::string_view currency) {
  std::int64_t minor = 1;
  for (int digit = 0; digit < rule_of(currency).digits; ++digit) minor *= 10;
  return minor;
}

std::int64_t share_of(const Money& whole, std::size_t parts, std::size_t index) {
  const std::int64_t step = step_of(whole.currency);
  const std::int64_t steps = whole.amount_minor / step;
  const auto count = static_cast<std::int64_t>(parts);
  const bool larger = static_cast<std::int64_t>(index) < steps % count;
  return (steps / count + (larger ? 1 : 0)) * step;
}

std::string amount_text(const Money& money, char decimal_point) {
  const int digits = rule_of(money.currency).digits;
  const std::int64_t size = money.amount_minor < 0 ? -money.amount_minor : money.amount_minor;
  std::string number = fmt::format("{:0{}}", size, digits + 1);
  if (digits > 0) number.insert(number.size() - static_cast<std::size_t>(digits), 1, decimal_point);
  return (money.amount_minor < 0 ? "-" : "") + number;
}

std::string money_text(const Money& money, char decimal_point) {
  std::string currency = money.currency;
  std::ranges::transform(currency, currency.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return fmt::format("{} {}", amount_text(money, decimal_point), currency);
}

std::string short_money_text(const Money& money) {
  const std::string_view sign = money.currency == "usd"   ? "$"
                                : money.currency == "eur" ? "€"
                                : money.currency == "gbp" ? "£"
                                                          : "";
  if (sign.empty()) return money_text(money, '.');
  const std::string text = amount_text(money, '.');
  const bool negative = text.starts_with('-');
  return fmt::format("{}{}{}", negative ? "-" : "", sign, text.substr(negative ? 1 : 0));
}

}  // namespace claimcheck
