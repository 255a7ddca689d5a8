// What the operator asks of the orders, in memory: lists, search words, counts.
#include "base/crypto.hpp"
#include "store/keys.hpp"
#include "store/memory/store.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

std::map<std::string, Time>& MemoryStore::listed(OrderList which) {
  switch (which) {
    case OrderList::held: return contents_.held;
    case OrderList::disputed: return contents_.disputed;
    case OrderList::recent: break;
  }
  return contents_.recent;
}

Async<void> MemoryStore::enlist(OrderList which, std::string session_id, Time when, bool anew) {
  const auto [entry, added] = listed(which).try_emplace(session_id, when);
  if (!added && anew) entry->second = std::max(when, entry->second + Duration(1));
  co_return Result<void>();
}

Async<void> MemoryStore::unlist(OrderList which, ListedOrder order) {
  std::map<std::string, Time>& list = listed(which);
  const auto entry = list.find(order.session_id);
  if (entry != list.end() && entry->second == order.when) list.erase(entry);
  co_return Result<void>();
}

Async<Time> MemoryStore::listed_since(OrderList which, std::string session_id) {
  const std::map<std::string, Time>& list = listed(which);
  const auto entry = list.find(session_id);
  if (entry == list.end()) co_return fail(Errc::not_found, "this order is not on the list");
  co_return entry->second;
}

Async<void> MemoryStore::mark_opened(std::string session_id, Time when) {
  if (living(contents_.opened, session_id) != nullptr) co_return Result<void>();
  put(contents_.opened, session_id, when, limits_.claim_paid_ttl);
  co_return Result<void>();
}

Async<Time> MemoryStore::opened(std::string session_id) {
  const Time* when = living(contents_.opened, session_id);
  if (when == nullptr) co_return fail(Errc::not_found, "nobody has looked at this order");
  co_return *when;
}

Async<std::vector<ListedOrder>> MemoryStore::list(OrderList which, std::optional<ListedOrder> after,
                                                  std::size_t limit) {
  std::vector<ListedOrder> all;
  for (const auto& [id, when] : listed(which)) {
    ListedOrder order{.session_id = id, .when = when};
    if (!after || comes_before(which, *after, order)) all.push_back(std::move(order));
  }
  std::ranges::sort(all,
                    [which](const auto& a, const auto& b) { return comes_before(which, a, b); });
  if (all.size() > limit) all.resize(limit);
  co_return all;
}

Async<std::vector<Result<Claim>>> MemoryStore::load_all(std::vector<std::string> session_ids) {
  std::vector<Result<Claim>> claims;
  for (std::string& id : session_ids) claims.push_back(co_await load(std::move(id)));
  co_return claims;
}

Async<Time> MemoryStore::due_at(std::string member) {
  const auto entry = contents_.due.find(member);
  if (entry == contents_.due.end()) co_return fail(Errc::not_found, "nobody looks at this again");
  co_return from_us(entry->second);
}

Async<OrderCounts> MemoryStore::order_counts() {
  co_return OrderCounts{.due = std::ssize(contents_.due),
                        .unpaid = std::ssize(contents_.unpaid),
                        .held = std::ssize(contents_.held),
                        .disputed = std::ssize(contents_.disputed)};
}

Async<void> MemoryStore::index_word(std::string word, std::string session_id, Time when) {
  const std::string key = sha256_hex(word);
  std::map<std::string, Time> orders;
  if (const auto* known = living(contents_.words, key)) orders = *known;
  orders.insert_or_assign(std::move(session_id), when);
  if (std::ssize(orders) > limits_.found_orders) {
    orders.erase(std::ranges::min_element(orders, {}, [](const auto& e) { return e.second; }));
  }
  put(contents_.words, key, std::move(orders), limits_.claim_open_ttl);
  co_return Result<void>();
}

Async<std::vector<std::string>> MemoryStore::find_word(std::string word) {
  std::vector<std::pair<Time, std::string>> newest;
  if (const auto* known = living(contents_.words, sha256_hex(word))) {
    for (const auto& [id, when] : *known) newest.emplace_back(when, id);
  }
  std::ranges::sort(newest, std::ranges::greater());
  std::vector<std::string> ids;
  for (auto& [when, id] : newest) ids.push_back(std::move(id));
  co_return ids;
}

Async<void> MemoryStore::forget_word(std::string word, std::string session_id) {
  const std::string key = sha256_hex(word);
  if (const auto* known = living(contents_.words, key)) {
    std::map<std::string, Time> orders = *known;
    orders.erase(session_id);
    put(contents_.words, key, std::move(orders), limits_.claim_open_ttl);
  }
  co_return Result<void>();
}

Async<void> MemoryStore::add_stats(Time when, StatsValues differences) {
  for (const StatsShape& shape : stats_shapes) {
    const std::string start = fmt::to_string(to_unix_s(bucket_of(shape, when)));
    const std::string key = keys::stats(shape.key, start);
    StatsValues values;
    if (const StatsValues* known = living(contents_.stats, key)) values = *known;
    for (const auto& [name, value] : differences) values[name] += value;
    put(contents_.stats, key, std::move(values), shape.life);
  }
  co_return Result<void>();
}

Async<std::vector<StatsBucket>> MemoryStore::stats(StatsRange range, Time now,
                                                   std::int64_t buckets) {
  const StatsShape& shape = shape_of(range);
  std::vector<StatsBucket> filled;
  for (std::int64_t ago = buckets - 1; ago >= 0; --ago) {
    const Time start = bucket_of(shape, now) - ago * shape.step;
    const std::string key = keys::stats(shape.key, fmt::to_string(to_unix_s(start)));
    const StatsValues* values = living(contents_.stats, key);
    if (values != nullptr) filled.push_back({.start = start, .values = *values});
  }
  co_return filled;
}

}  // namespace claimcheck
