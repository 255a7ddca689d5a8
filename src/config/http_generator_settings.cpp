#include "config/http_generator_settings.hpp"

#include "base/text.hpp"
#include "config/model_settings.hpp"
#include "config/nearest.hpp"
#include "config/settings.hpp"

#include <fmt/format.h>

#include <map>
#include <string_view>
#include <variant>
#include <vector>

namespace claimcheck {

namespace {

using Http = HttpGeneratorOptions;
using Member = std::variant<std::string Http::*, bool Http::*, Duration Http::*,
                            std::optional<Duration> Http::*, std::vector<std::string> Http::*,
                            std::vector<int> Http::*, std::vector<HeaderOption> Http::*,
                            boost::json::object Http::*>;

const std::map<std::string_view, Member>& members() {
  static const std::map<std::string_view, Member> all = {
      {"submit_path", &Http::submit_path},
      {"poll_path", &Http::poll_path},
      {"look_up_path", &Http::look_up_path},
      {"cancel_path", &Http::cancel_path},
      {"cancel_method", &Http::cancel_method},
      {"repeat_is_safe", &Http::repeat_is_safe},
      {"key_kept", &Http::key_kept},
      {"key_header", &Http::key_header},
      {"key_prefix", &Http::key_prefix},
      {"headers", &Http::headers},
      {"submit_headers", &Http::submit_headers},
      {"body", &Http::body},
      {"id_pointer", &Http::id_pointer},
      {"state_pointer", &Http::state_pointer},
      {"url_pointer", &Http::url_pointer},
      {"thumbnail_pointer", &Http::thumbnail_pointer},
      {"content_type_pointer", &Http::content_type_pointer},
      {"error_pointer", &Http::error_pointer},
      {"error_code_pointer", &Http::error_code_pointer},
      {"look_up_pointer", &Http::look_up_pointer},
      {"look_up_match_pointer", &Http::look_up_match_pointer},
      {"look_up_id_pointer", &Http::look_up_id_pointer},
      {"callback_id_pointer", &Http::callback_id_pointer},
      {"running", &Http::running},
      {"done", &Http::done},
      {"failed", &Http::failed},
      {"refused_content", &Http::refused_content},
      {"bad_input", &Http::bad_input},
      {"out_of_balance", &Http::out_of_balance},
      {"throttled", &Http::throttled},
      {"failed_status", &Http::failed_status},
      {"throttled_status", &Http::throttled_status},
      {"balance_status", &Http::balance_status},
      {"configuration_status", &Http::configuration_status},
      {"missing_status", &Http::missing_status},
      {"look_up_none_status", &Http::look_up_none_status},
      {"result_needs_key", &Http::result_needs_key},
      {"result_expires_after", &Http::result_expires_after}};
  return all;
}

// Each sets one member from its node, or says what must be there.
struct Setter {
  const toml::node& node;
  Http& options;

  using Wrong = std::string_view;  // "must be …"; empty = it was set

  Wrong operator()(std::string Http::* member) const {
    const auto text = node.value_exact<std::string>();
    if (!text) return "must be a text";
    options.*member = *text;
    return {};
  }
  Wrong operator()(bool Http::* member) const {
    const auto truth = node.value_exact<bool>();
    if (!truth) return "must be true or false";
    options.*member = *truth;
    return {};
  }
  Wrong operator()(Duration Http::* member) const {
    const auto length = parse_duration(node.value_exact<std::string>().value_or(""));
    if (!length) return "must be a duration like 24h";
    options.*member = *length;
    return {};
  }
  Wrong operator()(std::optional<Duration> Http::* member) const {
    const auto length = parse_duration(node.value_exact<std::string>().value_or(""));
    if (!length) return "must be a duration like 24h";
    options.*member = *length;
    return {};
  }
  // An empty list is a word, too: none of the usual ones counts.
  Wrong operator()(std::vector<std::string> Http::* member) const {
    return list(options.*member, "must be a list of words");
  }
  Wrong operator()(std::vector<int> Http::* member) const {
    return list(options.*member, "must be a list of statuses");
  }
  Wrong operator()(std::vector<HeaderOption> Http::* member) const {
    constexpr Wrong form = "must be a table of texts";
    const toml::table* table = node.as_table();
    if (table == nullptr) return form;
    for (const auto& [name, entry] : *table) {
      const auto value = entry.value_exact<std::string>();
      if (!value) return form;
      (options.*member).push_back({.name = lowercase(name.str()), .value = *value});
    }
    return {};
  }
  Wrong operator()(boost::json::object Http::* member) const {
    const auto object = json_of(node);
    if (!object || !object->is_object()) return "must be a table";
    options.*member = object->get_object();
    return {};
  }

  template <typename T>
  Wrong list(std::vector<T>& into, Wrong form) const {
    const toml::array* array = node.as_array();
    if (array == nullptr) return form;
    into.clear();
    for (const toml::node& each : *array) {
      const auto value = each.value<T>();
      if (!value) return form;
      into.push_back(*value);
    }
    return {};
  }
};

}  // namespace

std::optional<HttpGeneratorOptions> read_http_generator(const std::string& key,
                                                        const toml::node& node,
                                                        const TellWrong& wrong) {
  HttpGeneratorOptions options;
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    wrong(key, node, "must be a table");
    return std::nullopt;
  }
  bool good = true;
  const auto mistake = [&](const std::string& where, const toml::node& at, std::string_view what) {
    wrong(where, at, what);
    good = false;
  };
  for (const auto& [name, entry] : *table) {
    const std::string where = fmt::format("{}.{}", key, name.str());
    const auto member = members().find(name.str());
    if (member == members().end()) {
      std::vector<std::string> known;
      for (const auto& each : members()) known.emplace_back(each.first);
      mistake(where, entry, "unknown key" + did_you_mean(name.str(), known));
      continue;
    }
    const auto what = std::visit(Setter{.node = entry, .options = options}, member->second);
    if (!what.empty()) mistake(where, entry, what);
  }
  if (!good) return std::nullopt;
  return options;
}

}  // namespace claimcheck
