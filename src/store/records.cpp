#include "store/records.hpp"

#include "base/json.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

std::string printed(std::string_view text) { return json::print(text); }

}  // namespace

std::string encode_history_line(const HistoryLine& line) {
  return fmt::format(R"({{"t":{},"from":{},"to":{},"why":{}}})", printed(to_iso(line.when)),
                     printed(line.from), printed(line.to), printed(line.why));
}

Result<HistoryLine> decode_history_line(std::string_view text) {
  const Result<boost::json::value> value = json::parse(text);
  const auto when = value ? from_iso(json::text_at(*value, "t")) : std::nullopt;
  if (!when) return fail(Errc::unreadable, "a line of the history is unreadable");
  return HistoryLine{.when = *when,
                     .from = std::string(json::text_at(*value, "from")),
                     .to = std::string(json::text_at(*value, "to")),
                     .why = std::string(json::text_at(*value, "why"))};
}

std::string encode_idempotency(const IdempotencyRecord& record) {
  return fmt::format(
      R"({{"body_sha256":{},"success_url":{},"cancel_url":{},"locale":{},"asked_s":{},)"
      R"("attempt":{},"session_id":{}}})",
      printed(record.body_sha256), printed(record.success_url), printed(record.cancel_url),
      printed(record.locale), record.asked_s, record.attempt, printed(record.session_id));
}

Result<IdempotencyRecord> decode_idempotency(std::string_view text) {
  const Result<boost::json::value> value = json::parse(text);
  // Without the digest a repeated call could not be compared with the first one.
  if (!value || json::text_at(*value, "body_sha256").empty()) {
    return fail(Errc::unreadable, "the idempotency record is unreadable");
  }
  return IdempotencyRecord{.body_sha256 = std::string(json::text_at(*value, "body_sha256")),
                           .success_url = std::string(json::text_at(*value, "success_url")),
                           .cancel_url = std::string(json::text_at(*value, "cancel_url")),
                           .locale = std::string(json::text_at(*value, "locale")),
                           .asked_s = json::integer_at(*value, "asked_s"),
                           .attempt = json::integer_at(*value, "attempt"),
                           .session_id = std::string(json::text_at(*value, "session_id"))};
}

}  // namespace claimcheck
