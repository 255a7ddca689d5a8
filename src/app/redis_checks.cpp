#include "app/redis_checks.hpp"

#include "store/redis/rights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace claimcheck {

namespace {

constexpr int version_min = 7;
constexpr Duration skew_max = std::chrono::seconds(60);

// The value after "name:", which begins a line.
std::string_view info_value(std::string_view info, std::string_view name) {
  while (!info.empty()) {
    const std::size_t end = std::min(info.find("\r\n"), info.size());
    const std::string_view line = info.substr(0, end);
    if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':') {
      return line.substr(name.size() + 1);
    }
    info.remove_prefix(std::min(end + 2, info.size()));
  }
  return {};
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string text_at(const RedisReply& reply, std::size_t index) {
  const RedisReply::Array* array = reply.array();
  if (array == nullptr || index >= array->size() || (*array)[index].text() == nullptr) return {};
  return *(*array)[index].text();
}

// Each check returns one finding, also when all is well: doctor shows what was checked.
Finding check_version(const RedisFacts& facts) {
  if (number(facts.version) >= version_min) return {Grade::good, "version", facts.version};
  return {Grade::refused, "version",
          fmt::format("Redis {} is too old: use 7.0 or newer, or Valkey", facts.version)};
}

Finding check_role(const RedisFacts& facts) {
  if (facts.role == "master") return {Grade::good, "role", "primary"};
  return {Grade::refused, "role", "this Redis is a replica: set REDIS_URL to its primary"};
}

Finding check_eviction(const RedisFacts& facts) {
  if (facts.maxmemory_policy == "noeviction") return {Grade::good, "eviction", "noeviction"};
  return {Grade::refused, "eviction",
          fmt::format("maxmemory-policy {} lets Redis drop paid orders: set noeviction",
                      facts.maxmemory_policy)};
}

bool lacks(const RedisFacts& facts, std::string_view rule) {
  if (!facts.missing_rights) return false;
  return std::ranges::find(*facts.missing_rights, rule) != facts.missing_rights->end();
}

Finding check_user(const RedisFacts& facts, const Durability& wanted) {
  if (!facts.missing_rights) {
    return {Grade::doubtful, "user", "Redis does not tell what its user may do"};
  }
  std::vector<std::string> missing = *facts.missing_rights;
  // WAIT is for replicas only. Of WAITAOF the row of the disk tells.
  if (wanted.replicas == 0) std::erase(missing, "+wait");
  std::erase(missing, "+waitaof");
  if (missing.empty()) return {Grade::good, "user", "it has all rights that are needed"};
  return {Grade::refused, "user",
          fmt::format("this Redis user lacks {}: grant what docs/redis-user.md lists",
                      fmt::join(missing, " "))};
}

Finding check_disk(const RedisFacts& facts, bool wanted) {
  if (facts.aof && facts.aof_always.value_or(false)) {
    return {Grade::good, "disk", "every write is on disk before it is answered"};
  }
  // Redis writes to disk once a second, and WAITAOF waits for it: safe, but slow.
  if (wanted && facts.aof && facts.waitaof && !lacks(facts, "+waitaof")) {
    return {Grade::doubtful, "disk",
            "each write waits for the disk (WAITAOF), up to a second: appendfsync always is "
            "faster"};
  }
  if (wanted) {
    return {Grade::refused, "disk",
            "CLAIMCHECK_DURABILITY asks for the disk, but this Redis does not write every change "
            "to disk: set appendonly yes and appendfsync always"};
  }
  if (facts.aof) {
    return {Grade::doubtful, "disk",
            "a power loss can take the last second: set appendfsync always"};
  }
  return {Grade::doubtful, "disk",
          "a restart of Redis loses orders: set appendonly yes and appendfsync always"};
}

Finding check_replicas(const RedisFacts& facts, int wanted) {
  if (wanted == 0) {
    return {Grade::doubtful, "replicas",
            "a failover loses the last writes: set CLAIMCHECK_DURABILITY=disk+replicas:1"};
  }
  std::string text = fmt::format("{} connected, {} demanded", facts.replicas, wanted);
  // A missing replica is no refusal of the server: it may connect again in a moment.
  if (facts.replicas >= wanted) return {Grade::good, "replicas", std::move(text)};
  return {Grade::doubtful, "replicas",
          text + ": nothing is accepted until there are enough of them"};
}

Finding check_clock(const RedisFacts& facts, Time now) {
  if (!facts.now) return {Grade::doubtful, "clock", "Redis does not tell its time"};
  const Duration skew = *facts.now - now;
  const std::string text = fmt::format("Redis' clock is {} s from ours", skew.count() / 1'000'000);
  // Only a doubt: deadlines wait by themselves until the clocks agree.
  if (skew < skew_max && skew > -skew_max) return {Grade::good, "clock", text};
  return {Grade::doubtful, "clock", text + ": set both by NTP"};
}

}  // namespace

