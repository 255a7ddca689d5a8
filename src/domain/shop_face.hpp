// ShopFace: what the shop says of itself: its name, logo, colour, addresses and the names of its
// products. Buyers see it on pages and in mails. Read once from [shop] of the configuration file,
// constant afterwards; without that table the name is empty, and everything looks like claimcheck.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace claimcheck {

struct ShopLogo {
  std::string type;   // "image/png"; empty = there is none
  std::string bytes;  // the whole file
};
inline constexpr std::size_t logo_bytes_max = 256UL * 1024;
inline constexpr std::size_t shop_name_chars_max = 60;
inline constexpr std::size_t product_title_chars_max = 100;

// The colours of a shop without one of its own; also in page.css, status.css and mail.html.
inline constexpr std::string_view accent_default = "#3b5bdb";
inline constexpr std::string_view accent_dark_default = "#9db0ff";

struct ShopFace {
  std::string name;
  // Readable as text, and below white or nearly black text: shades of the shop's colour.
  std::string accent = std::string(accent_default);
  std::string accent_dark = std::string(accent_dark_default);
  ShopLogo logo;
  // Addresses for a link; empty = none. `support` is https: or mailto:.
  std::string support;
  std::string terms;
  std::string privacy;
  std::map<std::string, std::string, std::less<>> products;  // titles by price id

  // Empty = the price has no title.
  std::string_view title_of(std::string_view price) const {
    const auto found = products.find(price);
    return found == products.end() ? std::string_view() : found->second;
  }
};

}  // namespace claimcheck
