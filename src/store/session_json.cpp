// SessionData <-> JSON. Both directions follow SessionData's description, member by member.
#include "base/assert.hpp"
#include "base/json.hpp"
#include "base/json_described.hpp"
#include "domain/names.hpp"
#include "store/codec.hpp"
#include "store/members.hpp"
#include "store/session_text.hpp"
#include "store/session_value.hpp"

#include <cmath>
#include <type_traits>

namespace claimcheck {

namespace {

// Readers: false = not understood, `to` stays as it is.

bool read(const boost::json::value& from, std::string& to) {
  const boost::json::string* text = from.if_string();
  if (text != nullptr) to = std::string(*text);
  return text != nullptr;
}

bool read(const boost::json::value& from, double& to) {
  const std::optional<double> number = stored_number(from);
  const bool understood = number && std::isfinite(*number);
  if (understood) to = *number;
  return understood;
}

bool read(const boost::json::value& from, std::int64_t& to) {
  constexpr double whole_max = 9007199254740992;  // 2^53: the writers use doubles, exact up to here
  double number = 0;
  if (!read(from, number) || std::trunc(number) != number) return false;
  if (std::abs(number) > whole_max) return false;
  to = static_cast<std::int64_t>(number);
  return true;
}

template <typename Enum>
  requires std::is_enum_v<Enum>
bool read(const boost::json::value& from, Enum& to) {
  const boost::json::string* text = from.if_string();
  const auto value = text == nullptr ? std::nullopt : from_name<Enum>(*text);
  if (value) to = *value;
  return value.has_value();
}

template <typename Struct>
  requires std::is_class_v<Struct>
bool read(const boost::json::value& from, Struct& to);

template <typename T>
bool read(const boost::json::value& from, std::vector<T>& to) {
  const boost::json::array* array = from.if_array();
  if (array == nullptr) return false;
  to.resize(array->size());
  // An element that is not understood keeps its default: the number of files must stay right.
  for (std::size_t i = 0; i < to.size(); ++i) read((*array)[i], to[i]);
  return true;
}

// A member that is no text is left out: it is not the shop's, which can give texts only.
bool read(const boost::json::value& from, SessionMetadata& to) {
  const boost::json::object* object = from.if_object();
  if (object == nullptr) return false;
  for (const auto& member : *object) {
    std::string text;
    if (read(member.value(), text)) to.emplace_back(member.key(), std::move(text));
  }
  return true;
}

template <typename T>
bool read(const boost::json::value& from, std::optional<T>& to) {
  T value{};
  if (!read(from, value)) return false;
  to = std::move(value);
  return true;
}

template <typename Struct>
  requires std::is_class_v<Struct>
bool read(const boost::json::value& from, Struct& to) {
  for_each_member<Struct>([&](auto member) {
    const boost::json::value* stored = json::find(from, member.name);
    if (stored != nullptr) read(*stored, to.*member.pointer);
  });
  return from.is_object();
}

}  // namespace

std::string encode_session(const SessionData& session) { return json::print(session); }

Result<SessionData> decode_session(std::string_view bytes) {
  Result<boost::json::object> object = parse_session(bytes);
  if (!object) return fail(object);
  SessionData session;
  session.resolution = "1280x720";  // what the original sold; not a default of a new order
  read(boost::json::value(std::move(*object)), session);
  // The parser turned them into U+FFFD; the JSON answers need the original bytes.
  session.halves = halves_of_pairs(bytes);
  return session;
}

Result<SessionAroundPrompt> decode_around_prompt(std::string_view bytes) {
  Result<SessionText> text = SessionText::read(bytes);
  if (!text) return fail(text);
  SessionAroundPrompt around;
  if (MemberText* prompt = text->find("prompt")) {
    if (prompt->value.starts_with('"')) around.prompt = prompt->value;
    prompt->value = "null";
  }
  Result<SessionData> session = decode_session(text->print());
  if (!session) return fail(session);
  around.session = std::move(*session);
  return around;
}

std::string json_text(std::string_view text) {
  std::string printed = json::print(text);
  ENSURE(json::parse(printed).has_value());
  return printed;
}

std::string json_number(double value) { return json::print(value); }

std::string json_files(const std::vector<SessionFile>& files) {
  std::string text;
  json::append(text, files);
  return text;
}

std::string json_metadata(const SessionMetadata& metadata) {
  std::string text;
  json::append(text, metadata);
  return text;
}

std::string json_refund(const SessionRefund& refund) { return json::print(refund); }
std::string json_paid(const SessionPaid& paid) { return json::print(paid); }

}  // namespace claimcheck
