// What operators see of each generator: how much it has to do, and whether it takes orders.
#include "report/alert_signs.hpp"
#include "report/generator_load.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

struct Load {
  OrderWorld world;
  Generators generators;
  Context context{world.store,   world.stripe,  generators, world.run.clock,
                  world.metrics, world.catalog, Policy()};
  Statistics statistics{context};

  explicit Load(std::vector<GeneratorOptions> options)
      : generators(world.http, world.metrics, world.run.clock, std::move(options)) {}

  std::vector<GeneratorLoad> seen() {
    AlertFacts facts = good(world.run(read_alert_facts(context, statistics)));
    return good(world.run(generator_loads(context, std::move(facts.outages))));
  }
  std::string told() {
    std::string lines;
    for (const GeneratorLoad& load : seen()) lines += json::print(load) + '\n';
    return lines;
  }
  void ask(const std::string& generator, const std::string& unit, GeneratorCapacity capacity) {
    good(world.run(world.store.generator->ask_generator({.generator = generator,
                                                         .unit = unit,
                                                         .paid = world.run.clock.now(),
                                                         .tool = "tool",
                                                         .capacity = capacity},
                                                        SubmitAsk::submitting)));
  }
  void refuse(const std::string& generator) {
    good(world.run(world.store.generator->generator_refused(generator, {.reason = "no credit"})));
  }
};

GeneratorOptions named(const std::string& name, GeneratorCapacity capacity = {}) {
  return {.name = name, .url = "https://" + name, .key = Secret("t"), .capacity = capacity};
}

TEST_CASE("generator load: a single generator without limits is not told of") {
  Load load({named("one")});
  load.refuse("one");
  CHECK(load.seen().empty());
}

TEST_CASE("generator load: jobs and the line of a generator with limits") {
  const GeneratorCapacity two{.concurrency = 2};
  Load load({named("one", two)});
  CHECK(load.told() == R"({"name":"one","running":0,"waiting":0,"away":null,"since":null})"
                       "\n");
  for (const char* unit : {"cs_a/0", "cs_b/0", "cs_c/0", "cs_c/1", "cs_d/0"}) {
    load.ask("one", unit, two);
  }
  CHECK(load.told() == R"({"name":"one","running":2,"waiting":3,"away":null,"since":null})"
                       "\n");
}

TEST_CASE("generator load: of several, the one that is away with its reason and what waits") {
  Load load({named("one"), named("two")});
  load.refuse("two");
  load.ask("two", "cs_a/0", {});
  const std::vector<GeneratorLoad> loads = load.seen();
  REQUIRE(loads.size() == 2);
  CHECK(json::print(loads[0]) ==
        R"({"name":"one","running":null,"waiting":0,"away":null,"since":null})");
  CHECK(loads[1].name == "two");
  CHECK(loads[1].waiting == 1);
  CHECK(loads[1].away.value == "no credit");
  CHECK(loads[1].since.value == load.world.run.clock.now());
}

TEST_CASE("generator load: what stands in the line while it is away waits once") {
  const GeneratorCapacity one{.concurrency = 1};
  Load load({named("one", one)});
  for (const char* unit : {"cs_a/0", "cs_b/0"}) load.ask("one", unit, one);
  load.refuse("one");
  load.ask("one", "cs_b/0", one);
  const std::vector<GeneratorLoad> loads = load.seen();
  REQUIRE(loads.size() == 1);
  CHECK(loads[0].running.value == 1);
  CHECK(loads[0].waiting == 1);
  CHECK(loads[0].away.value == "no credit");
}

}  // namespace
}  // namespace claimcheck::test
