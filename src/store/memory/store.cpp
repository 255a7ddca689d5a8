#include "store/memory/store.hpp"

#include "base/crypto.hpp"
#include "store/records.hpp"

#include <algorithm>

namespace claimcheck {

MemoryStore::MemoryStore(Clock& clock, StoreLimits limits)
    : clock_(clock), limits_(limits), born_(clock.now()) {}

std::string MemoryStore::digest(std::string_view session_id) {
  const std::string* bytes = living(contents_.sessions, session_id);
  return bytes == nullptr ? "" : sha1_hex(*bytes);
}

void MemoryStore::note(Order& order, const HistoryLine& line) const {
  order.history.push_back(encode_history_line(line));
  const auto kept = static_cast<std::size_t>(limits_.history_lines);
  if (order.history.size() > kept) {
    order.history.erase(order.history.begin() + limits_.history_lines / 10);
  }
}

Async<SessionBytes> MemoryStore::read_session(std::string session_id) {
  const std::string* bytes = living(contents_.sessions, session_id);
  if (bytes == nullptr) co_return fail(Errc::not_found, "there is no such session");
  co_return SessionBytes(*bytes);
}

Async<UpdateResult> MemoryStore::write_session(std::string session_id,
                                               std::optional<std::string> expected_digest,
                                               std::string bytes) {
  const std::string stored = digest(session_id);
  if (expected_digest && *expected_digest != stored) {
    co_return stored.empty() ? UpdateResult::missing : UpdateResult::changed;
  }
  put(contents_.sessions, session_id, std::move(bytes), limits_.session_ttl);
  co_return UpdateResult::done;
}

Async<bool> MemoryStore::create(NewOrder order) {
  if (living(contents_.orders, order.session_id) != nullptr) co_return false;
  Order stored{.claim = std::move(order.claim), .history = {}};
  stored.claim.version = 1;
  note(stored, order.line);
  const Duration life = claim_life(stored.claim, limits_);
  put(contents_.orders, order.session_id, std::move(stored), life);
  if (order.session && living(contents_.sessions, order.session_id) == nullptr) {
    put(contents_.sessions, order.session_id, std::move(*order.session), limits_.session_ttl);
  }
  co_return true;
}

Async<Claim> MemoryStore::load(std::string session_id) {
  const Order* order = living(contents_.orders, session_id);
  if (order == nullptr) co_return fail(Errc::not_found, "there is no claim for this session");
  co_return order->claim;
}

Async<CommitResult> MemoryStore::commit(Commit change) {
  Order* stored = living(contents_.orders, change.session_id);
  if (stored == nullptr || stored->claim.version != change.claim.version) {
    co_return CommitResult::refused;
  }
  const bool expected = !change.view || change.view->digest == digest(change.session_id);
  const bool guard = change.view && !change.view->bytes;
  if (guard && !expected) co_return CommitResult::refused;

  const Duration life = claim_life(change.claim, limits_);
  Order order = std::move(*stored);
  order.claim = std::move(change.claim);
  order.claim.version += 1;
  order.claim.view_dirty |= !expected;
  for (const HistoryLine& line : change.lines) note(order, line);
  put(contents_.orders, change.session_id, std::move(order), life);
  if (!expected) co_return CommitResult::view_stale;
  if (change.view && change.view->bytes) {
    put(contents_.sessions, change.session_id, std::move(*change.view->bytes), limits_.session_ttl);
  }
  co_return CommitResult::done;
}

Async<std::vector<HistoryLine>> MemoryStore::history(std::string session_id) {
  std::vector<HistoryLine> lines;
  const Order* order = living(contents_.orders, session_id);
  if (order == nullptr) co_return lines;
  for (const std::string& text : order->history) {
    Result<HistoryLine> line = decode_history_line(text);
    if (!line) co_return fail(line);
    lines.push_back(std::move(*line));
  }
  co_return lines;
}

Async<void> MemoryStore::schedule(std::string member, Time when) {
  contents_.due.try_emplace(member, to_us(when));
  co_return Result<void>();
}

Async<void> MemoryStore::schedule_all(std::vector<Scheduled> lost) {
  for (const Scheduled& one : lost) contents_.due.try_emplace(one.member, to_us(one.when));
  co_return Result<void>();
}

Async<void> MemoryStore::wake(std::string member) {
  const std::int64_t now = to_us(clock_.now());
  const auto [entry, added] = contents_.due.try_emplace(member, now);
  if (!added) entry->second = std::min(now, entry->second - 1);
  co_return Result<void>();
}

Async<std::vector<Due>> MemoryStore::take(std::size_t limit, Duration lease) {
  const Time now = clock_.now();
  std::vector<std::pair<std::int64_t, std::string>> by_score;
  for (const auto& [member, score] : contents_.due) {
    if (score <= to_us(now)) by_score.emplace_back(score, member);
  }
  std::ranges::sort(by_score);
  if (by_score.size() > limit) by_score.resize(limit);
  std::vector<Due> taken;
  for (auto& [score, member] : by_score) {
    std::int64_t lapses = 0;
    if (const auto before = contents_.taken.find(member); before != contents_.taken.end()) {
      lapses = before->second.lapses + (before->second.until_us == score ? 1 : 0);
    }
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

Async<std::optional<double>> MemoryStore::renew(Due taken, Duration lease) {
  const auto entry = contents_.due.find(taken.member);
  const auto before = contents_.taken.find(taken.member);
  if (entry == contents_.due.end() || before == contents_.taken.end() ||
      static_cast<double>(entry->second) != taken.score) {
    co_return std::nullopt;
  }
  last_taken_ = std::max(to_us(clock_.now() + lease), last_taken_ + 1);
  entry->second = before->second.until_us = last_taken_;
  co_return static_cast<double>(last_taken_);
}

Async<bool> MemoryStore::settle(Due taken, std::optional<Duration> delay) {
  contents_.taken.erase(taken.member);
  const auto entry = contents_.due.find(taken.member);
  if (entry == contents_.due.end()) co_return false;
  const bool ours = static_cast<double>(entry->second) == taken.score;
  if (delay) {
    const std::int64_t next_look = to_us(clock_.now() + *delay);
    if (ours || next_look < entry->second) entry->second = next_look;
  } else if (ours) {
    contents_.due.erase(entry);
  }
  co_return ours;
}

Async<std::string> MemoryStore::own_job(std::string job, std::string owner) {
  if (const std::string* owns = living(contents_.jobs, job)) co_return *owns;
  put(contents_.jobs, job, owner, limits_.job_ttl);
  co_return owner;
}

Async<std::string> MemoryStore::job_owner(std::string job) {
  const std::string* owner = living(contents_.jobs, job);
  if (owner == nullptr) co_return fail(Errc::not_found, "nobody owns this job");
  co_return *owner;
}

Async<IdempotencyRecord> MemoryStore::idempotency(std::string key, IdempotencyRecord record,
                                                  bool replace) {
  const IdempotencyRecord* stored = living(contents_.idempotency, key);
  if (stored != nullptr && !replace) co_return *stored;
  put(contents_.idempotency, key, record, limits_.idempotency_ttl);
  co_return record;
}

Async<std::int64_t> MemoryStore::book_unpaid(std::string session_id, std::int64_t bytes) {
  contents_.unpaid[session_id] = bytes;
  if (bytes == 0) contents_.unpaid.erase(session_id);
  std::int64_t total = 0;
  for (const auto& [id, booked] : contents_.unpaid) total += booked;
  co_return total;
}

Async<void> MemoryStore::remember(std::string session_id, Time created) {
  contents_.recent.insert_or_assign(session_id, created);
  if (contents_.recent.size() > static_cast<std::size_t>(limits_.recent_orders)) {
    contents_.recent.erase(
        std::ranges::min_element(contents_.recent, {}, [](const auto& e) { return e.second; }));
  }
  co_return Result<void>();
}

Async<std::vector<std::string>> MemoryStore::recent(std::size_t limit) {
  std::vector<std::pair<Time, std::string>> newest;
  for (const auto& [id, created] : contents_.recent) newest.emplace_back(created, id);
  std::ranges::sort(newest, std::ranges::greater());
  if (newest.size() > limit) newest.resize(limit);
  std::vector<std::string> ids;
  for (auto& [created, id] : newest) ids.push_back(std::move(id));
  co_return ids;
}

Async<Time> MemoryStore::born() { co_return born_; }

Async<std::string> MemoryStore::bind_account(std::string account) {
  if (contents_.account.empty()) contents_.account = std::move(account);
  co_return contents_.account;
}

Async<std::int64_t> MemoryStore::waiting() {
  co_return static_cast<std::int64_t>(contents_.due.size());
}

Async<Time> MemoryStore::reconciled() { co_return contents_.reconciled; }

Async<void> MemoryStore::set_reconciled(Time when) {
  contents_.reconciled = when;
  co_return Result<void>();
}

Async<std::optional<Time>> MemoryStore::next_walk(std::optional<Time> ours, Duration delay,
                                                  Duration longest) {
  const Time now = clock_.now();
  const Time due = contents_.next_walk;
  if (ours != due && due > now && due <= now + longest) co_return std::nullopt;
  contents_.next_walk = now + delay;
  co_return contents_.next_walk;
}

Async<ClaimPage> MemoryStore::claims(std::string) {
  ClaimPage all;
  for (const auto& [id, order] : contents_.orders) all.session_ids.push_back(id);
  co_return all;
}

MemoryStore::Snapshot MemoryStore::snapshot() const {
  Snapshot now;
  now.contents_ = contents_;
  return now;
}

void MemoryStore::go_back(const Snapshot& snapshot) { contents_ = snapshot.contents_; }

Async<void> MemoryStore::ready() { co_return Result<void>(); }

}  // namespace claimcheck
