// What a person recognises an order by: titles by their rank, and first words out of values that a
// list has cut off.
#include "report/order_gist.hpp"
#include "store/codec.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

Claim bought(std::string price) {
  Claim claim;
  claim.price = std::move(price);
  claim.tool = "veo3-prompt-generator";
  return claim;
}

std::string value_with(std::string prompt) {
  SessionData session;
  session.prompt = std::move(prompt);
  session.toolTitle = "The tool";
  session.customerEmail = "ada@example.com";
  return encode_session(session);
}

Gist gist_of(const std::string& bytes, const Claim& claim = bought("price_1")) {
  ShopFace face;
  face.products["price_2"] = "Two clips";
  return claimcheck::gist_of(std::string_view(bytes).substr(0, gist_bytes_max), claim, Catalog(),
                             face);
}

TEST_CASE("order gist: the shop's title comes first, then what the buyer saw, then the tool's") {
  CHECK(gist_of(value_with("x"), bought("price_2")).title == "Two clips");
  CHECK(gist_of(value_with("x")).title == "The tool");
  CHECK(gist_of("").title == Tool().title);
  CHECK(gist_of("no JSON").title == Tool().title);
  CHECK(gist_of(value_with("x")).email == "ada@example.com");
}

TEST_CASE("order gist: words are on one line and end between two words") {
  CHECK(first_words("") == "");
  CHECK(first_words("  A \n\t cat  ") == "A cat");
  CHECK(first_words(std::string(first_words_chars_max, 'a')).size() == first_words_chars_max);
  CHECK(first_words(std::string(first_words_chars_max + 1, 'a')) ==
        std::string(first_words_chars_max, 'a') + "…");
  CHECK(first_words(std::string(70, 'a') + ' ' + std::string(70, 'b')) ==
        std::string(70, 'a') + "…");
  std::string many;
  for (std::size_t i = 0; i < first_words_chars_max; ++i) many += "я";
  CHECK(first_words(many) == many);
  CHECK(first_words(many + "я") == many + "…");
}

TEST_CASE("order gist: of a value that is too long for a list the prompt's beginning is shown") {
  const std::string padding(2 * gist_bytes_max, 'x');
  const std::string words = "A \"cat\"\nat dawn, as seen by a bird that has flown for many days ";
  const Gist gist = gist_of(value_with(words + padding));
  CHECK(gist.prompt == "A \"cat\" at dawn, as seen by a bird that has flown for many days…");
  CHECK(gist.email.empty());
  CHECK(gist.title == Tool().title);
  // Wherever the bytes are cut: no half character, no half escape.
  for (std::size_t shift = 0; shift < 13; ++shift) {
    std::string odd(shift, 'a');
    for (int i = 0; i < 3000; ++i) odd += "я\\\"\u2028🎬";
    CHECK_FALSE(gist_of(value_with(odd + padding)).prompt.empty());
  }
}

TEST_CASE("order gist: the prompt of a long value may end before the cut") {
  SessionData session;
  session.prompt = "Short";
  session.metadata = SessionMetadata();
  session.metadata->emplace_back("note", std::string(2 * gist_bytes_max, 'y'));
  CHECK(gist_of(encode_session(session)).prompt == "Short");
}

}  // namespace
}  // namespace claimcheck::test
