// check_http_options(): everything that can be found wrong in a description without a call.
#include "base/json.hpp"
#include "base/text.hpp"
#include "generator/http_answers.hpp"
#include "generator/http_generator.hpp"
#include "generator/input_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace claimcheck {

namespace {

using Wrong = std::vector<std::string>;

void say(Wrong& wrong, std::string_view key, std::string_view what) {
  wrong.push_back(fmt::format("{}: {}", key, what));
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

void check_path_form(Wrong& wrong, std::string_view key, std::string_view path) {
  if (!path.starts_with('/') || path.starts_with("//") || !is_visible(path)) {
    say(wrong, key, "it must begin with one / and hold no blanks");
  }
}

void check_placeholders(Wrong& wrong, std::string_view key, const boost::json::value& pattern) {
  if (const Result<void> known = check_template(pattern); !known) {
    say(wrong, key, known.error().message);
  }
}

// A path of a submit or a look-up, which know the inputs of the job.
void check_input_path(Wrong& wrong, std::string_view key, std::string_view path) {
  check_path_form(wrong, key, path);
  check_placeholders(wrong, key, boost::json::string(path));
  // Addresses are logged by every proxy on the way.
  if (has(path, "{prompt}")) say(wrong, key, "{prompt} must not be in an address");
}

// A path of one job, which knows only its id.
void check_job_path(Wrong& wrong, std::string_view key, std::string path) {
  check_path_form(wrong, key, path);
  constexpr std::string_view place = "{job}";
  if (!has(path, place)) say(wrong, key, "{job} is missing");
  for (std::size_t at = path.find(place); at != path.npos; at = path.find(place)) {
    path.erase(at, place.size());
  }
  if (path.find_first_of("{}") != path.npos) say(wrong, key, "it may hold only {job}");
}

void check_paths(Wrong& wrong, const HttpGeneratorOptions& options) {
  if (options.submit_path.empty()) {
    say(wrong, "submit_path", "it is missing");
  } else {
    check_input_path(wrong, "submit_path", options.submit_path);
  }
  if (options.poll_path.empty()) {
    say(wrong, "poll_path", "it is missing");
  } else {
    check_job_path(wrong, "poll_path", options.poll_path);
  }
  if (!options.cancel_path.empty()) check_job_path(wrong, "cancel_path", options.cancel_path);
  constexpr std::array<std::string_view, 4> methods = {"DELETE", "POST", "PUT", "PATCH"};
  if (std::ranges::find(methods, options.cancel_method) == methods.end()) {
    say(wrong, "cancel_method", "it is one of DELETE, POST, PUT, PATCH");
  }
}

using Models = std::vector<ModelOptions>;

// Each body that may be sent must hold the placeholder: that of a model that is not described, that
// of each one that is, and all of them also without the address of a callback.
void check_bodies(Wrong& wrong, std::string_view key, std::string_view place,
                  const HttpGeneratorOptions& options, const Models& models) {
  std::vector<const ModelOptions*> all = {nullptr};
  for (const ModelOptions& model : models) all.push_back(&model);
  for (const ModelOptions* model : all) {
    const auto lacks = [&](bool with_callback) {
      return !holds(http_generator::body_pattern(options, model, with_callback), place);
    };
    if (!lacks(true) && !lacks(false)) continue;
    const std::string whose =
        model == nullptr ? "no submit" : fmt::format("no submit of {}", printable(model->name));
    const std::string_view when = lacks(true) ? "" : " while there is no {callback}";
    say(wrong, key, fmt::format("{} tells the {}{}", whose, place, when));
    // The inputs of the models are laid over this one.
    if (model == nullptr) return;
  }
}

// Of a placeholder by which a job is found again: in the body, or in the rest of a submit.
void check_sent(Wrong& wrong, std::string_view key, std::string_view place,
                const HttpGeneratorOptions& options, const Models& models) {
  const bool in_header = std::ranges::any_of(
      options.submit_headers, [place](const auto& each) { return has(each.value, place); });
  if (in_header || has(options.submit_path, place)) return;
  check_bodies(wrong, key, place, options, models);
}

void check_look_up(Wrong& wrong, const HttpGeneratorOptions& options, const Models& models) {
  if (options.repeat_is_safe) check_sent(wrong, "repeat_is_safe", "{key}", options, models);
  if (options.key_kept <= Duration(0)) say(wrong, "key_kept", "it must be longer than nothing");
  if (options.look_up_path.empty()) return;
  check_input_path(wrong, "look_up_path", options.look_up_path);
  const bool by_key = has(options.look_up_path, "{key}");
  const bool by_seed = has(options.look_up_path, "{seed}");
  if (!by_key && !by_seed) say(wrong, "look_up_path", "it must hold {key} or {seed}");
  // A job that never told it is not found, and would be paid for once more.
  if (by_key) check_sent(wrong, "look_up_path", "{key}", options, models);
  if (by_seed) check_sent(wrong, "look_up_path", "{seed}", options, models);
  if (options.look_up_match_pointer.empty()) {
    say(wrong, "look_up_match_pointer", "it is missing: a job is ours only if it tells our key");
  }
}

bool is_token(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_';
  });
}

