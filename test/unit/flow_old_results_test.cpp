// What is deleted from the storage, and what never is.
#include "flow/old_results.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

constexpr const char* digest = "0123456789abcdef0123456789abcdef";

std::string name(const std::string& day) { return "shop/" + day + "/" + digest + ".mp4"; }

// The world's day is 2026-09-21, and results are kept for 10 days: until the 11th.
struct Subject {
  OrderWorld world{};
  Storage storage{world.http,
                  world.run.clock,
                  {.url = "https://s3/b",
                   .key = {.id = "i", .secret = Secret("s"), .region = "r"},
                   .prefix = "shop/",
                   .kept_for = std::chrono::days(10)}};
  OldResults old{world.context};

  Subject() { world.context.storage = &storage; }

  void lists(const std::vector<std::string>& names, bool more = false) {
    std::string body = "<ListBucketResult>";
    for (const std::string& one : names) body += "<Contents><Key>" + one + "</Key></Contents>";
    body += fmt::format("<IsTruncated>{}</IsTruncated></ListBucketResult>", more);
    world.http.answers.emplace_back(HttpResponse{.body = body});
  }
  void takes_away(int count) {
    for (int i = 0; i < count; ++i) world.http.answers.emplace_back(HttpResponse{.status = 204});
  }
  std::vector<std::string> taken_away() const {
    std::vector<std::string> paths;
    for (const HttpCall& call : world.http.calls) {
      if (call.method == "DELETE") paths.push_back(call.url.substr(std::size("https://s3/b/") - 1));
    }
    return paths;
  }
};

TEST_CASE("old results: those of days that are over are deleted, on all pages") {
  Subject s;
  s.lists({name("2026-08-31"), name("2026-09-01")}, true);
  s.takes_away(2);
  s.lists({name("2026-09-10"), name("2026-09-11"), name("2026-09-12")});
  s.takes_away(1);
  const Result<std::size_t> removed = s.world.run(s.old.remove());
  REQUIRE(removed.has_value());
  CHECK(*removed == 3);
  CHECK(s.taken_away() ==
        std::vector<std::string>{name("2026-08-31"), name("2026-09-01"), name("2026-09-10")});
  CHECK(s.world.http.answers.empty());
}

TEST_CASE("old results: what is no result is never deleted") {
  const std::string uppercase(32, 'A');
  Subject s;
  s.lists({"shop/2020-01-01/readme.txt", std::string("shop/2020-01-01") + digest,
           "shop/2020-1-01/" + std::string(digest), "shop/2020-01-01/" + uppercase,
           "shop/doctor/0123456789abcdef.txt", name("2020-01-01")});
  s.takes_away(1);
  CHECK(s.world.run(s.old.remove()).value() == 1);
  CHECK(s.taken_away() == std::vector<std::string>{name("2020-01-01")});
  CHECK(day_of_result(name("2026-01-02"), "shop/") == "2026-01-02");
  CHECK(day_of_result(name("2026-01-02"), "other/").empty());
  CHECK(day_of_result("", "").empty());
}

TEST_CASE("old results: a storage that refuses ends the round") {
  Subject s;
  s.lists({name("2026-08-31"), name("2026-09-01")});
  s.world.http.answers.emplace_back(HttpResponse{.status = 403});
  const Result<std::size_t> removed = s.world.run(s.old.remove());
  REQUIRE_FALSE(removed.has_value());
  CHECK(removed.error().code == Errc::forbidden);
  CHECK(s.taken_away().size() == 1);
}

}  // namespace
}  // namespace claimcheck::test
