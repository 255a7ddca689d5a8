#include "generator/fal_answers.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "generator/answers.hpp"
#include "generator/input_template.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace claimcheck::fal {

namespace {

constexpr std::string_view content_type_refused = "content_policy_violation";

// The words that may come with several statuses, or whose status does not tell enough.
constexpr std::array<std::pair<std::string_view, Failure>, 18> failures = {{
    {content_type_refused, Failure::content},
    {"internal_server_error", Failure::transient},
    {"generation_timeout", Failure::transient},
    {"downstream_service_error", Failure::transient},
    {"downstream_service_unavailable", Failure::transient},
    {"request_timeout", Failure::transient},
    {"startup_timeout", Failure::transient},
    {"runner_scheduling_failure", Failure::transient},
    {"runner_connection_timeout", Failure::transient},
    {"runner_connection_refused", Failure::transient},
    {"runner_connection_error", Failure::transient},
    {"runner_disconnected", Failure::transient},
    {"runner_incomplete_response", Failure::transient},
    {"runner_server_error", Failure::transient},
    {"internal_error", Failure::transient},
    {"client_disconnected", Failure::unknown},
    {"client_cancelled", Failure::unknown},
    {"bad_request", Failure::input},
}};

// What an answer says is wrong.
struct ErrorWord {
  std::string type;       // empty = it has none
  bool of_model = false;  // the model has run, or has read its inputs
  bool in_body = false;   // not only in a header
};

ErrorWord error_word(const HttpResponse& answer, const boost::json::value& body) {
  ErrorWord word;
  if (const auto* detail = json::find(body, "detail"); detail != nullptr && detail->is_array()) {
    for (const boost::json::value& each : detail->get_array()) {
      const std::string_view type = json::text_at(each, "type");
      // Refused content counts, whatever else is wrong with the inputs.
      if (word.type.empty() || type == content_type_refused) word.type = type;
    }
    word.of_model = !word.type.empty();
  }
  if (word.type.empty()) word.type = json::text_at(body, "error_type");
  word.in_body = !word.type.empty();
  const std::string* header = find_header(answer.headers, "x-fal-error-type");
  if (word.type.empty() && header != nullptr) word.type = *header;
  return word;
}

Failure failure_of(std::string_view type, const HttpResponse& answer) {
  const auto* known = std::ranges::find(failures, type, &decltype(failures)::value_type::first);
  if (known != failures.end()) return known->second;
  const std::string* retryable = find_header(answer.headers, "x-fal-retryable");
  if (answer.status >= 500 || (retryable != nullptr && *retryable == "true")) {
    return Failure::transient;
  }
  const bool of_inputs = !type.empty() && (answer.status == 400 || answer.status == 422);
  return of_inputs ? Failure::input : Failure::unknown;
}

// An account without money is locked, and the text is the only sign of it.
Failure lock_of(const Result<boost::json::value>& body) {
  const std::string_view text = body ? json::text_at(*body, "detail") : std::string_view();
  const bool locked = text.starts_with("User is locked");
  const bool money = text.find("Exhausted balance") != std::string_view::npos ||
                     text.find("TOP_UP") != std::string_view::npos;
  return locked && money ? Failure::balance : Failure::configuration;
}

boost::json::object default_input(MediaKind media) {
  switch (media) {
    case MediaKind::image:
      return {{"prompt", "{prompt}"},
              {"image_size", {{"width", "{width}"}, {"height", "{height}"}}},
              {"seed", "{seed}"}};
    case MediaKind::audio: return {{"prompt", "{prompt}"}};
    case MediaKind::video: break;
  }
  return {{"prompt", "{prompt}"},
          {"duration", "{duration}s"},
          {"aspect_ratio", "{aspect_ratio}"},
          {"resolution", "{lines}"},
          {"seed", "{seed}"}};
}

// The file that a model's output names: {"video": {"url": …}}, {"images": [{"url": …}]}.
const boost::json::value* file_in(const boost::json::value& output) {
  constexpr std::array<std::string_view, 6> members = {"video", "videos",     "images",
                                                       "image", "audio_file", "audio"};
  for (const std::string_view name : members) {
    const boost::json::value* file = json::find(output, name);
    if (file != nullptr && file->is_array()) {
      file = file->get_array().empty() ? nullptr : &file->get_array().front();
    }
    if (file != nullptr && !web_address(json::text_at(*file, "url")).empty()) return file;
  }
  return nullptr;
}

PollAnswer failed(Failure failure, std::string_view type, int status) {
  return {
      .result = PollResult::failed,
      .failure = failure,
      .reason = coded_reason(fmt::format("the generator reported an error ({})", status), type)};
}

// Does the word alone show that the job has failed? Two of them may also be about the request for
// the result.
bool tells_of_job(std::string_view type) {
  const auto* known = std::ranges::find(failures, type, &decltype(failures)::value_type::first);
  return known != failures.end() && type != "internal_error" && type != "bad_request";
}

}  // namespace

