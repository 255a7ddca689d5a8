// Which of three clocks is wrong, what the rights of the user say, and what a failover needs.
#include "app/redis_checks.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace claimcheck::test {

TEST_CASE("clocks: the machine is named whose clock agrees with neither of the others") {
  using std::chrono::seconds;
  const auto hour = std::chrono::hours(1);
  CHECK(wrong_clocks(seconds(0), seconds(0)) == std::nullopt);
  CHECK(wrong_clocks(seconds(59), seconds(-59)) == std::nullopt);
  CHECK(wrong_clocks(hour, seconds(2)) ==
        "the clock of Redis' machine is wrong, 3600 s ahead: set it by NTP");
  CHECK(wrong_clocks(-hour, seconds(2)) ==
        "the clock of Redis' machine is wrong, 3600 s behind: set it by NTP");
  CHECK(wrong_clocks(-hour, hour) ==
        "the clock of this machine is wrong, 3600 s ahead: set it by NTP");
  CHECK(wrong_clocks(seconds(1), -hour) ==
        "the clocks of this machine and of Redis' are wrong, 3600 s behind: set both by NTP");
  CHECK(wrong_clocks(hour, hour) ==
        "the clocks of this machine, of Redis' and of Stripe all differ: set yours by NTP");
}

TEST_CASE("replicas: where a failover may come, a write on one server alone is a doubt") {
  RedisFacts facts{.version = "7.2.0", .maxmemory_policy = "noeviction", .role = "master"};
  const auto replicas = [&facts](int wanted) {
    const RedisVerdict verdict = judge(facts, Durability{.replicas = wanted}, Time());
    const auto found = std::ranges::find(verdict.findings, "replicas", &Finding::what);
    return found == verdict.findings.end() ? std::nullopt : std::optional(*found);
  };
  CHECK_FALSE(replicas(0));
  facts.failover = true;
  REQUIRE(replicas(0));
  CHECK(replicas(0)->grade == Grade::doubtful);
  CHECK(replicas(0)->text.contains("CLAIMCHECK_DURABILITY=disk+replicas:1"));
  facts.replicas = 1;
  CHECK(replicas(1)->grade == Grade::good);
}

TEST_CASE("rights: what is missing is a refusal, and a Redis that does not tell is a doubt") {
  RedisFacts facts{.version = "7.2.0", .maxmemory_policy = "noeviction", .role = "master"};
  const auto user = [&facts](std::optional<Durability> wanted = {}) {
    const RedisVerdict verdict = judge(facts, wanted, Time());
    return *std::ranges::find(verdict.findings, "user", &Finding::what);
  };
  CHECK(user().grade == Grade::doubtful);
  facts.missing_rights.emplace();
  CHECK(user().grade == Grade::good);
  facts.missing_rights->assign({"+zadd", "~session:*"});
  CHECK(user().grade == Grade::refused);
  CHECK(user().text.contains("lacks +zadd ~session:*: "));
  CHECK_FALSE(judge(facts, std::nullopt, Time()).usable());
  facts.missing_rights->assign({"+wait"});
  CHECK(user().grade == Grade::good);
  CHECK(user(Durability{.replicas = 1}).grade == Grade::refused);
}

TEST_CASE("rights: without WAITAOF a Redis that writes to disk once a second cannot serve disk") {
  RedisFacts facts{.version = "7.2.0",
                   .maxmemory_policy = "noeviction",
                   .role = "master",
                   .aof = true,
                   .aof_always = false,
                   .waitaof = true};
  const Durability disk{.disk = true};
  facts.missing_rights.emplace();
  CHECK(judge(facts, disk, Time()).usable());
  facts.missing_rights->assign({"+waitaof"});
  CHECK_FALSE(judge(facts, disk, Time()).usable());
  CHECK(judge(facts, std::nullopt, Time()).usable());
}

}  // namespace claimcheck::test
