#include "store/session_value.hpp"

#include "base/json.hpp"
#include "domain/session.hpp"
#include "store/number.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace claimcheck {

namespace {

constexpr std::array order_members = {"createdAt", "videoCount", "status"};
constexpr std::array old_map_members = {"fileId", "timestamp"};

std::unexpected<Error> unreadable(std::string_view what) {
  return fail(Errc::unreadable, fmt::format("the session value is {}", what));
}

bool is_old_map(const boost::json::object& object) {
  return std::ranges::all_of(object, [](const auto& member) {
    return std::ranges::find(old_map_members, std::string_view(member.key())) !=
           old_map_members.end();
  });
}

}  // namespace

Result<boost::json::value> parse_stored_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = json::depth_max;
  options.allow_invalid_utf16 = true;
  options.numbers = boost::json::number_precision::precise;  // as in base/json.cpp
  boost::system::error_code failed;
  boost::json::value document = boost::json::parse(text, failed, {}, options);
  if (failed) return fail(Errc::unreadable, "not JSON: " + failed.message());
  return document;
}

std::optional<double> stored_number(const boost::json::value& from) {
  if (from.is_number()) return from.to_number<double>();
  const boost::json::string* text = from.if_string();
  return text == nullptr ? std::nullopt : number_in<double>(*text);
}

Result<boost::json::object> parse_session(std::string_view bytes) {
  if (bytes.empty()) return unreadable("empty");
  Result<boost::json::value> document = parse_stored_json(bytes);
  if (!document) return unreadable(document.error().message);
  if (document->is_string()) return unreadable("a JSON text, maybe encoded twice");
  boost::json::object* object = document->if_object();
  if (object == nullptr) return unreadable("not a JSON object");

  // Any one of them is enough: the original left members out.
  const bool is_order =
      std::ranges::any_of(order_members, [&](const char* name) { return object->contains(name); });
  if (!is_order && is_old_map(*object)) {
    return unreadable("in the old layout: a mapping to a file, not an order");
  }
  if (!is_order) return unreadable("a JSON object, but not an order");

  // Last, since only an order has a schema. NaN and infinity count as newer.
  const boost::json::value* stored = object->if_contains("schema");
  const auto schema = stored == nullptr ? std::nullopt : stored_number(*stored);
  if (schema && !(*schema <= static_cast<double>(session_schema))) {
    return unreadable(
        fmt::format("of schema {}, newer than this program's {}", *schema, session_schema));
  }
  return std::move(*object);
}

}  // namespace claimcheck
