// The values of the system that claimcheck replaces, as it wrote them: read, updated, and where
// they are not understood reported and left alone.
#include "base/json.hpp"
#include "store/sessions.hpp"
#include "support/data.hpp"
#include "support/store_subjects.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <set>

namespace claimcheck::test {

namespace {

const std::string id = "cs_test_legacy";

struct Legacy {
  std::string name;
  std::string value;
  bool order = false;  // an order record; else reported as unreadable
};

// Which of them are orders is told here and not computed, since that is what is tested.
const std::set<std::string> unreadable_names = {"old-map-01",
                                                "old-map-03-empty",
                                                "old-01-prompt-only-paid",
                                                "old-02-prompt-only-unpaid",
                                                "old-03-long-prompt-ref",
                                                "old-09-session",
                                                "old-09-prompt",
                                                "bad-02-json-null",
                                                "bad-03-empty-string",
                                                "bad-04-double-encoded",
                                                "bad-05-array",
                                                "fork-02-balance"};

std::vector<Legacy> legacy_values() {
  std::vector<Legacy> all;
  const boost::json::value document = data_json("legacy-values.json");
  for (const boost::json::value& entry : document.at("entries").as_array()) {
    if (!entry.at("value").is_string()) continue;  // the key is gone
    Legacy legacy{.name = std::string(json::text_at(entry, "id")),
                  .value = std::string(json::text_at(entry, "value"))};
    legacy.order = !unreadable_names.contains(legacy.name);
    all.push_back(std::move(legacy));
  }
  return all;
}

// The text without its last member `timestamp`, which is the only thing an update may change.
std::string without_timestamp(std::string text) {
  constexpr std::string_view name = "\"timestamp\":\"";
  const std::size_t at = text.find(name);
  if (at == std::string::npos) return text;
  const std::size_t end = text.find('"', at + name.size()) + 1;
  return text.erase(at, end - at);
}

}  // namespace

TEST_CASE("legacy: every value is an order or is reported") {
  const auto values = legacy_values();
  CHECK(values.size() == 35);
  std::size_t unreadable = 0;
  for (const Legacy& legacy : values) {
    CAPTURE(legacy.name);
    const Result<SessionData> session = decode_session(legacy.value);
    CHECK(session.has_value() == legacy.order);
    if (session) continue;
    ++unreadable;
    CHECK(session.error().code == Errc::unreadable);
    CHECK((session.error().message.find("old layout") != std::string::npos) ==
          (legacy.name.starts_with("old-map") || legacy.name == "old-09-session"));
  }
  CHECK(unreadable == unreadable_names.size());
}

TEST_CASE("legacy: what is read is what the original meant") {
  for (const Legacy& legacy : legacy_values()) {
    if (!legacy.order) continue;
    CAPTURE(legacy.name);
    // Every member of an order of the original that has our type comes back equal.
    const SessionData session = decode_session(legacy.value).value();
    const boost::json::value stored = boost::json::parse(legacy.value);
    const boost::json::value read = boost::json::parse(encode_session(session));
    for (const auto& [name, value] : read.as_object()) {
      const boost::json::value* original = json::find(stored, name);
      if (original == nullptr || original->is_null()) continue;
      CHECK(boost::json::serialize(value) == boost::json::serialize(*original));
    }
  }
}

TEST_CASE_TEMPLATE("legacy: an update keeps every other byte", S, MemorySubject, RedisSubject) {
  S subject;
  for (const Legacy& legacy : legacy_values()) {
    CAPTURE(legacy.name);
    auto put = subject.store.sessions->write_session(id, std::nullopt, legacy.value);
    REQUIRE(subject.run(std::move(put)).has_value());
    const std::vector<MemberChange> changes = {{"claimcheckTest", "[1]"}};
    const auto updated =
        subject.run(update_session(*subject.store.sessions, subject.clock(), id, changes));
    const auto stored = subject.run(read_bytes(subject.store, id));
    REQUIRE(stored.has_value());
    if (!legacy.order) {
      REQUIRE_FALSE(updated.has_value());
      CHECK(updated.error().code == Errc::unreadable);
      CHECK(*stored == legacy.value);
      continue;
    }
    REQUIRE_MESSAGE(updated.has_value(), updated.error().message);
    const std::string added = legacy.value.find("\"timestamp\"") == std::string::npos
                                  ? R"(,"claimcheckTest":[1],})"
                                  : R"(,"claimcheckTest":[1]})";
    std::string expected = without_timestamp(legacy.value);
    expected.replace(expected.size() - 1, 1, added);
    CHECK(without_timestamp(*stored) == expected);
    CHECK(stored->find(*updated->timestamp) != std::string::npos);
  }
}

TEST_CASE_TEMPLATE("legacy: odd spellings survive an update", S, MemorySubject, RedisSubject) {
  S subject;
  const std::string odd =
      R"({"status":"pending","ratio":8.50,"zero":-0,"huge":1e999,"big":123456789012345678901234,)"
      R"("lone":"\ud83d","\udf69":1,"slash":"a\/b","nul":"\u0000","timestamp":"T"})";
  auto put = subject.store.sessions->write_session(id, std::nullopt, odd);
  REQUIRE(subject.run(std::move(put)).has_value());
  const std::vector<MemberChange> changes = {{"status", json_text("error")}};
  const auto updated =
      subject.run(update_session(*subject.store.sessions, subject.clock(), id, changes));
  REQUIRE_MESSAGE(updated.has_value(), updated.error().message);
  const auto stored = subject.run(read_bytes(subject.store, id));
  REQUIRE(stored.has_value());
  std::string expected = odd;
  expected.replace(expected.find("pending"), 7, "error");
  CHECK(without_timestamp(*stored) == without_timestamp(expected));
}

}  // namespace claimcheck::test
