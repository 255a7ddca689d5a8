// Settings that guard the checkout.
#include "config/config.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

std::expected<Config, ConfigErrors> with(const std::string& setting) {
  return load_config({.arguments = {}, .environment = {setting}}, false);
}

std::string error_of(const std::string& setting) {
  const auto config = with(setting);
  return config ? "" : config.error().lines.at(0);
}

TEST_CASE("guard settings: without any the checkout is open, and many declines pause it") {
  const auto config = load_config({}, false);
  CHECK(config->shop_keys.empty());
  CHECK(config->turnstile.secret.empty());
  CHECK(config->turnstile.url == "https://challenges.cloudflare.com/turnstile/v0/siteverify");
  CHECK(config->store.declines.declines == 20);
  CHECK(config->store.declines.window == std::chrono::minutes(10));
  CHECK(config->store.declines.quiet == std::chrono::minutes(30));
}

TEST_CASE("guard settings: each is read, and a wrong one says what to write") {
  const std::string key = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
  CHECK(with("CLAIMCHECK_SHOP_KEY=" + key)->shop_keys.at(0).reveal() == "0123456789abcdef01234567");
  CHECK(with("CLAIMCHECK_SHOP_KEY=" + key + "," + key)->shop_keys.size() == 2);
  CHECK(error_of("CLAIMCHECK_SHOP_KEY=" + key + "," + key + "," + key) ==
        "CLAIMCHECK_SHOP_KEY: must be two at the most");
  for (const char* bad : {"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", "whsec_c2hvcnQ=", "whsec_?"}) {
    const std::string error = error_of(std::string("CLAIMCHECK_SHOP_KEY=") + bad);
    CHECK(error ==
          "CLAIMCHECK_SHOP_KEY: must be whsec_ and 24 to 64 bytes in base64; two with a comma");
  }
  CHECK(with("CLAIMCHECK_TURNSTILE_SECRET=0x4AAA")->turnstile.secret.reveal() == "0x4AAA");
  CHECK(with("CLAIMCHECK_TURNSTILE_URL=http://127.0.0.1:1/v")->turnstile.url ==
        "http://127.0.0.1:1/v");
  CHECK(error_of("CLAIMCHECK_TURNSTILE_URL=x").ends_with("must begin with https:// or http://"));
  CHECK(with("CLAIMCHECK_PAUSE_DECLINES=0")->store.declines.declines == 0);
  CHECK_FALSE(error_of("CLAIMCHECK_PAUSE_DECLINES=10001").empty());
  CHECK(with("CLAIMCHECK_PAUSE_WINDOW=90s")->store.declines.window == std::chrono::seconds(90));
  CHECK(with("CLAIMCHECK_PAUSE_QUIET=2h")->store.declines.quiet == std::chrono::hours(2));
  CHECK(error_of("CLAIMCHECK_PAUSE_QUIET=25h").ends_with("must be from 1s to 24h"));
}

}  // namespace
}  // namespace claimcheck
