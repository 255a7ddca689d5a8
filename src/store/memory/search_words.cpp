// The search words in memory: under the digest of each word, as in Redis.
#include "base/crypto.hpp"
#include "store/memory/shared.hpp"
#include "store/newest.hpp"
#include "store/roles.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

class MemorySearchWords final : public InMemory<SearchWords> {
 public:
  using InMemory::InMemory;

  Async<void> index_word(std::string word, std::string session_id, Time when) override {
    const std::string key = sha256_hex(word);
    std::map<std::string, Time> orders;
    if (const auto* known = living(contents_.words, key, clock_.now())) orders = *known;
    orders.insert_or_assign(std::move(session_id), when);
    // One too many at most, since each call adds one: the oldest is removed.
    if (std::ssize(orders) > limits_.found_orders) {
      orders.erase(std::ranges::min_element(orders, {}, [](const auto& e) { return e.second; }));
    }
    put(contents_.words, key, std::move(orders), clock_.now() + limits_.claim_open_ttl);
    co_return Result<void>();
  }

  Async<std::vector<std::string>> find_word(std::string word) override {
    std::vector<std::pair<Time, std::string>> newest;
    if (const auto* known = living(contents_.words, sha256_hex(word), clock_.now())) {
      for (const auto& [id, when] : *known) newest.emplace_back(when, id);
    }
    const std::size_t all = newest.size();  // index_word() limits their number
    co_return newest_first(std::move(newest), all);
  }

  Async<void> forget_word(std::string word, std::string session_id) override {
    const std::string key = sha256_hex(word);
    if (const auto* known = living(contents_.words, key, clock_.now())) {
      std::map<std::string, Time> orders = *known;
      orders.erase(session_id);
      put(contents_.words, key, std::move(orders), clock_.now() + limits_.claim_open_ttl);
    }
    co_return Result<void>();
  }
};

}  // namespace

std::unique_ptr<SearchWords> search_words_in(MemoryShared& shared) {
  return std::make_unique<MemorySearchWords>(shared);
}

}  // namespace claimcheck
