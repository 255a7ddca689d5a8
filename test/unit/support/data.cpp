#include "support/data.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

namespace claimcheck::test {

std::string data_text(const std::string& name) {
  std::ifstream file(std::string(CLAIMCHECK_TEST_DATA) + "/" + name, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), "missing test data: ", name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

boost::json::value data_json(const std::string& name) {
  return boost::json::parse(data_text(name));
}

std::string base64_decode(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) break;
    buffer = (buffer << 6U) | static_cast<unsigned>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((buffer >> static_cast<unsigned>(bits)) & 0xffU);
    }
  }
  return bytes;
}

}  // namespace claimcheck::test
