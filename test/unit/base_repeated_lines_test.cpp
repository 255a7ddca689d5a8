// A flood of one kind is a line in ten seconds, and no line of it is lost to the count.
#include "base/repeated_lines.hpp"
#include "support/child.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <vector>

namespace claimcheck {
namespace {

constexpr Duration at(int seconds) { return std::chrono::seconds(seconds); }

// What was written, a line each, from the event on.
std::vector<std::string> lines_of(const std::function<void(RepeatedLines&)>& story) {
  std::istringstream said(test::run_in_child([&story] {
                            RepeatedLines lines;
                            story(lines);
                          }).said);
  std::vector<std::string> found;
  for (std::string line; std::getline(said, line);) {
    found.push_back(line.substr(line.find(R"("event")")));
  }
  return found;
}

TEST_CASE("repeated lines: the first is told at once, then one in ten seconds says how many") {
  const auto lines = lines_of([](RepeatedLines& lines) {
    for (int i = 0; i < 1000; ++i) lines.warn("refused", "old", {"bytes", i}, at(5));
    lines.tell(at(14));
    lines.tell(at(15));
    lines.warn("refused", "old", {"bytes", 7}, at(16));
    lines.tell(at(24));
    lines.tell(at(25));
    lines.tell(at(35));  // quiet: nothing is told, and the next one is a first one
    lines.warn("refused", "old", {"bytes", 8}, at(36));
  });
  CHECK(lines == std::vector<std::string>{
                     R"("event":"refused","reason":"old","bytes":0})",
                     R"("event":"refused","reason":"old","times":999})",
                     R"("event":"refused","reason":"old","times":1})",
                     R"("event":"refused","reason":"old","bytes":8})",
                 });
}

TEST_CASE("repeated lines: other events and reasons are counted by themselves, all at the end") {
  const auto lines = lines_of([](RepeatedLines& lines) {
    for (int i = 0; i < 3; ++i) {
      lines.warn("refused", "old", {"bytes", 1}, at(0));
      lines.warn("refused", "forged", {"bytes", 2}, at(0));
      lines.warn("guessed", "old", {"client", "::1"}, at(0));
    }
    lines.tell_all();
    lines.tell_all();
  });
  CHECK(lines == std::vector<std::string>{
                     R"("event":"refused","reason":"old","bytes":1})",
                     R"("event":"refused","reason":"forged","bytes":2})",
                     R"("event":"guessed","reason":"old","client":"::1"})",
                     R"("event":"refused","reason":"old","times":2})",
                     R"("event":"refused","reason":"forged","times":2})",
                     R"("event":"guessed","reason":"old","times":2})",
                 });
}

}  // namespace
}  // namespace claimcheck