boost::json::value submit_body(const GenerationJob& job, const GeneratorOptions& options) {
  return fill_template(input_of(options, job, default_input(job.media)), job);
}

SubmitAnswer read_submit(const Result<HttpResponse>& answer, std::string_view configured_url) {
  if (!answer) return unanswered_submit(answer.error());
  const std::string status = fmt::format("fal answered {}", answer->status);
  const Result<boost::json::value> body = own_body(answer);
  switch (answer->status) {
    // None of these is about the order: the account, its money, the model's name. All orders wait.
    case 401: return refused_submit(*answer, Failure::configuration);
    case 402: return refused_submit(*answer, Failure::balance);
    case 403: return refused_submit(*answer, lock_of(body));
    case 429: return refused_submit(*answer, Failure::throttled);
    case 404:
      if (!body) return unclear_submit(status + " without a word of its own");
      return refused_submit(*answer, Failure::configuration);
    case 400:
    case 422: {
      const ErrorWord word = body ? error_word(*answer, *body) : ErrorWord();
      if (word.type.empty()) return unclear_submit(status + " without a type");
      const bool content = word.type == content_type_refused;
      return rejected_submit(
          coded_reason(fmt::format("the generator rejected it ({})", answer->status), word.type),
          content ? Failure::content : Failure::input);
    }
    default: break;
  }
  if (answer->status < 200 || answer->status >= 300) return unclear_submit(status);
  std::string handle = body ? handle_of(*body, configured_url) : "";
  // It was accepted, and nobody can follow it.
  if (handle.empty()) return unclear_submit(status + " and named no job");
  return {.result = SubmitResult::accepted, .job = std::move(handle)};
}

JobStatus read_status(const Result<HttpResponse>& answer, const JobPlaces& places,
                      std::string_view configured_url) {
  JobStatus status;
  const Result<boost::json::value> body = own_body(answer);
  if (!body) return status;
  // Missing leads to another generation, so it must be fal's own word.
  if (answer->status == 404) status.answer.result = PollResult::missing;
  if (answer->status != 200 && answer->status != 202) return status;
  const std::string_view id = json::text_at(*body, "request_id");
  if (!id.empty() && id != places.id) {
    log_error("answer_about_another",
              {{"peer", "generator"}, {"member", "request_id"}, {"told", short_reason(id)}});
    return status;
  }
  const std::string_view word = json::text_at(*body, "status");
  if (word == "IN_QUEUE" || word == "IN_PROGRESS") status.answer.result = PollResult::running;
  if (word != "COMPLETED") return status;
  status.completed = true;
  status.result = path_of(json::text_at(*body, "response_url"), configured_url);
  if (status.result.empty()) status.result = places.result;
  status.error_type = json::text_at(*body, "error_type");
  const auto* error = json::find(*body, "error");
  status.failed = !status.error_type.empty() || (error != nullptr && !error->is_null());
  return status;
}

PollAnswer read_result(const Result<HttpResponse>& answer, const JobStatus& status) {
  if (!answer) return {};
  const Result<boost::json::value> body = own_body(answer);
  const auto* file = body && answer->status == 200 ? file_in(*body) : nullptr;
  if (file != nullptr) {
    return {.result = PollResult::ready,
            .url = web_address(json::text_at(*file, "url")),
            .content_type = short_reason(json::text_at(*file, "content_type"))};
  }
  // About our key or our rate, not about the job.
  if (answer->status == 401 || answer->status == 403 || answer->status == 429) return {};
  ErrorWord word = body ? error_word(*answer, *body) : ErrorWord();
  if (word.type.empty()) word.type = status.error_type;
  const bool has_failed = word.of_model || !status.error_type.empty() || (body && status.failed) ||
                          (word.in_body && tells_of_job(word.type)) ||
                          (body && answer->status == 422);
  // A result in a form that we do not know, or none at all: it may be there. A type in a header
  // alone is about our request for it.
  if (!has_failed) return {};
  return failed(failure_of(word.type, *answer), word.type, answer->status);
}

}  // namespace claimcheck::fal
