#include "config/shop_settings.hpp"

#include "base/text.hpp"
#include "config/nearest.hpp"
#include "config/readable_color.hpp"
#include "net/http/http.hpp"
#include "net/smtp/mail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace claimcheck {

namespace {

const std::vector<std::string> known_keys = {"name",    "logo",  "color",   "color_dark",
                                             "support", "terms", "privacy", "products"};

std::size_t characters(std::string_view text) {
  // Every byte of UTF-8 but the further ones of a character.
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// Such an address is put into a page's link as it is.
bool is_https(std::string_view text) {
  constexpr std::size_t bytes_max = 2000;
  const auto unusable = [](char c) {
    return c <= ' ' || c == 127 || c == '"' || c == '<' || c == '>' || c == '\\';
  };
  const std::string_view authority = url_authority(text);
  return text.starts_with("https://") && text.size() <= bytes_max && !authority.empty() &&
         !authority.contains('@') && std::ranges::none_of(text, unusable);
}

class ShopReader {
 public:
  ShopReader(const std::filesystem::path& folder, const TellWrong& wrong)
      : folder_(folder), wrong_(wrong) {}

  ShopFace read(const toml::table& table) {
    for (const auto& [key, node] : table) read_key(key.str(), node);
    if (!table.contains("name")) wrong_("shop", table, "name is missing");
    // Read in any sequence, so the shades come last.
    if (color_.empty()) color_ = color_dark_;
    if (!color_.empty()) {
      face_.accent = readable_color(color_, Ground::light);
      face_.accent_dark = readable_color(color_dark_.empty() ? color_ : color_dark_, Ground::dark);
    }
    return std::move(face_);
  }

 private:
  void read_key(std::string_view key, const toml::node& node) {
    if (key == "name") return read_line(key, node, shop_name_chars_max, face_.name);
    if (key == "logo") return read_logo(node);
    if (key == "color") return read_color(key, node, color_);
    if (key == "color_dark") return read_color(key, node, color_dark_);
    if (key == "support") return read_support(node);
    if (key == "terms") return read_address(key, node, face_.terms);
    if (key == "privacy") return read_address(key, node, face_.privacy);
    if (key == "products") return read_products(node);
    tell(key, node, "unknown key" + did_you_mean(key, known_keys));
  }

  void tell(std::string_view key, const toml::node& node, std::string_view what) {
    wrong_(fmt::format("shop.{}", key), node, what);
  }

  void read_line(std::string_view key, const toml::node& node, std::size_t most,
                 std::string& text) {
    const std::string given = node.value<std::string>().value_or("");
    const auto control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; };
    const bool blank = given.find_first_not_of(' ') == std::string::npos;
    if (blank || characters(given) > most || std::ranges::any_of(given, control)) {
      return tell(key, node, fmt::format("must be one line of 1 to {} characters", most));
    }
    text = given;
  }

  void read_color(std::string_view key, const toml::node& node, std::string& color) {
    const std::string given = node.value<std::string>().value_or("");
    if (!is_color(given)) return tell(key, node, "must be a colour like \"#3b5bdb\"");
    color = lowercase(given);
  }

  void read_address(std::string_view key, const toml::node& node, std::string& address) {
    const std::string given = node.value<std::string>().value_or("");
    if (!is_https(given)) return tell(key, node, "must be an address that begins with https://");
    address = given;
  }

  void read_support(const toml::node& node) {
    const std::string given = node.value<std::string>().value_or("");
    if (is_https(given)) {
      face_.support = given;
    } else if (is_mail_address(given)) {
      face_.support = "mailto:" + given;
    } else {
      tell("support", node, "must be an address like help@shop.example or https://…");
    }
  }

  // Served by this process itself, so that a buyer's page loads nothing from anywhere else.
  void read_logo(const toml::node& node) {
    const std::string given = node.value<std::string>().value_or("");
    if (given.empty() || given.contains("://")) {
      return tell("logo", node, "must be the path of a PNG, JPEG, WebP or SVG file");
    }
    const std::filesystem::path path = folder_ / given;
    std::error_code unknown;
    std::ifstream file(path, std::ios::binary);
    if (!std::filesystem::is_regular_file(path, unknown) || !file) {
      return tell("logo", node, fmt::format("there is no readable file {}", path.string()));
    }
    std::string bytes(logo_bytes_max + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    if (bytes.size() > logo_bytes_max) {
      return tell("logo", node, fmt::format("must be at most {} KiB", logo_bytes_max / 1024));
    }
    const std::string_view type = picture_type(bytes);
    if (type.empty()) return tell("logo", node, "must be a PNG, JPEG, WebP or SVG file");
    face_.logo = {.type = std::string(type), .bytes = std::move(bytes)};
  }

  void read_products(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return tell("products", node, "must be a table of price id = title");
    for (const auto& [price, title] : *table) {
      // A dashboard shows both ids; a title of a product's id would never be seen.
      const std::string key = fmt::format("products.{}", price.str());
      if (price.str().starts_with("prod_")) {
        tell(key, title, "is a product's id; take its price's id, price_…");
        continue;
      }
      read_line(key, title, product_title_chars_max, face_.products[std::string(price.str())]);
    }
  }

  const std::filesystem::path& folder_;
  const TellWrong& wrong_;
  ShopFace face_;
  std::string color_;
  std::string color_dark_;
};

}  // namespace

std::string_view picture_type(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
  if (bytes.starts_with("\xff\xd8\xff")) return "image/jpeg";
  if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) return "image/webp";
  const std::size_t text = std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size());
  const std::string_view head = bytes.substr(text, 1000);
  const bool markup =
      head.starts_with("<svg") || head.starts_with("<?xml") || head.starts_with("<!--");
  return markup && head.contains("<svg") ? "image/svg+xml" : std::string_view();
}

ShopFace read_shop(const toml::node& node, const std::filesystem::path& folder,
                   const TellWrong& wrong) {
  if (const toml::table* table = node.as_table()) return ShopReader(folder, wrong).read(*table);
  wrong("shop", node, "must be a table");
  return {};
}

}  // namespace claimcheck
