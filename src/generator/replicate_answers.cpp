// Reads single answers of Replicate, and writes its body of a submit.
#include "base/json.hpp"
#include "generator/answers.hpp"
#include "generator/input_template.hpp"
#include "generator/replicate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace claimcheck::replicate {

namespace {

// Models name their inputs as they like; these names are those of most of its video models. Without
// a seed: models choose their own, and may refuse an input that they do not know.
const boost::json::object& default_input(MediaKind media) {
  static const boost::json::object video{{"prompt", "{prompt}"},
                                         {"duration", "{duration}"},
                                         {"aspect_ratio", "{aspect_ratio}"},
                                         {"resolution", "{lines}"}};
  static const boost::json::object image{{"prompt", "{prompt}"},
                                         {"aspect_ratio", "{aspect_ratio}"}};
  static const boost::json::object audio{{"prompt", "{prompt}"}, {"duration", "{duration}"}};
  if (media == MediaKind::image) return image;
  return media == MediaKind::audio ? audio : video;
}

bool is_name(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  };
  return !text.empty() && text.front() != '.' && std::ranges::all_of(text, plain);
}

// "Your rate limit resets in ~30s." and "Expected available in 1 second.": there is no header.
Duration told_wait(const HttpResponse& answer) {
  const Result<boost::json::value> body = own_body(answer);
  const std::string_view detail = body ? json::text_at(*body, "detail") : std::string_view();
  constexpr std::string_view before = " in ";
  const std::size_t at = detail.rfind(before);
  if (at == std::string_view::npos) return Duration(0);
  std::string_view rest = detail.substr(at + before.size());
  if (rest.starts_with('~')) rest.remove_prefix(1);
  HttpResponse as_header{.headers = {{"retry-after", std::string(rest)}}};
  const Duration told = retry_after(as_header);
  rest.remove_prefix(std::min(rest.find_first_not_of("0123456789"), rest.size()));
  return rest.starts_with('s') || rest.starts_with(" s") ? told : Duration(0);
}

SubmitAnswer throttled(const HttpResponse& answer) {
  SubmitAnswer refused = refused_submit(answer, Failure::throttled);
  if (refused.retry_after == Duration(0)) refused.retry_after = told_wait(answer);
  return refused;
}

// 422 is also its answer to a version that does not exist, and that is no fault of the order.
SubmitAnswer refused_inputs(const HttpResponse& answer, const boost::json::value& body) {
  if (json::text_at(body, "title") == "Invalid version or not permitted") {
    return refused_submit(answer, Failure::configuration);
  }
  return rejected_submit(fmt::format("the generator rejected it ({})", answer.status),
                         Failure::input);
}

// Its codes are a part of the text: "… (E1001)", "E6716: …". The text itself decides nothing.
std::string_view code_in(std::string_view error) {
  const auto digit = [&](std::size_t at) {
    return at < error.size() && error[at] >= '0' && error[at] <= '9';
  };
  const auto letter = [&](std::size_t at) {
    const char c = at < error.size() ? error[at] : ' ';
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || digit(at);
  };
  for (std::size_t at = error.find('E'); at != std::string_view::npos;
       at = error.find('E', at + 1)) {
    std::size_t end = at + 1;
    while (digit(end)) ++end;
    const std::size_t digits = end - at - 1;
    const bool alone = (at == 0 || !letter(at - 1)) && !letter(end);
    if (alone && (digits == 3 || digits == 4)) return error.substr(at, end - at);
  }
  return {};
}

struct KnownCode {
  std::string_view code;
  Failure failure;
};
constexpr auto known_codes = std::to_array<KnownCode>({
    {"E005", Failure::content},         // the input or the output was flagged
    {"E1000", Failure::transient},      // not categorized; to be tried again
    {"E1001", Failure::input},          // out of memory: these inputs are too large for the model
    {"E4875", Failure::configuration},  // the address of the callback is empty
    {"E6716", Failure::transient},      // not started in time
});

PollAnswer failed_prediction(const boost::json::value& body) {
  const std::string_view error = json::text_at(body, "error");
  const std::string_view code = code_in(error);
  const auto* known = std::ranges::find(known_codes, code, &KnownCode::code);
  return {.result = PollResult::failed,
          .failure = known == known_codes.end() ? Failure::unknown : known->failure,
          .reason = coded_reason("the generator reported an error", code)};
}

