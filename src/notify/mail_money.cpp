#include "notify/mail_money.hpp"

#include "base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace claimcheck {

namespace {

constexpr std::string_view no_break = "\u00a0";

// Of CLDR, as browsers have it.
struct Habit {
  std::string_view language;
  std::string_view decimal;
  std::string_view group;
  std::size_t further_group = 3;  // digits of every group but the last one
  std::size_t grouped_from = 4;   // digits
  bool sign_first = true;
};
constexpr std::array<Habit, 5> habits = {{
    {.language = "en", .decimal = ".", .group = ","},
    {.language = "ru", .decimal = ",", .group = no_break, .sign_first = false},
    {.language = "tr", .decimal = ",", .group = "."},
    {.language = "es", .decimal = ",", .group = ".", .grouped_from = 5, .sign_first = false},
    {.language = "hi", .decimal = ".", .group = ",", .further_group = 2},
}};

struct Sign {
  std::string_view currency;
  std::string_view text;
  std::string_view languages;  // that use it; empty = all
};
constexpr std::array<Sign, 9> signs = {{
    {"usd", "US$", "es"},
    {"usd", "$", ""},
    {"eur", "€", ""},
    {"gbp", "£", "en ru tr hi"},
    {"rub", "₽", "ru"},
    {"try", "₺", "tr"},
    {"inr", "₹", "en ru tr hi"},
    {"brl", "R$", "en ru tr hi"},
    {"jpy", "¥", "en ru tr"},
}};

std::string sign_of(std::string_view code, std::string_view currency, std::string_view language) {
  for (const Sign& sign : signs) {
    const bool used = sign.languages.empty() || sign.languages.contains(language);
    if (sign.currency == currency && used) return std::string(sign.text);
  }
  return std::string(code);
}

std::string grouped(std::string_view digits, const Habit& habit) {
  std::string text(digits);
  if (digits.size() < habit.grouped_from) return text;
  std::size_t size = 3;
  for (std::size_t at = text.size(); at > size; size = habit.further_group) {
    at -= size;
    text.insert(at, habit.group);
  }
  return text;
}

}  // namespace

std::string mail_money(const Money& money, std::string_view language) {
  const auto* const habit = std::ranges::find(habits, language, &Habit::language);
  ENSURE(habit != habits.end());
  // "1234.50 USD"
  const std::string plain = money_text(money, '.');
  const std::string_view number = std::string_view(plain).substr(0, plain.find(' '));
  const std::string_view code = std::string_view(plain).substr(number.size() + 1);
  const std::size_t point = std::min(number.find('.'), number.size());
  std::string text = grouped(number.substr(0, point), *habit);
  if (point < number.size()) text += fmt::format("{}{}", habit->decimal, number.substr(point + 1));
  const std::string sign = sign_of(code, money.currency, language);
  if (!habit->sign_first) return fmt::format("{}{}{}", text, no_break, sign);
  // A code stands apart from its number, a sign does not.
  return fmt::format("{}{}{}", sign, sign == code ? no_break : "", text);
}

}  // namespace claimcheck
