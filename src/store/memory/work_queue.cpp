// The work index in memory: lua/wake.lua, lua/take.lua, lua/renew.lua and lua/settle.lua, line by
// line.
#include "store/memory/shared.hpp"
#include "store/roles.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

class MemoryWorkQueue final : public InMemory<WorkQueue> {
 public:
  using InMemory::InMemory;

  Async<void> schedule(std::string member, Time when) override {
    const auto [entry, added] = contents_.due.try_emplace(member, to_us(when));
    if (!added) entry->second = std::min(entry->second, to_us(when));
    co_return Result<void>();
  }

  Async<void> schedule_all(std::vector<Scheduled> lost) override {
    for (const Scheduled& one : lost) contents_.due.try_emplace(one.member, to_us(one.when));
    co_return Result<void>();
  }

  // There is no other process to be told.
  Async<void> wake(std::string member, Announce /*announce*/) override {
    const std::int64_t now = to_us(clock_.now());
    const auto [entry, added] = contents_.due.try_emplace(member, now);
    // The score changes in any case, so that a settle() under way does not remove the member.
    if (!added) entry->second = std::min(now, entry->second - 1);
    co_return Result<void>();
  }

  Async<std::vector<Due>> take(std::size_t limit, Duration lease) override {
    const Time now = clock_.now();
    std::vector<std::pair<std::int64_t, std::string>> by_score;
    for (const auto& [member, score] : contents_.due) {
      if (score <= to_us(now)) by_score.emplace_back(score, member);
    }
    std::ranges::sort(by_score);
    // By score, so that the order that has waited longest comes first.
    if (by_score.size() > limit) by_score.resize(limit);
    std::vector<Due> taken;
    for (auto& [score, member] : by_score) {
      std::int64_t lapses = 0;
      // The score is still that of the lease: it expired. A wake would have changed the score.
      if (const auto before = contents_.taken.find(member); before != contents_.taken.end()) {
        lapses = before->second.lapses + (before->second.until_us == score ? 1 : 0);
      }
      // This order may be what kills its workers: no other one is taken with it.
      const bool alone = lapses >= lapses_alone;
      if (alone && !taken.empty()) break;
      last_taken_ = std::max(to_us(now + lease), last_taken_ + 1);
      contents_.due[member] = last_taken_;
      contents_.taken[member] = {.until_us = last_taken_, .lapses = lapses};
      taken.push_back({std::move(member), static_cast<double>(last_taken_), lapses});
      if (alone) break;
    }
    co_return taken;
  }

  Async<std::optional<double>> renew(Due taken, Duration lease) override {
    const auto entry = contents_.due.find(taken.member);
    const auto before = contents_.taken.find(taken.member);
    // Another score, or none: the lease is no longer this worker's.
    if (entry == contents_.due.end() || before == contents_.taken.end() ||
        static_cast<double>(entry->second) != taken.score) {
      co_return std::nullopt;
    }
    last_taken_ = std::max(to_us(clock_.now() + lease), last_taken_ + 1);
    entry->second = before->second.until_us = last_taken_;
    co_return static_cast<double>(last_taken_);
  }

  Async<bool> settle(Due taken, std::optional<Duration> delay) override {
    // In any case: a settle proves that the worker lives, so earlier expired leases do not count.
    contents_.taken.erase(taken.member);
    const auto entry = contents_.due.find(taken.member);
    if (entry == contents_.due.end()) co_return false;
    const bool ours = static_cast<double>(entry->second) == taken.score;
    if (delay) {
      // When the member was woken meanwhile it stays, and is due after `delay` at the latest.
      const std::int64_t next_look = to_us(clock_.now() + *delay);
      if (ours || next_look < entry->second) entry->second = next_look;
    } else if (ours) {
      contents_.due.erase(entry);
      contents_.unpaid.erase(taken.member);
    }
    co_return ours;
  }

  Async<Time> due_at(std::string member) override {
    const auto entry = contents_.due.find(member);
    if (entry == contents_.due.end()) co_return fail(Errc::not_found, "nobody looks at this again");
    co_return from_us(entry->second);
  }

  Async<std::int64_t> waiting() override {
    co_return static_cast<std::int64_t>(contents_.due.size());
  }

 private:
  std::int64_t last_taken_ = 0;  // so that no two leases have the same score
};

}  // namespace

std::unique_ptr<WorkQueue> work_queue_in(MemoryShared& shared) {
  return std::make_unique<MemoryWorkQueue>(shared);
}

}  // namespace claimcheck