boost::asio::awaitable<Result<RedisFacts>> read_facts(Redis& redis) {
  std::vector<RedisCommand> questions;
  questions.push_back({"INFO"});
  questions.push_back({"CONFIG", "GET", "appendfsync"});
  questions.push_back({"COMMAND", "INFO", "WAITAOF"});
  questions.push_back({"TIME"});
  questions.push_back(rights_question());
  // All in one round trip: the facts belong to one moment, and the time to the answer.
  const auto replies = co_await redis.exec_all(questions);
  if (!replies) co_return fail(replies);
  const RedisReply& told = replies->front();
  if (told.text() == nullptr) {
    co_return fail(Errc::unavailable, "Redis does not answer INFO: allow it to this user");
  }
  const std::string_view info = *told.text();
  RedisFacts facts;
  facts.version = info_value(info, "redis_version");
  facts.maxmemory_policy = info_value(info, "maxmemory_policy");
  facts.role = info_value(info, "role");
  facts.aof = info_value(info, "aof_enabled") == "1";
  facts.replicas = number(info_value(info, "connected_slaves"));
  // Hosted Redis often forbids CONFIG. Then the answer is unknown, which is not the same as no.
  const std::string appendfsync = text_at((*replies)[1], 1);
  if (!appendfsync.empty()) facts.aof_always = appendfsync == "always";
  const RedisReply::Array* commands = (*replies)[2].array();
  facts.waitaof = commands != nullptr && !commands->empty() && !commands->front().null();
  const std::string seconds = text_at((*replies)[3], 0);
  const Duration part(std::atoll(text_at((*replies)[3], 1).c_str()));
  if (!seconds.empty()) facts.now = from_unix_s(std::atoll(seconds.c_str())) + part;
  facts.missing_rights = missing_rights((*replies)[4]);
  facts.failover = !redis.options().address.sentinels.empty();
  co_return facts;
}

Finding check_epoch(const std::string& known, const Result<std::string>& stored) {
  if (!stored && stored.error().code != Errc::not_found) {
    return {Grade::refused, "epoch", stored.error().message};
  }
  const std::string here = stored.value_or("none yet, it is new to claimcheck");
  if (known.empty()) return {Grade::good, "epoch", here + " (CLAIMCHECK_EPOCH would demand it)"};
  if (here == known) return {Grade::good, "epoch", here};
  return {Grade::refused, "epoch",
          fmt::format("{}, but CLAIMCHECK_EPOCH is {}: it was emptied, or is another one", here,
                      known)};
}

Result<void> RedisVerdict::usable() const {
  const auto refused = std::ranges::find(findings, Grade::refused, &Finding::grade);
  if (refused == findings.end()) return {};
  return fail(Errc::unavailable, refused->text);
}

std::optional<std::string> wrong_clocks(Duration redis_ahead, Duration ahead_of_stripe) {
  const auto near = [](Duration difference) { return std::chrono::abs(difference) < skew_max; };
  const auto far = [](Duration ahead) {
    return fmt::format("{} s {}", std::chrono::abs(ahead) / std::chrono::seconds(1),
                       ahead > Duration(0) ? "ahead" : "behind");
  };
  if (near(redis_ahead) && near(ahead_of_stripe)) return std::nullopt;
  if (near(ahead_of_stripe)) {
    return fmt::format("the clock of Redis' machine is wrong, {}: set it by NTP", far(redis_ahead));
  }
  // Redis agrees with Stripe, so the clock between them, ours, is the wrong one.
  if (near(redis_ahead + ahead_of_stripe)) {
    return fmt::format("the clock of this machine is wrong, {}: set it by NTP",
                       far(ahead_of_stripe));
  }
  if (near(redis_ahead)) {
    return fmt::format("the clocks of this machine and of Redis' are wrong, {}: set both by NTP",
                       far(ahead_of_stripe));
  }
  return "the clocks of this machine, of Redis' and of Stripe all differ: set yours by NTP";
}

RedisVerdict judge(const RedisFacts& facts, std::optional<Durability> wanted, Time now) {
  const bool always = facts.aof && facts.aof_always.value_or(false);
  RedisVerdict verdict;
  // Without a setting, the best that costs nothing: the disk if Redis writes every change by
  // itself.
  verdict.durability = wanted.value_or(Durability{.disk = always});
  // No waiting for the disk where Redis itself answers only after it.
  verdict.demand = {.replicas = verdict.durability.replicas,
                    .fsync = verdict.durability.disk && !always};
  verdict.findings = {check_version(facts), check_role(facts),
                      check_user(facts, verdict.durability), check_eviction(facts),
                      check_disk(facts, verdict.durability.disk)};
  if (verdict.durability.replicas > 0 || facts.failover) {
    verdict.findings.push_back(check_replicas(facts, verdict.durability.replicas));
  }
  verdict.findings.push_back(check_clock(facts, now));
  return verdict;
}

}  // namespace claimcheck
