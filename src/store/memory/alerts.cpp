// The alerts in memory: the same steps as the script of the Redis store.
#include "store/memory/shared.hpp"
#include "store/roles.hpp"

namespace claimcheck {

namespace {

class MemoryAlerts final : public InMemory<Alerts> {
 public:
  using InMemory::InMemory;

  Async<std::vector<AlertRecord>> alerts() override {
    std::vector<AlertRecord> all;
    for (std::size_t i = 0; i < alert_kinds; ++i) {
      const auto kind = static_cast<AlertKind>(i);
      const auto stored = contents_.alerts.find(kind);
      all.push_back(stored == contents_.alerts.end() ? AlertRecord{.kind = kind} : stored->second);
    }
    co_return all;
  }

  Async<bool> write_alert(AlertRecord record) override {
    AlertRecord& stored = contents_.alerts[record.kind];
    if (stored.version + 1 != record.version) co_return false;
    stored = std::move(record);
    co_return true;
  }

  Async<bool> balance_turn(Duration period) override {
    if (living(contents_.balance_turns, "", clock_.now()) != nullptr) co_return false;
    put(contents_.balance_turns, "", true, clock_.now() + period);
    co_return true;
  }

  Async<std::vector<BalanceReading>> note_balance(std::string generator,
                                                  BalanceReading reading) override {
    std::vector<BalanceReading>& kept = contents_.balance_readings[std::move(generator)];
    kept.push_back(reading);
    if (kept.size() > balance_readings_max) kept.erase(kept.begin());
    co_return kept;
  }
};

}  // namespace

std::unique_ptr<Alerts> alerts_in(MemoryShared& shared) {
  return std::make_unique<MemoryAlerts>(shared);
}

}  // namespace claimcheck
