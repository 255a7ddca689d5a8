// The orders in memory: lua/create.lua and lua/commit.lua, line by line.
#include "store/memory/shared.hpp"
#include "store/records.hpp"
#include "store/roles.hpp"

namespace claimcheck {

namespace {

class MemoryOrders final : public InMemory<Orders> {
 public:
  using InMemory::InMemory;

  Async<bool> create(NewOrder order) override {
    if (living(contents_.orders, order.session_id, clock_.now()) != nullptr) co_return false;
    StoredOrder stored{.claim = std::move(order.claim), .history = {}};
    stored.claim.version = 1;
    note(stored, order.line);
    const Duration life = claim_life(stored.claim, limits_);
    put(contents_.orders, order.session_id, std::move(stored), clock_.now() + life);
    // A session value that exists is kept: another program may have written it.
    if (order.session && living(contents_.sessions, order.session_id, clock_.now()) == nullptr) {
      put(contents_.sessions, order.session_id, std::move(*order.session),
          clock_.now() + limits_.session_ttl);
    }
    co_return true;
  }

  Async<Claim> load(std::string session_id) override {
    const StoredOrder* order = living(contents_.orders, session_id, clock_.now());
    if (order == nullptr) co_return fail(Errc::not_found, "there is no claim for this session");
    co_return order->claim;
  }

  Async<std::vector<Result<Claim>>> load_all(std::vector<std::string> session_ids) override {
    std::vector<Result<Claim>> claims;
    for (std::string& id : session_ids) claims.push_back(co_await load(std::move(id)));
    co_return claims;
  }

  Async<CommitResult> commit(Commit change) override {
    StoredOrder* stored = living(contents_.orders, change.session_id, clock_.now());
    // Another version: another worker has changed the claim meanwhile.
    if (stored == nullptr || stored->claim.version != change.claim.version) {
      co_return CommitResult::refused;
    }
    const bool expected =
        !change.view || change.view->digest == shared_.session_digest(change.session_id);
    const bool guard = change.view && change.view->guarded;
    // A guarded commit begins something new, which must not be decided on old data.
    if (guard && !expected) co_return CommitResult::refused;

    const Duration life = claim_life(change.claim, limits_);
    StoredOrder order = std::move(*stored);
    order.claim = std::move(change.claim);
    order.claim.version += 1;
    // Past events are recorded in any case; the next pass writes the view again.
    order.claim.view_dirty |= !expected;
    for (const HistoryLine& line : change.lines) note(order, line);
    put(contents_.orders, change.session_id, std::move(order), clock_.now() + life);
    if (!expected) co_return CommitResult::view_stale;
    if (change.view && change.view->bytes) {
      put(contents_.sessions, change.session_id, std::move(*change.view->bytes),
          clock_.now() + limits_.session_ttl);
    }
    co_return CommitResult::done;
  }

  Async<std::vector<HistoryLine>> history(std::string session_id) override {
    std::vector<HistoryLine> lines;
    const StoredOrder* order = living(contents_.orders, session_id, clock_.now());
    if (order == nullptr) co_return lines;
    for (const std::string& text : order->history) {
      Result<HistoryLine> line = decode_history_line(text);
      if (!line) co_return fail(line);
      lines.push_back(std::move(*line));
    }
    co_return lines;
  }

  // One page is enough here. Expired claims may come too, as from SCAN.
  Async<ClaimPage> claims(std::string) override {
    ClaimPage all;
    for (const auto& [id, order] : contents_.orders) all.session_ids.push_back(id);
    co_return all;
  }

  Async<void> mark_opened(std::string session_id, Time when) override {
    if (living(contents_.opened, session_id, clock_.now()) != nullptr) co_return Result<void>();
    put(contents_.opened, session_id, when, clock_.now() + limits_.claim_paid_ttl);
    co_return Result<void>();
  }

  Async<Time> opened(std::string session_id) override {
    const Time* when = living(contents_.opened, session_id, clock_.now());
    if (when == nullptr) co_return fail(Errc::not_found, "nobody has looked at this order");
    co_return *when;
  }

 private:
  void note(StoredOrder& order, const HistoryLine& line) const {
    order.history.push_back(encode_history_line(line));
    const auto kept = static_cast<std::size_t>(limits_.history_lines);
    // The first tenth is kept, since it says how the order began; the oldest line after it is
    // removed.
    if (order.history.size() > kept) {
      order.history.erase(order.history.begin() + limits_.history_lines / 10);
    }
  }
};

}  // namespace

std::unique_ptr<Orders> orders_in(MemoryShared& shared) {
  return std::make_unique<MemoryOrders>(shared);
}

}  // namespace claimcheck
