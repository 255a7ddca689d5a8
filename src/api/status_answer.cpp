#include "api/status_answer.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "domain/names.hpp"
#include "store/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace claimcheck {

namespace {

constexpr std::size_t id_digits = 16;
constexpr std::size_t tag_bytes_usual = 32;

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

bool is_whole(const OrderStatus& order, const Expectation& expected) {
  return order.ended() || (!expected.seconds && !expected.queue);
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

OrderStatus order_status_of(const SessionData& session, std::string_view prompt) {
  JsonObject answer;
  // The replaced system's members, in its sequence: existing pages read them.
  answer.text("status", name_of(session.status))
      .member(session, "fileId", session.fileId)
      .member(session, "error", session.error)
      .member(session, "toolSlug", session.toolSlug)
      .member(session, "toolTitle", session.toolTitle)
      .raw("prompt", prompt)
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
  OrderStatus order{.answer = std::move(answer).end(), .id = {}, .status = session.status};
  order.answer.shrink_to_fit();  // it is kept
  order.id = sha256_hex(order.answer).substr(0, id_digits);
  order.created = from_iso(session.createdAt);
  order.queued = session.notice == name_of(SessionNotice::queued);
  order.refund_pending = session.refund && session.refund->status == SessionRefundStatus::pending;
  return order;
}

std::string status_answer(const OrderStatus& order, const Expectation& expected) {
  if (is_whole(order, expected)) return order.answer;
  std::string answer = order.answer;
  answer.pop_back();  // the closing brace; there are members before it
  if (expected.seconds)
    fmt::format_to(std::back_inserter(answer), ",\"expectedSeconds\":{}", *expected.seconds);
  if (expected.queue) answer += ",\"queue\":" + json_queue(*expected.queue);
  return answer + "}";
}

std::shared_ptr<const std::string> shared_answer(std::shared_ptr<const OrderStatus> order,
                                                 const Expectation& expected) {
  if (!is_whole(*order, expected)) {
    return std::make_shared<const std::string>(status_answer(*order, expected));
  }
  const std::string* answer = &order->answer;
  return {std::move(order), answer};
}

std::string status_tag(const OrderStatus& order, const Expectation& expected) {
  std::string tag;
  tag.reserve(tag_bytes_usual);
  tag.append("\"").append(order.id);
  const auto end = std::back_inserter(tag);
  if (expected.seconds && !order.ended()) fmt::format_to(end, "-{}", *expected.seconds);
  if (expected.queue && !order.ended()) {
    const QueuePlace& queue = *expected.queue;
    fmt::format_to(end, "-{}.{}", queue.place, queue.about_seconds.value_or(-1));
  }
  tag += '"';
  return tag;
}

}  // namespace claimcheck
