// SearchWords: what an order can be found by besides its session id. The store keeps a digest of
// the word: the index shows no address, though whoever has one can see whether it is there. Hints
// that no disk and no replica is waited for; the claim decides. One of the roles of the store
// (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "base/text.hpp"
#include "store/async.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

inline std::string payment_word(std::string_view payment_intent) {
  return "payment:" + std::string(payment_intent);
}

// People write their address with capitals at one time and without at another.
inline std::string email_word(std::string_view address) { return "email:" + lowercase(address); }

class SearchWords {
 public:
  virtual ~SearchWords() = default;

  // Lets a word lead to an order; the newest of them are kept. Errors: the store's.
  virtual Async<void> index_word(std::string word, std::string session_id, Time when) = 0;
  // The session ids, newest first; none is no error. Errors: the store's.
  virtual Async<std::vector<std::string>> find_word(std::string word) = 0;
  // Errors: the store's. Waits for disk and replicas, unlike the others: a person asked for it.
  virtual Async<void> forget_word(std::string word, std::string session_id) = 0;
};

}  // namespace claimcheck
