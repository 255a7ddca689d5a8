// What is owed for a paid session that has no claim: which tool, by price, value and metadata.
#include "flow/whose.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

Catalog catalog() {
  Catalog shop;
  for (const char* slug : {"cats", "dogs"}) {
    Tool tool;
    tool.slug = tool.metadata_name = slug;
    shop.tools.push_back(tool);
  }
  shop.prices = {{.id = "price_one", .tool = "cats"},
                 {.id = "price_both", .tool = "cats", .also = {"dogs"}},
                 {.id = "price_any", .tool = "cats", .any_tool = true}};
  return shop;
}

Owed owed(const std::string& price, const std::optional<std::string>& slug,
          const std::string& metadata = "") {
  stripe::CheckoutSession session;
  session.price = price;
  session.quantity = 1;
  session.tool = metadata;
  std::optional<SessionData> known;
  if (slug) {
    known.emplace();
    known->toolSlug = *slug;
  }
  return owed_for(session, known, catalog(), Time());
}

TEST_CASE("whose: of a price of several tools the value tells which, else the metadata") {
  CHECK(owed("price_both", "dogs").claim.tool == "dogs");
  CHECK(owed("price_both", "dogs").doubt.empty());
  CHECK(owed("price_both", {}, "dogs").claim.tool == "dogs");
  CHECK(owed("price_both", {}, "site").claim.tool == "cats");
  CHECK(owed("price_one", {}, "dogs").claim.tool == "cats");
  CHECK(owed("price_one", "dogs").doubt == "dogs was ordered, and cats was paid");
  CHECK(owed("price_any", "dogs").claim.tool == "dogs");
  CHECK(owed("price_any", "dogs").claim.sold_as.empty());
}

TEST_CASE("whose: a tool that is not configured keeps its name, and has the price's limits") {
  for (const char* price : {"price_one", "price_any"}) {
    const Owed birds = owed(price, "birds");
    CHECK(birds.claim.tool == "cats");
    CHECK(birds.claim.sold_as == "birds");
    CHECK(slug_of(birds.claim) == "birds");
    CHECK(birds.doubt.empty());
  }
  CHECK(owed("price_any", "no slug").claim.sold_as.empty());
}

TEST_CASE("whose: a claim that is made late is of what its tool makes") {
  Catalog shop = catalog();
  shop.tools.back().media = MediaKind::image;
  stripe::CheckoutSession session;
  session.price = "price_both";
  session.quantity = 1;
  session.tool = "dogs";
  CHECK(owed_for(session, std::nullopt, shop, Time()).claim.media == MediaKind::image);
  session.tool = "cats";
  CHECK(owed_for(session, std::nullopt, shop, Time()).claim.media == MediaKind::video);
}

}  // namespace
}  // namespace claimcheck
