#include "store/session_value.hpp"

#include "base/json.hpp"
#include "domain/session.hpp"
#include "store/number.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace claimcheck {

namespace {

constexpr std::array<std::string_view, 3> order_members = {"createdAt", "videoCount", "status"};
constexpr std::array<std::string_view, 2> old_map_members = {"fileId", "timestamp"};

template <typename Names>
bool any_of_these(std::span<const std::string_view> members, const Names& names) {
  return std::ranges::any_of(names, [&](std::string_view name) {
    return std::ranges::find(members, name) != members.end();
  });
}

bool is_old_map(std::span<const std::string_view> members) {
  return std::ranges::all_of(members, [](std::string_view member) {
    return std::ranges::find(old_map_members, member) != old_map_members.end();
  });
}

}  // namespace

std::unexpected<Error> not_an_order(std::string_view what) {
  return fail(Errc::unreadable, fmt::format("the session value is {}", what));
}

boost::json::parse_options stored_json_rules() {
  boost::json::parse_options rules;
  rules.max_depth = json::depth_max;
  rules.allow_invalid_utf16 = true;
  rules.numbers = boost::json::number_precision::precise;  // as in base/json.cpp
  return rules;
}

Result<boost::json::value> parse_stored_json(std::string_view text) {
  boost::system::error_code failed;
  boost::json::value document = boost::json::parse(text, failed, {}, stored_json_rules());
  if (failed) return fail(Errc::unreadable, "not JSON: " + failed.message());
  return document;
}

std::optional<double> stored_number(const boost::json::value& from) {
  if (from.is_number()) return from.to_number<double>();
  const boost::json::string* text = from.if_string();
  return text == nullptr ? std::nullopt : number_in<double>(*text);
}

Result<void> check_members(std::span<const std::string_view> members,
                           std::optional<double> schema) {
  // Any one of them is enough: the original left members out.
  const bool is_order = any_of_these(members, order_members);
  if (!is_order && is_old_map(members)) {
    return not_an_order("in the old layout: a mapping to a file, not an order");
  }
  if (!is_order) return not_an_order("a JSON object, but not an order");
  // Last, since only an order has a schema. NaN and infinity count as newer.
  if (schema && !(*schema <= static_cast<double>(session_schema))) {
    return not_an_order(
        fmt::format("of schema {}, newer than this program's {}", *schema, session_schema));
  }
  return {};
}

Result<boost::json::object> parse_session(std::string_view bytes) {
  if (bytes.empty()) return not_an_order("empty");
  Result<boost::json::value> document = parse_stored_json(bytes);
  if (!document) return not_an_order(document.error().message);
  if (document->is_string()) return not_an_order("a JSON text, maybe encoded twice");
  boost::json::object* object = document->if_object();
  if (object == nullptr) return not_an_order("not a JSON object");
  std::vector<std::string_view> names;
  for (const auto& member : *object) names.push_back(member.key());
  const boost::json::value* schema = object->if_contains("schema");
  const Result<void> checked =
      check_members(names, schema == nullptr ? std::nullopt : stored_number(*schema));
  if (!checked) return fail(checked);
  return std::move(*object);
}

}  // namespace claimcheck
