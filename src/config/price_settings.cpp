#include "config/price_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace claimcheck {

namespace {

// price_x[:slug[:units]]. The slug * stands for every tool, also for one that is not configured.
ReadOutcome read_price(std::string_view text, Price& price) {
  const std::size_t first = text.find(':');
  price.id = text.substr(0, first);
  if (price.id.empty()) return bad("has an empty price id");
  // The Dashboard shows both ids on one page, and a checkout with the wrong one fails.
  if (price.id.starts_with("prod_")) {
    return bad(price.id + " is a product's id; take its price's id, price_…");
  }
  // Without a slug the price buys the default tool.
  price.tool = Tool{}.slug;
  if (first == std::string_view::npos) return {};
  text.remove_prefix(first + 1);
  const std::size_t second = text.find(':');
  const std::string_view slug = text.substr(0, second);
  price.any_tool = slug == "*";
  // `price:*` and `price::3` keep the default tool, whose limits then hold.
  if (!price.any_tool && !slug.empty()) price.tool = slug;
  if (second == std::string_view::npos) return {};
  const std::string_view units = text.substr(second + 1);
  const char* const end = units.data() + units.size();
  const auto [stop, failed] = std::from_chars(units.data(), end, price.units);
  constexpr auto most = static_cast<std::int64_t>(units_max);
  // The register has room for so many units of one order, and a price must fit into it.
  if (failed != std::errc() || stop != end || price.units < 1 || price.units > most) {
    return bad(fmt::format("price {}: units must be a number from 1 to {}", price.id, most));
  }
  return {};
}

// A price that is listed again buys one more tool. Its number of videos is the same for all of
// them: it is what Stripe charges for.
ReadOutcome add_tool(Price& listed, Price again) {
  if (listed.units != again.units) {
    return bad(fmt::format("{} is listed with {} and with {} videos", listed.id, listed.units,
                           again.units));
  }
  // A repeated pair is a mistake in the list, and more likely a wrong id than a harmless copy.
  const bool named =
      again.tool == listed.tool || std::ranges::find(listed.also, again.tool) != listed.also.end();
  if (again.any_tool ? listed.any_tool : named) return bad(listed.id + " is listed twice");
  listed.any_tool |= again.any_tool;
  if (!again.any_tool) listed.also.push_back(std::move(again.tool));
  return {};
}

}  // namespace

ReadOutcome read_prices(std::string_view text, Config& config) {
  // A stronger source replaces the whole list: prices of two sources must not mix.
  config.catalog.prices.clear();
  for (const std::string& entry : split_list(text)) {
    Price price;
    if (const ReadOutcome read = read_price(entry, price); !read) return read;
    auto& prices = config.catalog.prices;
    // One price in the catalog for each id: Stripe knows only that.
    const auto listed = std::ranges::find(prices, price.id, &Price::id);
    if (listed == prices.end()) {
      prices.push_back(std::move(price));
    } else if (const ReadOutcome added = add_tool(*listed, std::move(price)); !added) {
      return added;
    }
  }
  return {};
}

}  // namespace claimcheck
