#include "api/status_answer.hpp"

#include "base/json.hpp"
#include "domain/names.hpp"
#include "store/codec.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

// Written member by member and not from a parsed object: members keep their order, and stored text
// its bytes.
class JsonObject {
 public:
  JsonObject& raw(std::string_view name, std::string_view json) {
    text_ += text_.size() > 1 ? ",\"" : "\"";
    text_ += name;
    text_ += "\":";
    text_ += json;
    return *this;
  }
  JsonObject& text(std::string_view name, std::string_view value) {
    return raw(name, json::print(value));
  }
  // A member of the session value. Text that UTF-8 cannot hold (a lone surrogate) is copied as
  // stored.
  JsonObject& member(const SessionData& session, std::string_view member,
                     const std::optional<std::string>& value, std::string_view name) {
    const auto stored = session.halves.find(member);
    if (stored != session.halves.end()) return raw(name, stored->second);
    return text_if(name, value);
  }
  JsonObject& member(const SessionData& session, std::string_view name,
                     const std::optional<std::string>& value) {
    return member(session, name, value, name);
  }
  JsonObject& text_if(std::string_view name, const std::optional<std::string>& value) {
    return value ? text(name, *value) : *this;
  }
  JsonObject& number(std::string_view name, std::int64_t value) {
    return raw(name, std::to_string(value));
  }
  std::string end() && { return std::move(text_) + "}"; }

 private:
  std::string text_ = "{";
};

std::string file_json(const SessionFile& file) {
  JsonObject object;
  object.text_if("fileId", file.fileId)
      .text("status", name_of(file.status))
      .text_if("url", file.url)
      .text_if("thumbnailUrl", file.thumbnailUrl)
      // The generator reports no progress, so a file is either not there or complete.
      .number("progress", file.status == SessionStatus::completed ? 100 : 0)
      .text_if("error", file.error)
      .text_if("reason", file.reason);
  return std::move(object).end();
}

std::string json_queue(const QueuePlace& queue) {
  JsonObject object;
  object.number("place", queue.place);
  if (queue.about_seconds) object.number("aboutSeconds", *queue.about_seconds);
  return std::move(object).end();
}

}  // namespace

// In steps of whole videos: the generator reports nothing in between.
std::int64_t progress_of(const SessionData& session) {
  if (session.status == SessionStatus::completed) return 100;
  // Before the first view there are no files; a page then shows an order that has not begun.
  if (!session.files || session.files->empty()) return 0;
  const auto ready =
      std::ranges::count(*session.files, SessionStatus::completed, &SessionFile::status);
  return 100 * ready / static_cast<std::int64_t>(session.files->size());
}

std::string status_answer(const SessionData& session, std::optional<std::int64_t> expected_s,
                          const std::optional<QueuePlace>& queue) {
  JsonObject answer;
  // The replaced system's members, in its sequence: existing pages read them.
  answer.text("status", name_of(session.status))
      .member(session, "fileId", session.fileId)
      .member(session, "error", session.error)
      .member(session, "toolSlug", session.toolSlug)
      .member(session, "toolTitle", session.toolTitle)
      .member(session, "prompt", session.prompt)
      .member(session, "createdAt", session.createdAt, "timestamp")
      .member(session, "timestamp", session.timestamp, "updatedAt")
      .number("videoCount", session.videoCount)
      .number("progress", progress_of(session));
  std::string files;
  for (const SessionFile& file : session.files.value_or(std::vector<SessionFile>())) {
    files += (files.empty() ? "" : ",") + file_json(file);
  }
  answer.raw("files", "[" + files + "]");
  if (session.refund) answer.raw("refund", json_refund(*session.refund));
  if (session.paid) answer.raw("paid", json_paid(*session.paid));
  // The members that were added; a page that does not know them ignores them.
  answer.member(session, "message", session.message)
      .member(session, "notice", session.notice)
      .member(session, "waitsUntil", session.waitsUntil)
      .member(session, "resolution", session.resolution)
      .member(session, "recoveryUrl", session.recoveryUrl)
      .member(session, "continues", session.continues)
      .member(session, "locale", session.locale)
      .member(session, "priceId", session.priceId)
      .member(session, "media", session.media);
  const bool over =
      session.status == SessionStatus::completed || session.status == SessionStatus::error;
  // After the end there is nothing to expect.
  if (expected_s && !over) answer.number("expectedSeconds", *expected_s);
  if (queue && !over) answer.raw("queue", json_queue(*queue));
  return std::move(answer).end();
}

}  // namespace claimcheck
