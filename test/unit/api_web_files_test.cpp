// Pages and files with a shop's face and without one.
#include "api/web_files.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

PageShop cats() {
  PageShop shop;
  shop.url = "https://shop.example/?a=1&b=2";
  shop.face.name = "Cats & <Co>";
  shop.face.accent = "#0b7a4b";
  shop.face.accent_dark = "#66ccaa";
  shop.face.support = "mailto:help@shop.example";
  shop.face.terms = "https://shop.example/terms";
  shop.face.logo = {.type = "image/svg+xml", .bytes = "<svg/>"};
  shop.face.products["price_1"] = "One \"cat\"";
  return shop;
}

TEST_CASE("a page has the shop's name, logo and addresses, each escaped") {
  for (const char* name : {"index.html", "left.html", "later.html", "missing.html",
                           "payment-success.html", "find.html", "found.html"}) {
    CAPTURE(name);
    const std::string page = page_response(name, cats()).body;
    CHECK(page.contains(" · Cats &amp; &lt;Co&gt;</title>"));
    CHECK(page.contains(R"(<img src="/assets/shop-logo" alt="">)"));
    CHECK(page.contains(R"(rel="icon" href="/assets/shop-logo")"));
    CHECK(page.contains(R"(<a href="mailto:help@shop.example" data-text="writeToUs")"));
    CHECK(page.contains(R"(href="https://shop.example/terms" data-text="terms")"));
    CHECK_FALSE(page.contains("data-text=\"privacy\""));
    const bool finds = std::string_view(name).starts_with("f");
    CHECK((finds || page.contains("https://shop.example/?a=1&amp;b=2")));
    CHECK(page.starts_with("<!doctype html>"));
    CHECK_FALSE(page.contains("{{"));
  }
}

TEST_CASE("the page for lost orders offers mail only where it can be sent") {
  PageShop shop;
  CHECK(page_response("find.html", shop).body.contains("<form id=\"by-mail\" hidden>"));
  shop.has_mail = true;
  CHECK(page_response("find.html", shop).body.contains("<form id=\"by-mail\" >"));
}

TEST_CASE("a page has its headline as its title") {
  const std::string page = page_response("left.html", {}).body;
  CHECK(page.contains("<title>You have left the payment page</title>"));
}

TEST_CASE("without a shop a page and its files are claimcheck's own") {
  const std::string page = page_response("payment-success.html", {}).body;
  CHECK(page.contains("<title>Your order</title>"));
  CHECK(page.contains(R"(rel="icon" href="/assets/icon.svg")"));
  CHECK_FALSE(page.contains("<footer"));
  CHECK_FALSE(page.contains("class=\"shop\""));
  CHECK_FALSE(page.contains("{{"));
  CHECK(asset_response("face.js", {}).body.contains("export const face = {};"));
  CHECK(asset_response("page.css", {}).body.contains("--accent: #3b5bdb"));
  CHECK_FALSE(is_asset("shop-logo", {}));
  CHECK(*find_header(icon_response({}).headers, "content-type") == "image/svg+xml");
}

TEST_CASE("the sheets of page and component have the shop's colours") {
  for (const char* name : {"page.css", "status.css"}) {
    const std::string sheet = asset_response(name, cats()).body;
    CHECK(sheet.contains("#0b7a4b"));
    CHECK(sheet.contains("#66ccaa"));
    CHECK_FALSE(sheet.contains(accent_default));
    CHECK_FALSE(sheet.contains(accent_dark_default));
  }
}

TEST_CASE("scripts get the shop as JSON, also those on a shop's own page") {
  const HttpResponse face = asset_response("face.js", cats());
  CHECK(face.body.contains(R"(export const face = {"name":"Cats & <Co>","shop":"https://shop)"));
  CHECK(face.body.contains(R"("products":{"price_1":"One \"cat\""})"));
  CHECK(*find_header(face.headers, "access-control-allow-origin") == "*");
}

TEST_CASE("what follows the configuration is asked for each time, by its bytes") {
  PageShop other = cats();
  other.face.accent = "#123456";
  other.face.logo.bytes = "<svg></svg>";
  other.face.support.clear();
  for (const char* name : {"page.css", "status.css", "face.js", "shop-logo"}) {
    CAPTURE(name);
    const HttpResponse file = asset_response(name, cats());
    CHECK(*find_header(file.headers, "cache-control") == "public, no-cache");
    const std::string tag = *find_header(file.headers, "etag");
    CHECK(tag == *find_header(asset_response(name, cats()).headers, "etag"));
    CHECK(tag != *find_header(asset_response(name, other).headers, "etag"));
  }
  const HttpResponse script = asset_response("view.js", cats());
  CHECK(*find_header(script.headers, "cache-control") == "public, max-age=300");
  CHECK(find_header(script.headers, "etag") == nullptr);
}

TEST_CASE("a logo is served as its type, in a sandbox, and is the icon as well") {
  REQUIRE(is_asset("shop-logo", cats()));
  for (const HttpResponse& logo : {asset_response("shop-logo", cats()), icon_response(cats())}) {
    CHECK(logo.body == "<svg/>");
    CHECK(*find_header(logo.headers, "content-type") == "image/svg+xml");
    const std::string policy = *find_header(logo.headers, "content-security-policy");
    CHECK(policy.contains("default-src 'none'"));
    CHECK(policy.contains("sandbox"));
  }
}

}  // namespace
}  // namespace claimcheck