void check_headers(Wrong& wrong, const HttpGeneratorOptions& options) {
  // Set by the adapter or by HTTP itself.
  std::vector<std::string> taken = {"host",       "content-length", "content-type",     "accept",
                                    "user-agent", "connection",     "transfer-encoding"};
  if (!is_token(options.key_header)) say(wrong, "key_header", "it is no name of a header");
  taken.push_back(lowercase(options.key_header));
  const auto check = [&](std::string_view key, const HeaderOption& header, bool is_template) {
    const std::string name = lowercase(header.name);
    if (!is_token(name)) {
      say(wrong, key, fmt::format("\"{}\" is no name of a header", printable(header.name)));
    } else if (std::ranges::find(taken, name) != taken.end()) {
      say(wrong, key, fmt::format("{} is set already", name));
    }
    taken.push_back(name);
    if (std::ranges::any_of(header.value, [](char c) { return c < ' ' || c == 0x7f; })) {
      say(wrong, key, fmt::format("the value of {} must be one line of ASCII", name));
    }
    if (is_template) check_placeholders(wrong, key, boost::json::string(header.value));
    if (!is_template && header.value.find('{') != std::string::npos) {
      say(wrong, key, fmt::format("{} is fixed: put placeholders into submit_headers", name));
    }
    // A prompt has any characters, also ends of lines.
    if (has(header.value, "{prompt}")) say(wrong, key, "{prompt} must not be in a header");
  };
  for (const HeaderOption& header : options.headers) check("headers", header, false);
  for (const HeaderOption& header : options.submit_headers) check("submit_headers", header, true);
}

bool is_pointer(std::string_view text) {
  if (!text.starts_with('/')) return false;
  for (std::size_t at = text.find('~'); at != text.npos; at = text.find('~', at + 1)) {
    if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
  }
  return true;
}

void check_pointers(Wrong& wrong, const HttpGeneratorOptions& options) {
  const auto check = [&wrong](std::string_view key, const std::string& pointer, bool needed) {
    if (pointer.empty()) {
      if (needed) say(wrong, key, "it is missing");
    } else if (!is_pointer(pointer)) {
      say(wrong, key, "it is no JSON pointer, such as /data/id");
    }
  };
  check("id_pointer", options.id_pointer, true);
  check("state_pointer", options.state_pointer, true);
  check("url_pointer", options.url_pointer, true);
  check("thumbnail_pointer", options.thumbnail_pointer, false);
  check("content_type_pointer", options.content_type_pointer, false);
  check("error_pointer", options.error_pointer, false);
  check("error_code_pointer", options.error_code_pointer, false);
  check("look_up_pointer", options.look_up_pointer, false);
  check("look_up_match_pointer", options.look_up_match_pointer, false);
  check("look_up_id_pointer", options.look_up_id_pointer, false);
  check("callback_id_pointer", options.callback_id_pointer, false);
}

bool is_no_word(std::string_view word) { return word.find_first_not_of('*') == word.npos; }

void check_words(Wrong& wrong, const HttpGeneratorOptions& options) {
  using Named = std::pair<std::string_view, const std::vector<std::string>*>;
  const std::array<Named, 7> lists = {{{"running", &options.running},
                                       {"done", &options.done},
                                       {"failed", &options.failed},
                                       {"refused_content", &options.refused_content},
                                       {"bad_input", &options.bad_input},
                                       {"out_of_balance", &options.out_of_balance},
                                       {"throttled", &options.throttled}}};
  if (options.running.empty())
    say(wrong, "running", "it is missing: no job would ever be waited for");
  if (options.done.empty()) say(wrong, "done", "it is missing: no job would ever be made");
  for (std::size_t i = 0; i < lists.size(); ++i) {
    for (const std::string& word : *lists[i].second) {
      if (is_no_word(word)) {
        say(wrong, lists[i].first, "a word must be more than *");
        continue;
      }
      for (std::size_t j = i + 1; j < lists.size(); ++j) {
        // Also "FAIL*" and "FAILED": one of them would never decide.
        const auto meets = [&word](const std::string& other) {
          if (is_no_word(other)) return false;
          return http_generator::matches(word, other) || http_generator::matches(other, word);
        };
        if (std::ranges::any_of(*lists[j].second, meets)) {
          say(wrong, lists[i].first,
              fmt::format("\"{}\" is also in {}", printable(word), lists[j].first));
        }
      }
    }
  }
}

void check_statuses(Wrong& wrong, const HttpGeneratorOptions& options) {
  std::map<int, std::string_view> meanings;
  const auto check = [&](std::string_view key, const std::vector<int>& statuses, int last) {
    for (const int status : statuses) {
      if (status < 400 || status > last) {
        say(wrong, key, fmt::format("{} is not between 400 and {}", status, last));
      } else if (const auto [other, fresh] = meanings.emplace(status, key); !fresh) {
        say(wrong, key, fmt::format("{} is also in {}", status, other->second));
      }
    }
  };
  // A fault of the provider's own (5xx) says nothing about the inputs: a refund would follow.
  check("failed_status", options.failed_status, 499);
  check("throttled_status", options.throttled_status, 599);
  check("balance_status", options.balance_status, 599);
  check("configuration_status", options.configuration_status, 599);
  // Of other calls: they may be the same ones.
  meanings.clear();
  check("missing_status", options.missing_status, 499);
  meanings.clear();
  check("look_up_none_status", options.look_up_none_status, 499);
}

}  // namespace

std::vector<std::string> check_http_options(const HttpGeneratorOptions& options,
                                            const std::vector<ModelOptions>& models) {
  Wrong wrong;
  check_paths(wrong, options);
  check_look_up(wrong, options, models);
  check_headers(wrong, options);
  if (options.body.empty()) {
    say(wrong, "body", "it is missing");
  } else {
    // Else a provider makes something that nobody has ordered.
    check_bodies(wrong, "body", "{prompt}", options, models);
  }
  check_placeholders(wrong, "body", options.body);
  check_pointers(wrong, options);
  check_words(wrong, options);
  check_statuses(wrong, options);
  if (options.result_expires_after && *options.result_expires_after <= Duration(0)) {
    say(wrong, "result_expires_after", "it must be longer than nothing");
  }
  return wrong;
}

}  // namespace claimcheck
