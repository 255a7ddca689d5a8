#include "generator/superduperai_answers.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "generator/answers.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace claimcheck::superduperai {

namespace {

bool any_task_failed(const boost::json::value& file) {
  const boost::json::value* tasks = json::find(file, "tasks");
  if (tasks == nullptr || !tasks->is_array()) return false;
  const auto failed = [](const auto& task) { return json::text_at(task, "status") == "error"; };
  return std::ranges::any_of(tasks->get_array(), failed);
}

bool is_ours(const boost::json::value& file, const GenerationJob& job) {
  const boost::json::value* made_from = json::find(file, "video_generation");
  if (made_from == nullptr) return false;
  // The seed is unique for us, and others choose seeds too: model and prompt must fit as well.
  return json::integer_at(*made_from, "seed") == job.seed &&
         json::text_at(*made_from, "generation_config_name") == job.model &&
         (job.prompt.empty() || json::text_at(*made_from, "prompt") == job.prompt);
}

// A file shows its time only as the hour in the address of its result:
// .../generated/video/2025/7/7/15/<name>.mp4. It was ordered before the end of that hour.
std::optional<Time> made_at_the_latest(const boost::json::value& file) {
  constexpr std::string_view place = "/generated/video/";
  const std::string_view url = json::text_at(file, "url");
  const std::size_t start = url.find(place);
  if (start == std::string_view::npos) return std::nullopt;
  std::array<int, 4> parts{};  // year, month, day, hour
  const char* at = url.data() + start + place.size();
  const char* const end = url.data() + url.size();
  for (int& part : parts) {
    const auto [stop, error] = std::from_chars(at, end, part);
    if (error != std::errc() || stop == end) return std::nullopt;
    at = stop + 1;
  }
  const auto [year, month, day, hour] = parts;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year < 2000 || hour < 0 || hour > 23) return std::nullopt;
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(hour + 1);
}

// The list is sorted by age, so its last file with a time decides for all that follow. The time
// zone and the clock of that hour are not known: a day covers all differences.
bool made_before(const boost::json::array& files, Time when) {
  for (std::size_t i = files.size(); i > 0; --i) {
    const std::optional<Time> made = made_at_the_latest(files[i - 1]);
    if (made) return *made + std::chrono::days(1) <= when;
  }
  return false;
}

// Old result links hold a backslash, which a browser reads as a path separator.
std::string clean_url(std::string_view url) {
  std::string clean;
  for (const char c : web_address(url)) {
    if (c == '\\') {
      clean += "%5C";
    } else {
      clean += c;
    }
  }
  return clean;
}

// Copies the members that exist, in this order.
boost::json::object pick(const boost::json::value& from,
                         std::initializer_list<std::string_view> names) {
  boost::json::object picked;
  for (const std::string_view name : names) {
    if (const auto* member = json::find(from, name)) picked[name] = *member;
  }
  return picked;
}

}  // namespace

bool is_job_id(std::string_view text) { return is_plain_id(text); }

SubmitAnswer read_submit(const Result<HttpResponse>& answer) {
  if (!answer) return unanswered_submit(answer.error());
  const std::string status = fmt::format("the generator answered {}", answer->status);
  switch (answer->status) {
    // None of these is about the order: the account, its money, or its rate. All orders wait.
    case 401:
    case 403: return refused_submit(*answer, Failure::configuration);
    case 402: return refused_submit(*answer, Failure::balance);
    case 429: return refused_submit(*answer, Failure::throttled);
    case 409: return {.result = SubmitResult::conflicted, .reason = "the generator met a conflict"};
    case 400:
    case 404:
    case 422:
      // A gateway's 404 does not mean that the order is bad: a refund would follow from `rejected`.
      if (!own_body(answer)) return unclear_submit(status + " without a word of its own");
      return rejected_submit(fmt::format("the generator rejected it ({})", answer->status),
                             Failure::input);
    default: break;
  }
  if (answer->status < 200 || answer->status >= 300) return unclear_submit(status);
  const Result<boost::json::value> file = own_body(answer);
  const std::string_view id = file ? json::text_at(*file, "id") : std::string_view();
  // It was accepted, and nobody can follow it: only the look-up by seed can find it.
  if (!is_job_id(id)) return unclear_submit(status + " and named no job");
  return {.result = SubmitResult::accepted, .job = std::string(id)};
}

ListPage read_list(const Result<HttpResponse>& answer, const GenerationJob& job,
                   std::size_t offset) {
  if (!answer || answer->status != 200) return {};
  const Result<boost::json::value> body = json::parse(answer->body);
  const boost::json::value* items = body ? json::find(*body, "items") : nullptr;
  if (items == nullptr || !items->is_array()) return {};
  const boost::json::value* told = json::find(*body, "offset");
  if (told != nullptr && std::cmp_not_equal(json::integer(*told).value_or(0), offset)) {
    return {};  // the answer is about another page
  }
  const boost::json::array& files = items->get_array();
  const bool more = !json::text_at(*body, "next").empty() ||
                    std::cmp_greater(json::integer_at(*body, "total"), offset + files.size());
  if (files.empty() && more) return {};  // it says that there are files and shows none
  ListPage page{.readable = true, .files = files.size()};
  // A short page alone is not the end: the list must also say that nothing follows.
  page.last = (files.size() < list_page && !more) || made_before(files, job.ordered);
  for (const boost::json::value& file : files) {
    if (!is_ours(file, job)) continue;
    const std::string_view id = json::text_at(file, "id");
    if (!is_job_id(id)) return {};  // it exists, but nobody can follow it
    page.matches.emplace_back(id);
  }
  return page;
}

bool is_about(const Result<HttpResponse>& answer, std::string_view job_id, std::int64_t seed) {
  const Result<boost::json::value> file = answer ? json::parse(answer->body) : fail(answer);
  if (!file || !file->is_object()) return true;  // it is about no object at all
  const std::string_view id = json::text_at(*file, "id");
  const boost::json::value* made_from = json::find(*file, "video_generation");
  const bool tells_seed = made_from != nullptr && json::find(*made_from, "seed") != nullptr;
  const bool other_job = !job_id.empty() && !id.empty() && id != job_id;
  const bool other_seed = seed != 0 && tells_seed && json::integer_at(*made_from, "seed") != seed;
  if (!other_job && !other_seed) return true;
  log_error(
      "answer_about_another",
      {{"peer", "generator"}, {"member", other_job ? "id" : "seed"}, {"told", short_reason(id)}});
  return false;
}

PollAnswer read_poll(const Result<HttpResponse>& answer) {
  if (!answer) return {};
  // Missing leads to another generation, so it must be the generator's own word.
  if (answer->status == 404) {
    return {.result = own_body(answer) ? PollResult::missing : PollResult::unclear};
  }
  const Result<boost::json::value> file = json::parse(answer->body);
  if (answer->status != 200 || !file || json::text_at(*file, "id").empty()) return {};
  std::string url = clean_url(json::text_at(*file, "url"));
  // The address decides before the tasks: a video that is there can be delivered, also if a task
  // has failed.
  if (!url.empty()) {
    return {.result = PollResult::ready,
            .url = std::move(url),
            .thumbnail_url = clean_url(json::text_at(*file, "thumbnail_url"))};
  }
  return {.result = any_task_failed(*file) ? PollResult::failed : PollResult::running};
}

std::string public_file(const HttpResponse& answer) {
  const Result<boost::json::value> file = json::parse(answer.body);
  if (!file || !file->is_object()) return {};
  // By a list of what is shown, not of what is hidden: a new member stays private.
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
