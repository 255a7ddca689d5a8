#include "sandbox/form.hpp"

#include "net/http/http.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace claimcheck::sandbox {

namespace {

// "a[b][]" -> a, b, "" ; empty when the brackets do not match.
std::vector<std::string> name_parts(const std::string& name) {
  std::vector<std::string> parts{name.substr(0, name.find('['))};
  std::size_t at = parts[0].size();
  while (at < name.size()) {
    const std::size_t end = name.find(']', at);
    if (name[at] != '[' || end == std::string::npos) return {};
    parts.push_back(name.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return parts;
}

bool is_index(const std::string& part) {
  return std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
}

// Stores the leaf at the path parts[at...]. During reading, arrays are objects with numbers as
// names.
bool put(Object& into, const std::vector<std::string>& parts, std::size_t at, std::string leaf) {
  std::string key = parts[at];
  if (key.empty()) key = std::to_string(into.size());
  if (at + 1 == parts.size()) {
    Value& slot = into[key];
    if (slot.is_object()) return false;
    slot = boost::json::string(leaf);
    return true;
  }
  Value& slot = into[key];
  if (slot.is_null()) slot = Object();
  return slot.is_object() && put(slot.get_object(), parts, at + 1, std::move(leaf));
}

// Objects whose names are all numbers become arrays, in the order in which they came.
Value with_arrays(const Value& value) {
  const Object* object = value.if_object();
  if (object == nullptr) return value;
  const bool list = !object->empty() && std::ranges::all_of(*object, [](const auto& member) {
    return is_index(std::string(member.key()));
  });
  if (list) {
    Array array;
    for (const auto& member : *object) array.push_back(with_arrays(member.value()));
    return array;
  }
  Object result;
  for (const auto& member : *object) result[member.key()] = with_arrays(member.value());
  return result;
}

}  // namespace

Result<Object> parse_form(std::string_view text) {
  Object tree;
  std::size_t leaves = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string name = url_decode(pair.substr(0, equals), true);
    const std::string_view raw = pair.substr(std::min(equals + 1, pair.size()));
    const std::vector<std::string> parts = name_parts(name);
    if (parts.empty() || parts.size() > form_depth_max || ++leaves > form_leaves_max ||
        !put(tree, parts, 0, url_decode(raw, true))) {
      return fail(Errc::invalid,
                  "Invalid request (check that your POST content type is "
                  "application/x-www-form-urlencoded).");
    }
  }
  Object result;
  for (const auto& member : tree) result[member.key()] = with_arrays(member.value());
  return result;
}

}  // namespace claimcheck::sandbox
