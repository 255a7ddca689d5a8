#include "domain/money.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace claimcheck {

namespace {

// As Stripe counts them, which for some is not as their countries do (isk and ugx have two).
constexpr std::array<std::string_view, 15> without_digits = {"bif", "clp", "djf", "gnf", "jpy",
                                                             "kmf", "krw", "mga", "pyg", "rwf",
                                                             "vnd", "vuv", "xaf", "xof", "xpf"};
constexpr std::array<std::string_view, 5> with_three = {"bhd", "jod", "kwd", "omr", "tnd"};

int digits_of(std::string_view currency) {
  if (std::ranges::find(without_digits, currency) != without_digits.end()) return 0;
  return std::ranges::find(with_three, currency) != with_three.end() ? 3 : 2;
}

}  // namespace

std::string money_text(const Money& money, char decimal_point) {
  const int digits = digits_of(money.currency);
  std::string number = fmt::format("{:0{}}", money.amount_minor, digits + 1);
  if (digits > 0) number.insert(number.size() - static_cast<std::size_t>(digits), 1, decimal_point);
  std::string currency = money.currency;
  std::ranges::transform(currency, currency.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return fmt::format("{} {}", number, currency);
}

}  // namespace claimcheck
