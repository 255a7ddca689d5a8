// The list of words that no prompt may have: what is found in a prompt, and what is a list.
#include "domain/word_list.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace claimcheck {
namespace {

bool finds(std::string_view list, std::string_view prompt) {
  const Result<WordList> words = WordList::parse(list);
  REQUIRE(words);
  return words->found_in(prompt);
}

std::string error_of(std::string_view list) {
  const Result<WordList> words = WordList::parse(list);
  return words ? "" : words.error().message;
}

TEST_CASE("word list: a word is found as a whole, in letters of any case") {
  CHECK(finds("ass", "my Ass here"));
  CHECK(finds("ass", "ASS"));
  CHECK(finds("ass", "(ass)"));
  CHECK(finds("ass", "a classic, no: ass!"));
  CHECK_FALSE(finds("ass", "a classic assembly of glass"));
  CHECK_FALSE(finds("ass", "ass2"));
  CHECK_FALSE(finds("ass", ""));
}

TEST_CASE("word list: a phrase is found over any white space, a mark as it is") {
  CHECK(finds("black  market", "the Black\n\t market of"));
  CHECK(finds("black market", "black\u00A0market"));
  CHECK_FALSE(finds("black market", "black-market"));
  CHECK_FALSE(finds("black market", "black markets"));
  CHECK(finds("c++", "in C++."));
  CHECK_FALSE(finds("c++", "in c+"));
  CHECK(finds("@home", "at@home"));  // no border before a mark
  CHECK_FALSE(finds("@home", "@homes"));
}

TEST_CASE("word list: the longest of several is found where shorter ones begin alike") {
  const char* list = "bad\nbad cat\nbadger\nzoo";
  CHECK(finds(list, "a bad one"));
  CHECK(finds(list, "a badger"));
  CHECK_FALSE(finds(list, "a badge"));
  CHECK(finds("bad cat here\nbad catnip", "bad catnip"));
  CHECK_FALSE(finds("bad cat here\nbad catnip", "bad cat"));
}

TEST_CASE("word list: letters of other scripts, with what stands on them") {
  CHECK(finds("Мафия", "про МАФИЮ и мафия"));
  CHECK_FALSE(finds("мафия", "мафиями"));
  CHECK(finds("ÉCLAIR", "un éclair"));
  CHECK(finds("ΣΙΣΥΦΟΣ", "σισυφος"));
  // The mark belongs to the letter before it: no word ends between them.
  CHECK_FALSE(finds("cafe", "cafe\u0301"));
  CHECK_FALSE(finds("नमस", "नमस्ते"));
  CHECK(finds("नमस्ते", "कहो नमस्ते!"));
}

TEST_CASE("word list: a script without spaces has no borders") {
  CHECK(finds("毒品", "关于毒品的影片"));
  CHECK(finds("毒品", "the毒品film"));
  CHECK(finds("ยาเสพติด", "เกี่ยวกับยาเสพติดที่"));
}

TEST_CASE("word list: invisible characters hide nothing") {
  CHECK(finds("secret", "se\u200Bcr\u00ADet"));
  CHECK(finds("se\uFEFFcret", "secret"));
}

TEST_CASE("word list: empty lines and comments say nothing") {
  const Result<WordList> words =
      WordList::parse("# never\r\n\n  bad \r\nBAD\n\t# sometimes\nworse");
  REQUIRE(words);
  CHECK(words->size() == 2);
  CHECK_FALSE(words->found_in("never sometimes"));
  CHECK(words->found_in("a bad end"));
  CHECK(WordList::parse("# nothing\n")->empty());
  CHECK_FALSE(finds("", "anything"));
}

TEST_CASE("word list: its limits, and what is no text, are told by the line alone") {
  const std::string longest(screening_phrase_bytes_max, 'x');
  CHECK(error_of(longest).empty());
  CHECK(error_of("good\n" + longest + "x") == "line 2: is longer than 200 bytes");
  CHECK(error_of("good\nbad\xFF") == "line 2: is not UTF-8");
  CHECK(error_of("\xC3") == "line 1: is not UTF-8");
  std::string many;
  for (std::size_t i = 0; i < screening_words_max; ++i) many += fmt::format("w{}\n", i);
  CHECK(error_of(many).empty());
  CHECK(error_of(many + "more") == "line 10001: is one more than 10000 phrases");
  CHECK(error_of(std::string(screening_words_bytes_max, '\n')).empty());
  CHECK(error_of(std::string(screening_words_bytes_max + 1, '\n')) ==
        "is longer than 1048576 bytes");
}

}  // namespace
}  // namespace claimcheck
