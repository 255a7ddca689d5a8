#include "store/sessions.hpp"

namespace claimcheck {

namespace {

// An update repeats when others write at the same moment. Of all writers one succeeds each time.
constexpr Duration update_patience = std::chrono::seconds(10);

Result<void> check_id(std::string_view session_id) {
  if (is_session_id(session_id)) return {};
  return fail(Errc::invalid, "not a Checkout Session id (cs_test_.. or cs_live_..)");
}

}  // namespace

Async<void> store_session(SessionValues& values, Clock& clock, std::string session_id,
                          SessionData session) {
  const Result<void> checked = check_id(session_id);
  if (!checked) co_return checked;
  session.timestamp = to_iso(clock.now());
  std::string bytes = encode_session(session);
  // A value that could not be read again (a text that is not UTF-8, a newer schema) is not stored.
  const Result<SessionData> readable = decode_session(bytes);
  if (!readable) co_return fail(Errc::invalid, readable.error().message);
  const Result<UpdateResult> written =
      co_await values.write_session(std::move(session_id), std::nullopt, std::move(bytes));
  if (!written) co_return fail(written);
  co_return Result<void>();
}

Async<SessionData> get_session(SessionValues& values, std::string session_id) {
  const Result<void> checked = check_id(session_id);
  if (!checked) co_return fail(checked);
  const Result<SessionBytes> stored = co_await values.read_session(std::move(session_id));
  if (!stored) co_return fail(stored);
  co_return decode_session(stored->bytes);
}

Async<SessionData> update_session(SessionValues& values, Clock& clock, std::string session_id,
                                  std::vector<MemberChange> changes) {
  const Result<void> checked = check_id(session_id);
  if (!checked) co_return fail(checked);
  const Duration deadline = clock.steady() + update_patience;
  while (clock.steady() < deadline) {
    const Result<SessionBytes> stored = co_await values.read_session(session_id);
    if (!stored) co_return fail(stored);
    std::vector<MemberChange> all = changes;
    all.push_back({.name = "timestamp", .json = json_text(to_iso(clock.now()))});
    // Spliced into the bytes that were read just now, so that no member of another writer is lost.
    const Result<std::string> bytes = splice_session(stored->bytes, all);
    if (!bytes) co_return fail(bytes);
    const Result<UpdateResult> written =
        co_await values.write_session(session_id, stored->digest, *bytes);
    if (!written) co_return fail(written);
    // Missing is final: an update must not create a session that expired.
    if (*written == UpdateResult::missing) {
      co_return fail(Errc::not_found, "there is no such session");
    }
    if (*written == UpdateResult::done) co_return decode_session(*bytes);
  }
  co_return fail(Errc::conflict, "others keep changing this session");
}

}  // namespace claimcheck
