// SearchWords: finds orders by words other than the session id. The store keeps only a digest of
// the word: the index shows no address, but with an address one can test whether it is in the
// index. The index is a hint that waits for no disk and no replica; the claim decides. One of the
// roles of the store (store.hpp).
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

// People write the same address, and the same order number, with and without capitals.
inline std::string email_word(std::string_view address) { return "email:" + lowercase(address); }
inline std::string reference_word(std::string_view reference) {
  return "reference:" + lowercase(reference);
}

class SearchWords {
 public:
  virtual ~SearchWords() = default;

  // Adds an order to those of a word; only the newest orders are kept. Errors: the store's.
  virtual Async<void> index_word(std::string word, std::string session_id, Time when) = 0;
  // The session ids, newest first; none is no error. Errors: the store's.
  virtual Async<std::vector<std::string>> find_word(std::string word) = 0;
  // Removes an order from those of a word. Waits for disk and replicas, unlike the others, since a
  // person asked for it. Errors: the store's.
  virtual Async<void> forget_word(std::string word, std::string session_id) = 0;
};

}  // namespace claimcheck
