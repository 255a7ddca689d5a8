// The alerts in Redis: all records in one hash, a prefix for each kind.
#include "base/log.hpp"
#include "embedded/lua.hpp"
#include "store/hash_fields.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

std::string prefix_of(AlertKind kind) { return fmt::format("{}.", name_of(kind)); }

constexpr Duration readings_life = std::chrono::days(2);

// "<us> <left>"; what cannot be read is left out.
std::optional<BalanceReading> reading_in(const std::string& text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const auto us = number_in<std::int64_t>(text.substr(0, space));
  const auto left = number_in<double>(text.substr(std::min(space + 1, text.size())));
  if (!us || !left) return std::nullopt;
  return BalanceReading{.when = from_us(*us), .left = *left};
}

class RedisAlerts final : public InRedis<Alerts> {
 public:
  using InRedis::InRedis;

  Async<std::vector<AlertRecord>> alerts() override {
    const Result<std::vector<std::string>> flat =
        texts_of(co_await run_command(redis_, {"HGETALL", keys::alerts()}));
    if (!flat) co_return fail(flat);
    StoredFields fields;
    for (std::size_t i = 0; i + 1 < flat->size(); i += 2) fields[(*flat)[i]] = (*flat)[i + 1];
    std::vector<AlertRecord> all;
    for (std::size_t i = 0; i < alert_kinds; ++i) {
      const AlertRecord never{.kind = static_cast<AlertKind>(i)};
      AlertRecord record = never;
      const std::string unreadable = read_fields(fields, prefix_of(record.kind), record);
      if (!unreadable.empty()) log_warn("alert_unreadable", {{"field", unreadable}});
      all.push_back(unreadable.empty() ? record : never);
    }
    co_return all;
  }

  Async<bool> write_alert(AlertRecord record) override {
    static const Script script(embedded::lua_write_alert);
    const std::string prefix = prefix_of(record.kind);
    HashFields fields;
    add_fields(fields, prefix, record);
    std::vector<std::string> arguments = {prefix + "version", fmt::to_string(record.version - 1)};
    for (auto& [name, value] : fields) {
      arguments.push_back(std::move(name));
      arguments.push_back(std::move(value));
    }
    std::vector<std::string> names = {keys::alerts()};
    co_return yes_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<bool> balance_turn(Duration period) override {
    // A hint: after a failover another process may read the balance once more.
    RedisCommand set = {"SET", keys::balance_turn(), "1", "NX", "PX", in_ms(period)};
    const Result<std::string> taken = text_of(co_await run_command(redis_, std::move(set)));
    if (!taken && taken.error().code == Errc::not_found) co_return false;
    if (!taken) co_return fail(taken);
    co_return true;
  }

  Async<std::vector<BalanceReading>> note_balance(std::string generator,
                                                  BalanceReading reading) override {
    static const Script script(embedded::lua_note_balance);
    std::vector<std::string> names = {keys::balance_readings(generator)};
    std::vector<std::string> arguments = {fmt::format("{} {}", to_us(reading.when), reading.left),
                                          fmt::to_string(balance_readings_max),
                                          in_ms(readings_life)};
    const Result<std::vector<std::string>> kept =
        texts_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
    if (!kept) co_return fail(kept);
    std::vector<BalanceReading> readings;
    for (const std::string& text : *kept) {
      if (const auto known = reading_in(text)) readings.push_back(*known);
    }
    co_return readings;
  }
};

}  // namespace

std::unique_ptr<Alerts> alerts_in(RedisShared& shared) {
  return std::make_unique<RedisAlerts>(shared);
}

}  // namespace claimcheck
