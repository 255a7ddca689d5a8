// store, get and update of a session value, on both stores.
#include "store/sessions.hpp"
#include "support/store_subjects.hpp"

#include <fmt/format.h>

namespace claimcheck::test {

namespace {

const std::string id = "cs_test_sessions";

}  // namespace

TEST_CASE_TEMPLATE("sessions: fifty updates at once lose nothing", S, MemorySubject, RedisSubject) {
  S subject;
  good(subject.run(subject.store.sessions->write_session(
      id, std::nullopt, R"({"status":"pending","foreign":8.50})")));
  constexpr int writers = 50;
  std::vector<Async<SessionData>> updates;
  for (int i = 0; i < writers; ++i) {
    std::vector<MemberChange> changes = {{fmt::format("m{}", i), fmt::to_string(i)}};
    updates.push_back(
        update_session(*subject.store.sessions, subject.clock(), id, std::move(changes)));
  }
  for (const auto& result : subject.run_all(std::move(updates))) good(result);
  const std::string bytes = good(subject.run(read_bytes(subject.store, id)));
  for (int i = 0; i < writers; ++i) {
    CHECK(bytes.find(fmt::format(R"(,"m{}":{})", i, i)) != std::string::npos);
  }
  CHECK(bytes.starts_with(R"({"status":"pending","foreign":8.50,)"));
}

TEST_CASE_TEMPLATE("sessions: store, get, update", S, MemorySubject, RedisSubject) {
  S subject;
  SessionData session{.prompt = "A cat", .status = SessionStatus::pending};
  CHECK(subject.run(get_session(*subject.store.sessions, id)).error().code == Errc::not_found);
  CHECK(
      subject.run(update_session(*subject.store.sessions, subject.clock(), id, {})).error().code ==
      Errc::not_found);
  CHECK(subject.run(read_bytes(subject.store, id)).error().code == Errc::not_found);

  good(subject.run(store_session(*subject.store.sessions, subject.clock(), id, session)));
  SessionData stored = good(subject.run(get_session(*subject.store.sessions, id)));
  CHECK(from_iso(stored.timestamp.value_or("")).has_value());
  session.timestamp = stored.timestamp;
  CHECK(stored == session);

  const std::vector<MemberChange> changes = {{"fileId", json_text("f1")}, {"style", std::nullopt}};
  stored = good(subject.run(update_session(*subject.store.sessions, subject.clock(), id, changes)));
  CHECK(stored.fileId == "f1");
  CHECK(stored.prompt == "A cat");
  CHECK(good(subject.run(read_bytes(subject.store, id))).find("style") == std::string::npos);
}

TEST_CASE_TEMPLATE("sessions: what could not be read again is not stored", S, MemorySubject,
                   RedisSubject) {
  S subject;
  const auto code = [&](SessionData session) {
    auto task = store_session(*subject.store.sessions, subject.clock(), id, std::move(session));
    return subject.run(std::move(task)).error().code;
  };
  CHECK(code({.prompt = "\xff\xfe"}) == Errc::invalid);
  CHECK(code({.schema = session_schema + 1}) == Errc::invalid);
  CHECK(subject.run(read_bytes(subject.store, id)).error().code == Errc::not_found);
  CHECK(subject.run(get_session(*subject.store.sessions, "cs_test_../x")).error().code ==
        Errc::invalid);
}

}  // namespace claimcheck::test
