// The log is what operators see and machines read: its lines are checked as they come out.
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/log_form.hpp"
#include "base/secret.hpp"
#include "support/child.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>
#include <thread>
#include <vector>

namespace claimcheck {
namespace {

std::string logged(const std::function<void()>& function) {
  return test::run_in_child(function).said;
}

// Without the time, which is checked apart.
std::string after_time(const std::string& line) { return line.substr(line.find(R"("level")")); }

TEST_CASE("log for people: time of day, level, event in words, fields; colours where wanted") {
  const std::vector<PrintedField> fields = {{"session", R"("cs_1")"},
                                            {"why", R"("it is \"away\"")"},
                                            {"none", R"("")"},
                                            {"live", "true"}};
  const std::string plain = log_text(LogLevel::warn, "order_not_paid", fields, false);
  CHECK(plain[2] == ':');
  CHECK(plain.substr(8) ==
        " warn  order not paid  session=cs_1  why=\"it is \\\"away\\\"\"  none=\"\"  live=true\n");
  const std::string coloured = log_text(LogLevel::error, "order_held", {}, true);
  CHECK(coloured.contains("\x1b[31merror\x1b[0m \x1b[1morder held\x1b[0m\n"));
}

TEST_CASE("log for people: the end of the program is a sentence, for programs an event") {
  const std::string text = logged([] {
    set_log_form(LogForm::text);
    log_end("start_failed", "the port is\x1btaken");
  });
  CHECK(text == "claimcheck: the port is\\u001btaken\n");
  const std::string line = logged([] { log_end("start_failed", "taken"); });
  CHECK(after_time(line) == R"("level":"error","event":"start_failed","why":"taken"})"
                            "\n");
}

TEST_CASE("log: one JSON object a line, with the time, the level, the event and the fields") {
  const std::string line = logged([] {
    log_info("order_paid", {{"session", "cs_1"},
                            {"prompt_length", 12'000},
                            {"live", false},
                            {"bytes", std::size_t{7}},
                            {"delta", -1}});
  });
  const auto document = json::parse(line.substr(0, line.size() - 1));
  REQUIRE(document.has_value());
  CHECK(json::text_at(*document, "time").size() == 24);
  CHECK(json::text_at(*document, "time").substr(0, 2) == "20");
  CHECK(line.starts_with(R"({"time":"20)"));
  CHECK(after_time(line) == R"("level":"info","event":"order_paid","session":"cs_1",)"
                            R"("prompt_length":12000,"live":false,"bytes":7,"delta":-1})"
                            "\n");
}

TEST_CASE("log: no value can forge a line or a field") {
  const std::string line = logged(
      [] { log_warn("odd", {{"why", "a\"b\\c\n{\"level\":\"error\"}\r\x01"}, {"name", ""}}); });
  CHECK(after_time(line) == R"("level":"warn","event":"odd",)"
                            R"("why":"a\"b\\c\n{\"level\":\"error\"}\r\u0001","name":""})"
                            "\n");
}

TEST_CASE("log: a value of any length and any bytes is one line of JSON") {
  const auto said = [](std::string_view why) {
    const std::string line = logged([why] { log_warn("odd", {{"why", why}}); });
    const auto document = json::parse(std::string_view(line).substr(0, line.size() - 1));
    return document ? std::string(json::text_at(*document, "why")) : "no JSON: " + line;
  };
  CHECK(said("naïve 🎬") == "naïve 🎬");
  CHECK(logged([] {
          log_warn("odd", {{"why", "\u009b2J\u202e\x7f"}});
        }).contains(R"("why":"\u009b2J\u202e\u007f")"));
  CHECK(said("a\xff\xc0\xaf z") == "a??? z");
  CHECK(said(std::string(1024, 'a')) == std::string(1024, 'a'));
  CHECK(said(std::string(100'000, 'a')) == std::string(1024, 'a') + "...");
  CHECK(said(std::string(1023, 'a') + "é") == std::string(1023, 'a') + "?...");
}

TEST_CASE("log: the level decides") {
  const auto all = [] {
    log(LogLevel::debug, "d");
    log_info("i");
    log_warn("w");
    log_error("e");
  };
  struct Row {
    LogLevel level;
    int lines;
  };
  const Row rows[] = {{LogLevel::debug, 4},
                      {LogLevel::info, 3},
                      {LogLevel::warn, 2},
                      {LogLevel::error, 1},
                      {LogLevel::off, 0}};
  for (const Row& row : rows) {
    const std::string text = logged([&] {
      set_log_level(row.level);
      all();
    });
    CHECK(std::ranges::count(text, '\n') == row.lines);
  }
  CHECK(std::ranges::count(logged(all), '\n') == 3);  // info, unless told otherwise
}

TEST_CASE("log: lines of several threads stay whole") {
  const std::string text = logged([] {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([] {
        const std::string value(500, 'x');
        for (int i = 0; i < 50; ++i) log_info("line", {{"value", value}});
      });
    }
  });
  std::istringstream lines(text);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    REQUIRE(json::parse(line).has_value());
  }
  CHECK(count == 200);
}

TEST_CASE("secret: it is never printed") {
  const Secret secret("hidden");
  std::ostringstream out;
  out << secret;
  CHECK(out.str() == "***");
  CHECK(fmt::format("{}|{:>5}", secret, secret) == "***|  ***");
  CHECK(secret.reveal() == "hidden");
  CHECK(Secret().empty());
}

}  // namespace
}  // namespace claimcheck
