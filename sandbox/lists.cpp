#include "sandbox/lists.hpp"

#include "base/json.hpp"
#include "sandbox/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace claimcheck::sandbox {

namespace {

constexpr std::int64_t limit_default = 10;
constexpr std::int64_t limit_max = 100;

bool created_within(const Object& object, const Object& parameters) {
  const Value* range = parameters.if_contains("created");
  if (range == nullptr) return true;
  const std::int64_t created = integer_of(object, "created");
  if (range->is_string()) return created == integer_parameter(parameters, "created", created);
  const Object& bounds = range->get_object();
  return created > integer_parameter(bounds, "gt", created - 1) &&
         created >= integer_parameter(bounds, "gte", created) &&
         created < integer_parameter(bounds, "lt", created + 1) &&
         created <= integer_parameter(bounds, "lte", created);
}

StripeError cannot_expand(const std::string& path) {
  StripeError error;
  error.message = fmt::format("This property cannot be expanded ({}).", path);
  error.param = "expand";
  return error;
}

StripeResult<Value> expanded_member(const Value& member, const std::string& path,
                                    const std::string& rest, const StripeState& state);

// Replaces the id at `path` in `object` by its object.
StripeResult<Object> expand_path(Object object, const std::string& path, const StripeState& state) {
  const std::size_t dot = std::min(path.find('.'), path.size());
  const std::string name = path.substr(0, dot);
  const std::string rest = path.substr(std::min(dot + 1, path.size()));
  if (name == "line_items" && text_of(object, "object") == "checkout.session") {
    object["line_items"] = line_item_list(state, text_of(object, "id"));
    return object;
  }
  Value* member = object.if_contains(name);
  if (member == nullptr) return refuse(cannot_expand(path));
  StripeResult<Value> value = expanded_member(*member, path, rest, state);
  if (!value) return std::unexpected(value.error());
  *member = std::move(*value);
  return object;
}

StripeResult<Value> expanded_member(const Value& member, const std::string& path,
                                    const std::string& rest, const StripeState& state) {
  if (member.is_null()) return member;  // no object yet: stays null, as at Stripe
  if (const Array* list = member.if_array(); list != nullptr && !rest.empty()) {
    Array result;
    for (const Value& element : *list) {
      StripeResult<Object> changed = expand_path(element.get_object(), rest, state);
      if (!changed) return std::unexpected(changed.error());
      result.push_back(std::move(*changed));
    }
    return Value(std::move(result));
  }
  const Object* object = member.if_object();
  if (member.is_string()) object = state.find_any(member.get_string());
  if (object == nullptr || !object->contains("object")) return refuse(cannot_expand(path));
  if (rest.empty()) return Value(*object);
  StripeResult<Object> deeper = expand_path(*object, rest, state);
  if (!deeper) return std::unexpected(deeper.error());
  return Value(std::move(*deeper));
}

}  // namespace

StripeResult<Object> page_of(const Collection& collection, const Object& parameters,
                             std::string_view what, std::string url, const Filter& filter) {
  const std::int64_t limit = integer_parameter(parameters, "limit", limit_default);
  if (limit < 1 || limit > limit_max) {
    StripeError error;
    error.message = fmt::format("Invalid limit: must be between 1 and {}", limit_max);
    error.code = "parameter_invalid_integer";
    error.param = "limit";
    return refuse(error);
  }
  const auto& all = collection.all();  // oldest first
  const auto matches = [&](const Object& object) {
    return created_within(object, parameters) && filter(object);
  };
  const bool back = text_of(parameters, "starting_after").empty() &&
                    !text_of(parameters, "ending_before").empty();
  const std::string cursor = back ? "ending_before" : "starting_after";
  std::size_t place = all.size();
  if (const std::string id = text_of(parameters, cursor); !id.empty()) {
    const std::optional<std::size_t> known = collection.place_of(id);
    if (!known || !matches(all[*known])) return refuse(no_such(what, id, cursor, 400));
    place = *known;
  }
  // One more than the page, to know whether there are more. Only what is looked at costs time: a
  // long list is read page by page.
  const auto length = static_cast<std::size_t>(limit);
  std::vector<const Object*> page;
  const auto take = [&](const Object& object) {
    if (matches(object)) page.push_back(&object);
    return page.size() > length;
  };
  if (back) {
    for (std::size_t i = place + 1; i < all.size() && !take(all[i]); ++i) continue;
  } else {
    for (std::size_t i = place; i > 0 && !take(all[i - 1]); --i) continue;
  }
  const bool has_more = page.size() > length;
  if (has_more) page.pop_back();
  if (back) std::ranges::reverse(page);
  Array data;
  for (const Object* object : page) data.push_back(*object);
  return Object{{"object", "list"},
                {"data", std::move(data)},
                {"has_more", has_more},
                {"url", std::move(url)}};
}

StripeResult<Object> expanded(Object object, const Object& parameters, const StripeState& state) {
  const Value* paths = parameters.if_contains("expand");
  if (paths == nullptr || !paths->is_array()) return object;
  for (const Value& path : paths->get_array()) {
    if (!path.is_string()) continue;
    StripeResult<Object> next = expand_path(std::move(object), path.get_string().c_str(), state);
    if (!next) return next;
    object = std::move(*next);
  }
  return object;
}

Object line_item_list(const StripeState& state, const std::string& session) {
  const auto items = state.line_items.find(session);
  return {{"object", "list"},
          {"data", items == state.line_items.end() ? Array() : items->second},
          {"has_more", false},
          {"url", "/v1/checkout/sessions/" + session + "/line_items"}};
}

}  // namespace claimcheck::sandbox
