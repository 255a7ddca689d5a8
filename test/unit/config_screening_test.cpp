// Settings that screen prompts before a payment.
#include "config/config.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace claimcheck {
namespace {

const std::string key = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";

std::expected<Config, ConfigErrors> with(std::vector<std::string> settings) {
  return load_config({.arguments = {}, .environment = std::move(settings)}, false);
}

std::string error_of(std::vector<std::string> settings) {
  const auto config = with(std::move(settings));
  return config ? "" : config.error().lines.at(0);
}

struct WordsFile {
  std::string path = std::filesystem::temp_directory_path() / "claimcheck-words-test.txt";
  explicit WordsFile(const std::string& text) { std::ofstream(path, std::ios::binary) << text; }
  ~WordsFile() { std::filesystem::remove(path); }
  WordsFile(const WordsFile&) = delete;
  WordsFile& operator=(const WordsFile&) = delete;

  std::string setting() const { return "CLAIMCHECK_SCREENING_WORDS=" + path; }
};

TEST_CASE("screening settings: without any nothing is screened") {
  const auto config = load_config({}, false);
  CHECK(config->screening.words.empty());
  CHECK(config->screening.url.empty());
  CHECK(config->screening.timeout == std::chrono::seconds(5));
  CHECK_FALSE(config->screening.allow_when_silent);
}

TEST_CASE("screening settings: the words are read from a file that must have some") {
  const WordsFile file("# no\nforbidden\n");
  const auto config = with({file.setting()});
  REQUIRE(config);
  CHECK(config->screening.words.size() == 1);
  CHECK(error_of({"CLAIMCHECK_SCREENING_WORDS=/nowhere/words"}) ==
        "CLAIMCHECK_SCREENING_WORDS: the file /nowhere/words cannot be read");
  CHECK(error_of({"CLAIMCHECK_SCREENING_WORDS=/"}).ends_with("the file / cannot be read"));
}

TEST_CASE("screening settings: a file that is no list ends the start, without a word of it") {
  const std::string name = "CLAIMCHECK_SCREENING_WORDS: the file ";
  SUBCASE("comments alone") {
    const WordsFile file("# no\n");
    CHECK(error_of({file.setting()}) == name + file.path + " has no words");
  }
  SUBCASE("no text") {
    const WordsFile file("secret\nsecret\xFF\n");
    CHECK(error_of({file.setting()}) == name + file.path + ": line 2: is not UTF-8");
  }
  SUBCASE("too long") {
    const WordsFile file(std::string(screening_words_bytes_max + 9, '\n'));
    CHECK(error_of({file.setting()}) == name + file.path + ": is longer than 1048576 bytes");
  }
}

TEST_CASE("screening settings: the hook needs an address and a key, of the webhook's forms") {
  const std::string url = "CLAIMCHECK_SCREENING_URL=https://shop.example/screen";
  const std::string secret = "CLAIMCHECK_SCREENING_SECRET=" + key;
  const auto config =
      with({url, secret, "CLAIMCHECK_SCREENING_TIMEOUT=30s", "CLAIMCHECK_SCREENING_SILENT=allow"});
  REQUIRE(config);
  CHECK(config->screening.url == "https://shop.example/screen");
  CHECK(config->screening.keys.at(0).reveal() == "0123456789abcdef01234567");
  CHECK(config->screening.timeout == std::chrono::seconds(30));
  CHECK(config->screening.allow_when_silent);
  CHECK(error_of({url}) == "CLAIMCHECK_SCREENING_SECRET: not set");
  CHECK(error_of({secret}) == "CLAIMCHECK_SCREENING_URL: not set");
  CHECK(error_of({"CLAIMCHECK_SCREENING_URL=http://shop.example/screen", secret}) ==
        "CLAIMCHECK_SCREENING_URL: must be https://, or http:// to this very machine");
  CHECK(error_of({"CLAIMCHECK_SCREENING_SECRET=short"}).ends_with("two with a comma"));
  CHECK(error_of({"CLAIMCHECK_SCREENING_TIMEOUT=31s"}).ends_with("must be from 1s to 30s"));
  CHECK(error_of({"CLAIMCHECK_SCREENING_SILENT=yes"}).ends_with("must be refuse or allow"));
}

}  // namespace
}  // namespace claimcheck
