// What an order can be found by besides its session id. The store keeps a digest of the word: the
// index shows no address, though whoever has one can see whether it is there. Pure.
#pragma once

#include "base/text.hpp"

#include <string>
#include <string_view>

namespace claimcheck {

inline std::string payment_word(std::string_view payment_intent) {
  return "payment:" + std::string(payment_intent);
}

// People write their address with capitals at one time and without at another.
inline std::string email_word(std::string_view address) { return "email:" + lowercase(address); }

}  // namespace claimcheck
