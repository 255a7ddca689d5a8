#include "generator/superduperai_answers.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace claimcheck::superduperai {

namespace {

Duration retry_after(const HttpResponse& answer) {
  const std::string* header = find_header(answer.headers, "retry-after");
  std::int64_t seconds = 0;
  if (header != nullptr) std::from_chars(header->data(), header->data() + header->size(), seconds);
  constexpr std::int64_t day = 86'400;
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, day));
}

SubmitAnswer refused(const HttpResponse& answer) {
  return {.result = SubmitResult::refused,
          .reason = fmt::format("the generator cannot take it now ({})", answer.status),
          .retry_after = retry_after(answer)};
}

bool any_task_failed(const boost::json::value& file) {
  const boost::json::value* tasks = json::find(file, "tasks");
  if (tasks == nullptr || !tasks->is_array()) return false;
  const auto failed = [](const auto& task) { return json::text_at(task, "status") == "error"; };
  return std::ranges::any_of(tasks->get_array(), failed);
}

bool is_ours(const boost::json::value& file, const Job& job) {
  const boost::json::value* made_from = json::find(file, "video_generation");
  if (made_from == nullptr) return false;
  return json::integer_at(*made_from, "seed") == job.seed &&
         json::text_at(*made_from, "generation_config_name") == job.model &&
         json::text_at(*made_from, "prompt") == job.prompt;
}

// Old result links hold a backslash, which a browser would read as a path separator.
std::string clean_url(std::string_view url) {
  std::string clean;
  for (const char c : url) {
    if (c == '\\') {
      clean += "%5C";
    } else {
      clean += c;
    }
  }
  const bool web = clean.starts_with("https://") || clean.starts_with("http://");
  return web ? clean : std::string();
}

// Copies members that are there, in the order named.
boost::json::object pick(const boost::json::value& from,
                         std::initializer_list<std::string_view> names) {
  boost::json::object picked;
  for (const std::string_view name : names) {
    if (const auto* member = json::find(from, name)) picked[name] = *member;
  }
  return picked;
}

}  // namespace

SubmitAnswer read_submit(const Result<HttpResponse>& answer) {
  if (!answer && answer.error().code == Errc::not_sent) {
    return {.result = SubmitResult::refused, .reason = "the generator cannot be reached"};
  }
  if (!answer) return {};
  switch (answer->status) {
    case 401:
    case 402:
    case 403:
    case 429: return refused(*answer);
    case 409: return {.result = SubmitResult::conflicted, .reason = "the generator met a conflict"};
    case 400:
    case 404:
    case 422:
      return {.result = SubmitResult::rejected,
              .reason = fmt::format("the generator rejected it ({})", answer->status)};
    default: break;
  }
  if (answer->status < 200 || answer->status >= 300) return {};
  const Result<boost::json::value> file = json::parse(answer->body);
  const std::string_view id = file ? json::text_at(*file, "id") : std::string_view();
  if (id.empty()) return {};
  return {.result = SubmitResult::accepted, .job = std::string(id)};
}

ListPage read_list(const Result<HttpResponse>& answer, const Job& job) {
  if (!answer || answer->status != 200) return {};
  const Result<boost::json::value> body = json::parse(answer->body);
  const boost::json::value* items = body ? json::find(*body, "items") : nullptr;
  if (items == nullptr || !items->is_array()) return {};
  ListPage page{.readable = true, .last = items->get_array().size() < list_page};
  for (const boost::json::value& file : items->get_array()) {
    const std::string_view id = json::text_at(file, "id");
    if (!id.empty() && is_ours(file, job)) page.matches.emplace_back(id);
  }
  return page;
}

PollAnswer read_poll(const Result<HttpResponse>& answer) {
  if (!answer) return {};
  if (answer->status == 404) return {.result = PollResult::missing};
  const Result<boost::json::value> file = json::parse(answer->body);
  if (answer->status != 200 || !file || json::text_at(*file, "id").empty()) return {};
  std::string url = clean_url(json::text_at(*file, "url"));
  if (!url.empty()) {
    return {.result = PollResult::ready,
            .url = std::move(url),
            .thumbnail_url = clean_url(json::text_at(*file, "thumbnail_url"))};
  }
  return {.result = any_task_failed(*file) ? PollResult::failed : PollResult::running};
}

bool is_no_video(const HttpResponse& answer) {
  constexpr std::array words = {401, 403, 404, 410, 416};  // 416: there is no first byte
  if (std::ranges::find(words, answer.status) != words.end()) return true;
  if (answer.status < 200 || answer.status >= 300) return false;
  const std::string* header = find_header(answer.headers, "content-type");
  const std::string type = header == nullptr ? "" : lowercase(*header);
  const bool prose = type.starts_with("text/") || type.starts_with("application/json") ||
                     type.starts_with("application/xml");
  return prose || answer.body.empty();
}

std::string public_file(const HttpResponse& answer) {
  const Result<boost::json::value> file = json::parse(answer.body);
  if (!file || !file->is_object()) return {};
  boost::json::object shown = pick(*file, {"id", "url", "thumbnail_url", "type"});
  boost::json::array tasks;
  if (const auto* all = json::find(*file, "tasks"); all != nullptr && all->is_array()) {
    for (const auto& task : all->get_array()) {
      tasks.push_back(pick(task, {"type", "status", "id", "file_id"}));
    }
  }
  shown["tasks"] = std::move(tasks);
  if (const auto* made_from = json::find(*file, "video_generation")) {
    boost::json::object inputs = pick(*made_from, {"prompt", "width", "height", "duration"});
    if (const auto* config = json::find(*made_from, "generation_config")) {
      inputs["generation_config"] = pick(*config, {"label"});
    }
    shown["video_generation"] = std::move(inputs);
  }
  return boost::json::serialize(shown);
}

}  // namespace claimcheck::superduperai
