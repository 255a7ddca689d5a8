#include "sandbox/ids.hpp"

#include <random>

namespace claimcheck::sandbox {

namespace {

std::mt19937_64& source() {
  static std::mt19937_64 random{std::random_device{}()};
  return random;
}

}  // namespace

void seed_ids(std::uint64_t seed) { source().seed(seed); }

std::string random_text(std::size_t length) {
  constexpr std::string_view alphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::uniform_int_distribution<std::size_t> pick(0, alphabet.size() - 1);
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += alphabet[pick(source())];
  return text;
}

std::string new_id(std::string_view prefix, std::size_t length) {
  const std::size_t fixed = prefix.size() - prefix.find('_') - 1;
  return std::string(prefix) + random_text(length - fixed);
}

std::string new_session_id() { return "cs_test_a1" + random_text(56); }

}  // namespace claimcheck::sandbox
