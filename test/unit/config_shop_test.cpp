// [shop] of the configuration file: how the shop presents itself, and that each mistake ends the
// start with its line and what was meant.
#include "config/config.hpp"
#include "config/readable_color.hpp"
#include "config/shop_settings.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace claimcheck {
namespace {

const std::string png = "\x89PNG\r\n\x1a\n...";

// A configuration file with a logo beside it.
struct Loaded {
  std::filesystem::path folder = std::tmpnam(nullptr);
  std::string path = folder / "shop.toml";
  std::expected<Config, ConfigErrors> config;

  explicit Loaded(const std::string& text, bool for_serving = false,
                  const std::string& logo = png) {
    std::filesystem::create_directory(folder);
    std::ofstream(path) << text;
    std::ofstream(folder / "logo") << logo;
    std::vector<std::string> environment;
    if (for_serving) {
      environment = {"STRIPE_SECRET_KEY=sk_test_1", "STRIPE_WEBHOOK_SECRET=whsec_1",
                     "STRIPE_PRICE_IDS=price_single", "SUPERDUPERAI_TOKEN=tokentokentoken"};
    }
    config =
        load_config({.arguments = {"--config", path}, .environment = environment}, for_serving);
    std::filesystem::remove_all(folder);
  }
  // The only error, without the path of the file and the folder.
  std::string error() const {
    REQUIRE_FALSE(config);
    REQUIRE(config.error().lines.size() == 1);
    std::string line = config.error().lines[0];
    const std::string own = folder.string() + "/";
    for (std::size_t at = line.find(own); at != std::string::npos; at = line.find(own)) {
      line.erase(at, own.size());
    }
    return line;
  }
};

TEST_CASE("shop: the whole table is read, with a logo from beside the file") {
  const Loaded file(R"([shop]
name = "Кот & Co"
logo = "logo"
color = "#0B7A4B"
support = "help@shop.example"
terms = "https://shop.example/terms"
privacy = "https://shop.example/privacy"
[shop.products]
price_single = "One cat video"
)");
  REQUIRE(file.config);
  const ShopFace& shop = file.config->shop;
  CHECK(shop.name == "Кот & Co");
  CHECK(shop.logo.type == "image/png");
  CHECK(shop.logo.bytes == png);
  CHECK(shop.accent == "#0b7a4b");
  CHECK(shop.support == "mailto:help@shop.example");
  CHECK(shop.terms == "https://shop.example/terms");
  CHECK(shop.title_of("price_single") == "One cat video");
  CHECK(shop.title_of("price_other").empty());
}

TEST_CASE("shop: without the table everything is as claimcheck looks") {
  const Loaded file("");
  REQUIRE(file.config);
  CHECK(file.config->shop.name.empty());
  CHECK(file.config->shop.accent == accent_default);
  CHECK(file.config->shop.accent_dark == accent_dark_default);
}

TEST_CASE("shop: a mistake names its line, its key and what was meant") {
  const auto error_of = [](const std::string& line) {
    return Loaded("[shop]\nname = \"Cats\"\n" + line + "\n").error();
  };
  CHECK(error_of("colour = \"#fff\"") ==
        "shop.toml:3: shop.colour: unknown key; did you mean color?");
  CHECK(error_of("color = \"#fff\"") ==
        "shop.toml:3: shop.color: must be a colour like \"#3b5bdb\"");
  CHECK(error_of("color_dark = 7").starts_with("shop.toml:3: shop.color_dark: must be a colour"));
  CHECK(error_of("support = \"http://shop.example\"") ==
        "shop.toml:3: shop.support: must be an address like help@shop.example or https://…");
  CHECK(error_of("terms = \"javascript:alert(1)\"") ==
        "shop.toml:3: shop.terms: must be an address that begins with https://");
  CHECK(error_of("privacy = \"https://a b\"").starts_with("shop.toml:3: shop.privacy: must be"));
  CHECK(error_of("privacy = \"https://user@host/\"").starts_with("shop.toml:3: shop.privacy: "));
  CHECK(error_of("logo = \"none.png\"") ==
        "shop.toml:3: shop.logo: there is no readable file none.png");
  CHECK(error_of("logo = \"https://shop.example/logo.png\"") ==
        "shop.toml:3: shop.logo: must be the path of a PNG, JPEG, WebP or SVG file");
  CHECK(error_of("products = \"x\"").starts_with("shop.toml:3: shop.products: must be a table"));
  CHECK(error_of("products = { prod_1 = \"x\" }") ==
        "shop.toml:3: shop.products.prod_1: is a product's id; take its price's id, price_…");
  CHECK(error_of("products = { price_1 = \"\" }") ==
        "shop.toml:3: shop.products.price_1: must be one line of 1 to 100 characters");
  CHECK(Loaded("[shop]\ncolor = \"#3b5bdb\"\n").error() == "shop.toml:1: shop: name is missing");
  CHECK(Loaded("shop = 1\n").error() == "shop.toml:1: shop: must be a table");
  CHECK(Loaded("[shopp]\nname = \"x\"\n").error() ==
        "shop.toml:1: shopp: unknown key; did you mean shop?");
  const auto named = [](const std::string& name) {
    return Loaded("[shop]\nname = \"" + name + "\"\n");
  };
  CHECK(named(std::string(61, 'x')).error() ==
        "shop.toml:2: shop.name: must be one line of 1 to 60 characters");
  std::string sixty;
  for (int i = 0; i < 60; ++i) sixty += "ж";
  CHECK(named(sixty).config);
  CHECK(named("a\\nb").error().starts_with("shop.toml:2: shop.name: must be one line"));
  CHECK(named("  ").error().starts_with("shop.toml:2: shop.name: must be one line"));
}

TEST_CASE("shop: a logo is a picture of a bounded size") {
  const auto loaded = [](const std::string& logo) {
    return Loaded("[shop]\nname = \"Cats\"\nlogo = \"logo\"\n", false, logo);
  };
  CHECK(loaded("<html>").error() ==
        "shop.toml:3: shop.logo: must be a PNG, JPEG, WebP or SVG file");
  CHECK(loaded(png + std::string(logo_bytes_max, 'x')).error() ==
        "shop.toml:3: shop.logo: must be at most 256 KiB");
  CHECK(loaded(png + std::string(logo_bytes_max - png.size(), 'x')).config);
  CHECK(picture_type("\xff\xd8\xff\xe0") == "image/jpeg");
  CHECK(picture_type(std::string("RIFF\1\0\0\0WEBPVP8 ", 16)) == "image/webp");
  CHECK(picture_type("<?xml version=\"1.0\"?>\n<svg xmlns=\"…\">") == "image/svg+xml");
  CHECK(picture_type(" \n<svg/>") == "image/svg+xml");
  CHECK(picture_type("<?xml version=\"1.0\"?><html>").empty());
  CHECK(picture_type("GIF89a").empty());
  CHECK(picture_type("").empty());
}

TEST_CASE("shop: a title of a price that is not sold ends the start") {
  const std::string text = "[shop]\nname = \"Cats\"\n[shop.products]\nprice_singel = \"One\"\n";
  CHECK(Loaded(text, true).error() ==
        "shop.products.price_singel: is not in STRIPE_PRICE_IDS; did you mean price_single?");
  CHECK(Loaded(text).config);  // who only looks at orders may have no prices
}

TEST_CASE("colours: every colour becomes one that can be read, and a readable one stays") {
  CHECK(readable_color("#3b5bdb", Ground::light) == "#3b5bdb");
  CHECK(readable_color("#9db0ff", Ground::dark) == "#9db0ff");
  CHECK(contrast("#000000", "#ffffff") == doctest::Approx(21));
  for (const char* color : {"#ffff00", "#ffffff", "#000000", "#ff0000", "#808080", "#0b7a4b"}) {
    CAPTURE(color);
    const std::string light = readable_color(color, Ground::light);
    const std::string dark = readable_color(color, Ground::dark);
    CHECK(contrast(light, "#ffffff") >= 4.5);
    CHECK(contrast(light, "#f4f6fa") >= 4.5);
    CHECK(contrast(dark, "#1a202c") >= 4.5);
    CHECK(contrast(dark, "#10141f") >= 4.5);
  }
  CHECK_FALSE(is_color("3b5bdb"));
  CHECK_FALSE(is_color("#3b5bd"));
  CHECK_FALSE(is_color("#3b5bdg"));
}

}  // namespace
}  // namespace claimcheck
