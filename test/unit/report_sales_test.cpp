// Sales of two days beside each other, from counts by the hour.
#include "report/sales.hpp"
#include "report/statistics.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

const Time now = from_unix_s(1'790'000'000);

StatsBucket hours_ago(int hours, StatsValues values) {
  const StatsShape& shape = shape_of(StatsRange::month);
  return {.start = bucket_of(shape, now) - hours * shape.step, .values = std::move(values)};
}

TEST_CASE("sales: the last day stands beside the day before, and older hours are left out") {
  ShopFace face;
  face.products["price_1"] = "One clip";
  const Sales sales = sales_of({hours_ago(48, {{"sold:usd:price_1", 1}, {"created", 1}}),
                                hours_ago(47, {{"sold:usd:price_1", 10}, {"created", 5}}),
                                hours_ago(24, {{"sold:usd:price_1", 20}, {"paid", 2}}),
                                hours_ago(23, {{"sold:usd:price_1", 100}, {"created", 4}}),
                                hours_ago(0, {{"refunded:usd:price_1", 30}, {"paid", 3}})},
                               now, Catalog(), face);
  CHECK(sales.started == 4);
  CHECK(sales.paid == 3);
  CHECK(sales.startedBefore == 5);
  CHECK(sales.paidBefore == 2);
  REQUIRE(sales.products.size() == 1);
  CHECK(json::print(sales.products[0]) ==
        R"({"sold":100,"refunded":30,"soldBefore":30,"refundedBefore":0,)"
        R"("costMicros":0,"costMicrosBefore":0,)"
        R"("currency":"usd","price":"price_1","title":"One clip"})");
}

TEST_CASE("sales: currencies are never added, and the product that sold most comes first") {
  Catalog catalog;
  catalog.tools[0].title = "The tool";
  catalog.prices = {{.id = "price_b", .tool = catalog.tools[0].slug}};
  const Sales sales = sales_of({hours_ago(1, {{"sold:usd:price_a", 5},
                                              {"sold:usd:price_b", 9},
                                              {"sold:eur:price_a", 7},
                                              {"sold:usd:other", 1},
                                              {"sold:odd", 1000},
                                              {"delivered", 1000}})},
                               now, catalog, ShopFace());
  REQUIRE(sales.currencies.size() == 2);
  CHECK(sales.currencies[0].currency == "eur");
  CHECK(sales.currencies[0].sold == 7);
  CHECK(sales.currencies[1].sold == 15);
  std::string order;
  for (const ProductSales& one : sales.products) order += one.currency + '/' + one.title + ' ';
  CHECK(order == "eur/price_a usd/The tool usd/price_a usd/other ");
}

TEST_CASE("sales: what generators cost stands beside them, in millionths of its own currency") {
  const Sales sales = sales_of({hours_ago(30, {{"cost:usd:price_1", 5}}),
                                hours_ago(1, {{"sold:usd:price_1", 1900},
                                              {"cost:usd:price_1", 1'200'000},
                                              {"cost:credits:price_1", 24'000'000}})},
                               now, Catalog(), ShopFace());
  REQUIRE(sales.currencies.size() == 2);
  CHECK(sales.currencies[0].currency == "credits");
  CHECK(sales.currencies[0].costMicros == 24'000'000);
  CHECK(sales.currencies[1].costMicros == 1'200'000);
  CHECK(sales.currencies[1].costMicrosBefore == 5);
  CHECK(sales.products.size() == 2);
}

TEST_CASE("sales: the same money is told by tool, and is added to no sum twice") {
  Catalog catalog;
  catalog.tools[0].slug = "cat-video";
  catalog.tools[0].title = "Cat video";
  const Sales sales = sales_of({hours_ago(30, {{"tool:refunded:usd:cat-video", 7}}),
                                hours_ago(1, {{"sold:usd:price_1", 1900},
                                              {"tool:sold:usd:cat-video", 900},
                                              {"tool:cost:usd:cat-video", 1'200'000},
                                              {"tool:sold:usd:other", 1000},
                                              {"tool:odd", 1000}})},
                               now, catalog, ShopFace());
  CHECK(sales.currencies.at(0).sold == 1900);
  CHECK(sales.products.size() == 1);
  REQUIRE(sales.tools.size() == 2);
  CHECK(sales.tools[0].title == "other");
  CHECK(json::print(sales.tools[1]) ==
        R"({"sold":900,"refunded":0,"soldBefore":0,"refundedBefore":7,)"
        R"("costMicros":1200000,"costMicrosBefore":0,)"
        R"("currency":"usd","tool":"cat-video","title":"Cat video"})");
}

TEST_CASE("sales: what a process has counted is read from the counts of all") {
  OrderWorld world;
  Statistics statistics(world.context);
  world.metrics.add(Counter::money, "sold:usd:price_1", 1900);
  world.run(statistics.flush());
  world.metrics.add(Counter::money, "sold:usd:price_1", 100);
  world.metrics.add(Counter::provider_cost, "usd:price_1", 5);
  world.metrics.add(Counter::tool_money, "sold:usd:cat-video", 2000);
  world.metrics.add(Counter::tool_cost, "usd:cat-video", 7);
  world.run(statistics.flush());
  world.run(statistics.flush());
  const Sales sales = good(world.run(read_sales(world.context, ShopFace())));
  REQUIRE(sales.currencies.size() == 1);
  CHECK(sales.currencies[0].sold == 2000);
  CHECK(sales.currencies[0].costMicros == 5);
  REQUIRE(sales.tools.size() == 1);
  CHECK(sales.tools[0].sold == 2000);
  CHECK(sales.tools[0].costMicros == 7);
}

}  // namespace
}  // namespace claimcheck::test
