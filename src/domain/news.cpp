#include "domain/news.hpp"

#include "base/crypto.hpp"
#include "domain/money.hpp"
#include "domain/names.hpp"
#include "domain/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace claimcheck {

namespace {

bool goes_back(const Unit& unit) {
  return unit.state == UnitState::refunding || unit.state == UnitState::refunded;
}

bool every_outcome_is_known(const Claim& claim) {
  return !claim.units.empty() && std::ranges::all_of(claim.units, [](const Unit& unit) {
    return unit.state == UnitState::delivered || goes_back(unit);
  });
}

bool any_delivered(const Claim& claim) {
  return std::ranges::count(claim.units, UnitState::delivered, &Unit::state) > 0;
}

bool money_is_back(const Claim& claim) {
  std::int64_t back = 0;
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    if (claim.units[i].state != UnitState::refunded) continue;
    back += share_of(claim, i);
  }
  return claim.state == OrderState::done && back > 0;
}

bool is_delayed(const Claim& claim, Time now) {
  return claim.state == OrderState::paid &&
         std::ranges::any_of(claim.units, [now](const Unit& unit) {
           return waits_for_generator(unit) && now - from_us(unit.away_us) >= delayed_after;
         });
}

bool holds(News news, const Claim& claim, Time now) {
  switch (news) {
    case News::delivered: return every_outcome_is_known(claim) && any_delivered(claim);
    case News::failed:
      return claim.state == OrderState::unpaid ||
             (every_outcome_is_known(claim) && !any_delivered(claim));
    case News::refunded: return money_is_back(claim);
    case News::held: return claim.state == OrderState::held;
    case News::delayed: return is_delayed(claim, now);
    case News::disputed: return needs_answer(claim.dispute);
  }
  return false;
}

// What was delivered stays so, and so does a failure; the others can end and begin again.
bool can_happen_again(News news) { return news != News::delivered && news != News::failed; }

// `told` is a list of "held.2", or "held.2-" when it does not hold any more. What this release
// cannot read, of a newer one, is kept as it is.
struct Told {
  std::int64_t count = 0;
  bool holding = false;
};
struct ToldList {
  std::map<News, Told> known;
  std::string unknown;
};

bool read_entry(std::string_view text, ToldList& list) {
  Told told{.holding = !text.ends_with('-')};
  if (!told.holding) text.remove_suffix(1);
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return false;
  const auto news = from_name<News>(text.substr(0, dot));
  const std::string_view number = text.substr(dot + 1);
  const char* const end = number.data() + number.size();
  const auto [stop, failed] = std::from_chars(number.data(), end, told.count);
  if (!news || failed != std::errc() || stop != end || told.count < 1) return false;
  list.known[*news] = told;
  return true;
}

ToldList read_told(std::string_view text) {
  ToldList list;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view entry = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    if (!entry.empty() && !read_entry(entry, list)) list.unknown += " " + std::string(entry);
  }
  return list;
}

std::string print_told(const ToldList& list) {
  std::string text;
  for (const auto& [news, told] : list.known) {
    text += fmt::format(" {}.{}{}", name_of(news), told.count, told.holding ? "" : "-");
  }
  text += list.unknown;
  return text.empty() ? text : text.substr(1);
}

// What ended by itself has ended when it was last worked on.
Time last_moved(const Claim& claim) {
  std::int64_t last_us = std::max({claim.created_us, claim.paid_us, claim.looked_us});
  for (const Unit& unit : claim.units) last_us = std::max(last_us, unit.by_hand_us);
  return from_us(last_us);
}

}  // namespace

std::string still_told(const Claim& claim) {
  ToldList list = read_told(claim.told);
  for (auto& [news, told] : list.known) {
    // What is delayed stays so until it does not wait any more.
    if (can_happen_again(news) && !holds(news, claim, Time::max())) told.holding = false;
  }
  return print_told(list);
}

Telling to_tell(const Claim& claim, Time now) {
  Telling telling{.items = {}, .told = claim.told};
  ToldList list = read_told(still_told(claim));
  const bool untold = std::ranges::all_of(
      list.known, [](const auto& entry) { return entry.first == News::disputed; });
  const bool old = untold && list.unknown.empty() && last_moved(claim) + news_age_max < now;
  for (const News news :
       {News::delivered, News::failed, News::refunded, News::held, News::delayed, News::disputed}) {
    if ((old && news != News::disputed) || !holds(news, claim, now)) continue;
    Told& told = list.known[news];
    if (told.holding || (told.count > 0 && !can_happen_again(news))) continue;
    told.holding = true;
    ++told.count;
    telling.items.push_back({.news = news, .ordinal = told.count});
  }
  telling.told = print_told(list);
  return telling;
}

std::string news_type(News news) { return news_type(name_of(news)); }

std::string news_type(std::string_view name) { return fmt::format("order.{}", name); }

std::string news_id(std::string_view session_id, const NewsItem& item) {
  constexpr std::size_t digits = 32;
  const std::string what = fmt::format("{} {}.{}", session_id, name_of(item.news), item.ordinal);
  return "msg_" + sha256_hex(what).substr(0, digits);
}

}  // namespace claimcheck
