// The lists of orders in memory.
#include "store/memory/shared.hpp"
#include "store/newest.hpp"
#include "store/roles.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

class MemoryOrderLists final : public InMemory<OrderLists> {
 public:
  using InMemory::InMemory;

  Async<void> remember(std::string session_id, Time created) override {
    shared_.remember(session_id, created);
    co_return Result<void>();
  }

  Async<std::vector<std::string>> recent(std::size_t limit) override {
    std::vector<std::pair<Time, std::string>> newest;
    for (const auto& [id, created] : contents_.recent) newest.emplace_back(created, id);
    co_return newest_first(std::move(newest), limit);
  }

  Async<void> enlist(OrderList which, std::string session_id, Time when,
                     IfListed already) override {
    const auto [entry, added] = listed(which).try_emplace(session_id, when);
    // A later time than before, so that an unlist() that was decided on the earlier one changes
    // nothing.
    if (!added && already == IfListed::anew) {
      entry->second = std::max(when, entry->second + Duration(1));
    }
    co_return Result<void>();
  }

  Async<void> unlist(OrderList which, ListedOrder order) override {
    std::map<std::string, Time>& list = listed(which);
    const auto entry = list.find(order.session_id);
    if (entry != list.end() && entry->second == order.when) list.erase(entry);
    co_return Result<void>();
  }

  Async<Time> listed_since(OrderList which, std::string session_id) override {
    const std::map<std::string, Time>& list = listed(which);
    const auto entry = list.find(session_id);
    if (entry == list.end()) co_return fail(Errc::not_found, "this order is not on the list");
    co_return entry->second;
  }

  Async<std::vector<ListedOrder>> list(OrderList which, std::optional<ListedOrder> after,
                                       std::size_t limit) override {
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

  Async<OrderCounts> order_counts() override {
    co_return OrderCounts{.due = std::ssize(contents_.due),
                          .unpaid = std::ssize(contents_.unpaid),
                          .held = std::ssize(contents_.held),
                          .disputed = std::ssize(contents_.disputed),
                          .recent = std::ssize(contents_.recent)};
  }

 private:
  std::map<std::string, Time>& listed(OrderList which) {
    switch (which) {
      case OrderList::held: return contents_.held;
      case OrderList::disputed: return contents_.disputed;
      case OrderList::recent: break;
    }
    return contents_.recent;
  }
};

}  // namespace

std::unique_ptr<OrderLists> order_lists_in(MemoryShared& shared) {
  return std::make_unique<MemoryOrderLists>(shared);
}

}  // namespace claimcheck
