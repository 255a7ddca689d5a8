// A log that nobody reads, or whose reader is gone, stops nobody, and no line of it is lost to the
// count. Each case is a process of its own, which an alarm ends should it hang.
#include "base/log.hpp"
#include "base/log_writer.hpp"
#include "support/child.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <sstream>
#include <sys/resource.h>
#include <unistd.h>

namespace claimcheck {
namespace {

constexpr unsigned patience_s = 60;
constexpr int many = 4000;  // lines of 1 KiB: more than may wait, and than a pipe holds

std::string said_by(const std::function<void()>& story) {
  const test::ChildEnd end = test::run_in_child([&story] {
    alarm(patience_s);
    story();
  });
  REQUIRE(end.signal == 0);
  return end.said;
}

// Standard error of this process, with its other end in our own hand.
struct OwnPipe {
  std::array<int, 2> ends{};
  int before = ::dup(STDERR_FILENO);

  OwnPipe() {
    if (::pipe(ends.data()) != 0) std::abort();
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[1]);
  }
  void say_before(const std::string& text) const {
    if (::write(before, text.data(), text.size()) < 0) std::abort();
  }
};

void log_many() {
  const std::string value(1024, 'x');
  for (int i = 0; i < many; ++i) log_info("line", {{"value", value}});
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++count;
  return count;
}

TEST_CASE("log writer: all lines, in their order, also the last ones") {
  const std::string said = said_by([] {
    {
      const LogWriter writer;
      for (int i = 0; i < 100; ++i) log_info("line", {{"number", i}});
      if (!flush_log(std::chrono::seconds(patience_s))) log_error("not_flushed");
      for (int i = 100; i < 200; ++i) log_info("line", {{"number", i}});
    }
    log_info("after");
    if (log_lines_dropped() > 0) log_error("dropped");
  });
  CHECK(std::ranges::count(said, '\n') == 201);
  std::size_t at = 0;
  for (int i = 0; i < 200; ++i) {
    at = said.find(fmt::format(R"("number":{}}})", i), at);
    REQUIRE(at != said.npos);
  }
  CHECK(said.find(R"("event":"after")", at) != said.npos);
}

TEST_CASE(
    "log writer: nobody is held up by a reader that rests; then it is told what was dropped") {
  const std::string said = said_by([] {
    const OwnPipe log;
    std::int64_t dropped = 0;
    std::string read;
    {
      const LogWriter writer;
      log_many();
      dropped = log_lines_dropped();
      std::array<char, 65536> chunk{};
      const std::string told = fmt::format(R"("event":"log_lines_dropped","lines":{}}})", dropped);
      while (!read.contains(told)) {
        const ssize_t got = ::read(log.ends[0], chunk.data(), chunk.size());
        read.append(chunk.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      }
    }
    const std::size_t lines = count_of(read, R"("event":"line")");
    log.say_before(fmt::format("{} {} {}", dropped > 0, lines + static_cast<std::size_t>(dropped),
                               count_of(read, "log_lines_dropped")));
  });
  CHECK(said == fmt::format("true {} 1", many));
}

TEST_CASE("log writer: a reader that never comes back does not hold up the end") {
  const std::string said = said_by([] {
    const OwnPipe log;
    {
      const LogWriter writer;
      log_many();
    }
    log_many();  // nor whoever logs behind it
    log.say_before("ended");
  });
  CHECK(said == "ended");
}

TEST_CASE("log writer: a reader that is gone ends nothing; its lines are counted") {
  const std::string said = said_by([] {
    const OwnPipe log;
    ::close(log.ends[0]);
    const LogWriter writer;
    for (int i = 0; i < 10; ++i) log_info("line");
    flush_log(std::chrono::seconds(patience_s));
    log.say_before(fmt::to_string(log_lines_dropped()));
  });
  CHECK(said == "10");
}

TEST_CASE("log writer: a full disk ends nothing, and the next line is a whole one") {
  const std::string said = said_by([] {
    const OwnPipe unused;
    const int file = ::open("/tmp", O_TMPFILE | O_RDWR | O_APPEND, 0600);
    if (file < 0) std::abort();
    ::dup2(file, STDERR_FILENO);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const auto allow = [limit](rlim_t bytes) {
      const rlimit full{.rlim_cur = bytes, .rlim_max = limit.rlim_max};
      ::setrlimit(RLIMIT_FSIZE, &full);
    };
    allow(100);  // a line and a part of the next one
    const LogWriter writer;
    for (int i = 0; i < 3; ++i) {
      log_info("line", {{"number", i}});
      flush_log(std::chrono::seconds(patience_s));
    }
    allow(limit.rlim_cur);
    log_info("line", {{"number", 3}});
    flush_log(std::chrono::seconds(patience_s));
    std::array<char, 4096> text{};
    const ssize_t got = ::pread(file, text.data(), text.size(), 0);
    unused.say_before({text.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))});
  });
  std::istringstream lines(said);
  std::string line;
  std::getline(lines, line);
  CHECK(line.ends_with(R"("event":"line","number":0})"));
  std::getline(lines, line);
  CHECK(line.starts_with(R"({"time":)"));  // the part
  CHECK(!line.ends_with('}'));
  std::getline(lines, line);
  CHECK(line.ends_with(R"("level":"warn","event":"log_lines_dropped","lines":2})"));
  std::getline(lines, line);
  CHECK(line.ends_with(R"("event":"line","number":3})"));
  CHECK(!std::getline(lines, line));
}

}  // namespace
}  // namespace claimcheck