// What may be the result in an output: a text, the first of a list, or a member of an object. Of
// members without a known name each may be it.
std::vector<std::string> addresses_in(const boost::json::value& output, int depth = 0) {
  constexpr int depth_max = 3;
  if (output.is_string()) {
    std::string address = web_address(output.get_string());
    return address.empty() ? std::vector<std::string>() : std::vector{std::move(address)};
  }
  if (depth == depth_max) return {};
  if (output.is_array()) {
    for (const boost::json::value& each : output.get_array()) {
      if (auto found = addresses_in(each, depth + 1); !found.empty()) return found;
    }
  }
  if (!output.is_object()) return {};
  for (const char* name : {"video", "output", "url", "file"}) {
    const boost::json::value* member = json::find(output, name);
    if (member == nullptr) continue;
    if (auto found = addresses_in(*member, depth + 1); !found.empty()) return found;
  }
  std::vector<std::string> all;
  for (const auto& [name, each] : output.get_object()) {
    for (std::string& found : addresses_in(each, depth + 1)) all.push_back(std::move(found));
  }
  return all;
}

// "2026-11-29T01:02:03.456789Z", with any number of digits after the point, or none.
std::optional<Time> time_of(std::string_view text) {
  constexpr std::size_t seconds = 19;
  if (text.size() <= seconds || !text.ends_with('Z')) return std::nullopt;
  return from_iso(std::string(text.substr(0, seconds)) + ".000Z");
}

PollAnswer finished(const boost::json::value& body) {
  const boost::json::value* output = json::find(body, "output");
  std::vector<std::string> found;
  if (output != nullptr) found = addresses_in(*output);
  // One of them may be a preview, or what the model was given: a buyer must not get that.
  if (found.size() > 1) return {};
  if (found.empty()) {
    if (!json::bool_at(body, "data_removed")) return {};  // an output that nobody can read
    return {.result = PollResult::missing, .reason = "its result was deleted, an hour after it"};
  }
  PollAnswer ready{.result = PollResult::ready, .url = std::move(found.front())};
  const std::optional<Time> completed = time_of(json::text_at(body, "completed_at"));
  if (completed) ready.expires = *completed + result_kept;
  return ready;
}

}  // namespace

std::optional<ModelName> model_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::size_t colon = std::min(text.find(':'), text.size());
  if (colon < slash) return std::nullopt;
  ModelName name{.owner = std::string(text.substr(0, slash)),
                 .name = std::string(text.substr(slash + 1, colon - slash - 1)),
                 .version = std::string(text.substr(std::min(colon + 1, text.size())))};
  const bool versioned = colon < text.size();
  if (!is_name(name.owner) || !is_name(name.name)) return std::nullopt;
  return versioned && !is_name(name.version) ? std::nullopt : std::optional(std::move(name));
}

boost::json::value submit_body(const GenerationJob& job, const GeneratorOptions& options) {
  boost::json::object body{
      {"input", fill_template(input_of(options, job, default_input(job.media)), job)}};
  if (const auto name = model_name(job.model); name && !name->version.empty()) {
    body["version"] = name->version;
  }
  if (!job.callback_url.empty()) {
    body["webhook"] = job.callback_url;
    body["webhook_events_filter"] = boost::json::array{"completed"};
  }
  return body;
}

SubmitAnswer read_submit(const Result<HttpResponse>& answer) {
  if (!answer) return unanswered_submit(answer.error());
  const std::string status = fmt::format("the generator answered {}", answer->status);
  const Result<boost::json::value> body = own_body(answer);
  switch (answer->status) {
    case 401:
    case 403: return refused_submit(*answer, Failure::configuration);
    case 402: return refused_submit(*answer, Failure::balance);
    case 429: return throttled(*answer);
    case 400:
    case 404:
    case 422:
      // A gateway's answer says nothing about the order.
      if (!body) return unclear_submit(status + " without a word of its own");
      // The model does not exist: that is no fault of the order either.
      if (answer->status == 404) return refused_submit(*answer, Failure::configuration);
      return refused_inputs(*answer, *body);
    default: break;
  }
  if (answer->status < 200 || answer->status >= 300) return unclear_submit(status);
  const std::string_view id = body ? json::text_at(*body, "id") : std::string_view();
  if (!is_plain_id(id)) return unclear_submit(status + " and named no job");
  return {.result = SubmitResult::accepted, .job = std::string(id)};
}

PollAnswer read_poll(const Result<HttpResponse>& answer, std::string_view job) {
  const Result<boost::json::value> body = own_body(answer);
  if (!body) return {};
  if (answer->status == 404) return {.result = PollResult::missing};
  if (answer->status != 200 || !is_about_job(*body, job)) return {};
  const std::string_view status = json::text_at(*body, "status");
  if (status == "starting" || status == "processing") return {.result = PollResult::running};
  if (status == "succeeded") return finished(*body);
  if (status == "failed") return failed_prediction(*body);
  // Aborted: not started in time. Canceled: by somebody, or by its time limit.
  if (status != "canceled" && status != "aborted") return {};
  return {.result = PollResult::failed,
          .failure = Failure::transient,
          .reason = fmt::format("the prediction was {}", status)};
}

}  // namespace claimcheck::replicate
