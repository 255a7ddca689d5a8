// What an order can be found by besides its session id. The store keeps a digest of the word, so
// the index itself names no person. Pure.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace claimcheck {

inline std::string payment_word(std::string_view payment_intent) {
  return "payment:" + std::string(payment_intent);
}

// People write their address with capitals at one time and without at another.
inline std::string email_word(std::string_view address) {
  std::string word = "email:" + std::string(address);
  std::ranges::transform(word, word.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return word;
}

}  // namespace claimcheck
