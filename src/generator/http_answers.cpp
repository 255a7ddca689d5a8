#include "generator/http_answers.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "generator/answers.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace claimcheck::http_generator {

namespace {

constexpr std::size_t address_bytes_max = 8192;

bool holds(const std::vector<std::string>& words, std::string_view text) {
  return !text.empty() && std::ranges::any_of(words, [text](const std::string& word) {
    return matches(word, text);
  });
}

bool holds(const std::vector<int>& statuses, int status) {
  return std::ranges::find(statuses, status) != statuses.end();
}

bool is_good(int status) { return status >= 200 && status < 300; }

// What the provider says of a fault, in its own words.
struct Told {
  std::string state;
  std::string code;
  std::string text;
};

Told read_told(const boost::json::value& body, const HttpGeneratorOptions& options) {
  return {.state = text_in(body, options.state_pointer),
          .code = text_in(body, options.error_code_pointer),
          .text = text_in(body, options.error_pointer)};
}

// Failure::none = no configured word says more.
Failure class_of(const Told& told, const HttpGeneratorOptions& options) {
  const auto says = [&told](const std::vector<std::string>& words) {
    return holds(words, told.state) || holds(words, told.code) || holds(words, told.text);
  };
  if (says(options.refused_content)) return Failure::content;
  if (says(options.bad_input)) return Failure::input;
  if (says(options.out_of_balance)) return Failure::balance;
  if (says(options.throttled)) return Failure::throttled;
  return Failure::none;
}

Failure class_of(int status, const HttpGeneratorOptions& options) {
  if (holds(options.balance_status, status)) return Failure::balance;
  if (holds(options.throttled_status, status)) return Failure::throttled;
  if (holds(options.configuration_status, status)) return Failure::configuration;
  return Failure::none;
}

PollAnswer failed(const Told& told, Failure failure) {
  return {.result = PollResult::failed,
          .failure = failure == Failure::none ? Failure::unknown : failure,
          .reason = coded_reason("the generator reported an error",
                                 told.code.empty() ? told.state : told.code)};
}

// Also false when it tells no id: some answers to a poll do not repeat it.
bool is_about_another(const boost::json::value& body, const HttpGeneratorOptions& options,
                      std::string_view job) {
  const std::string id = text_in(body, options.id_pointer);
  if (id.empty() || id == job) return false;
  log_error("answer_about_another",
            {{"peer", "generator"}, {"member", "id"}, {"told", short_reason(id)}});
  return true;
}

PollAnswer read_done(const boost::json::value& body, const Told& told,
                     const HttpGeneratorOptions& options, std::string_view url) {
  std::string address = result_address(text_in(body, options.url_pointer), url);
  if (address.empty()) {
    // Some end a refused job as if it were made, and show no result.
    const Failure failure = class_of(told, options);
    if (failure != Failure::none) return failed(told, failure);
    return {.reason = "it is done and has no address"};
  }
  return {.result = PollResult::ready,
          .url = std::move(address),
          .thumbnail_url = result_address(text_in(body, options.thumbnail_pointer), url),
          .content_type = short_reason(text_in(body, options.content_type_pointer))};
}

}  // namespace

bool is_handle(std::string_view text) {
  const auto visible = [](char c) { return c > ' ' && c < 0x7f; };
  return !text.empty() && text.size() <= handle_bytes_max && text != "." && text != ".." &&
         std::ranges::all_of(text, visible);
}

bool matches(std::string_view pattern, std::string_view text) {
  const bool open_front = pattern.starts_with('*');
  if (open_front) pattern.remove_prefix(1);
  const bool open_back = pattern.ends_with('*');
  if (open_back) pattern.remove_suffix(1);
  if (open_front && open_back) return text.find(pattern) != std::string_view::npos;
  if (open_front) return text.ends_with(pattern);
  return open_back ? text.starts_with(pattern) : text == pattern;
}

std::string text_in(const boost::json::value& from, std::string_view pointer) {
  if (pointer.empty()) return {};
  boost::system::error_code error;
  const boost::json::value* member = from.find_pointer(pointer, error);
  if (member == nullptr) return {};
  if (member->is_string()) return std::string(member->get_string());
  if (member->is_bool()) return member->get_bool() ? "true" : "false";
  const std::optional<std::int64_t> number = json::integer(*member);
  return number ? fmt::format("{}", *number) : std::string();
}

std::string result_address(std::string_view text, std::string_view url) {
  const auto unfit = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '\\';
  };
  if (text.size() > address_bytes_max || std::ranges::any_of(text, unfit)) return {};
  // Two slashes would name another host.
  if (text.starts_with('/') && !text.starts_with("//")) {
    return fmt::format("{}://{}{}", url.substr(0, url.find("://")), url_authority(url), text);
  }
  return url_authority(text).empty() ? std::string() : web_address(text);
}

SubmitAnswer read_submit(const Result<HttpResponse>& answer, const HttpGeneratorOptions& options) {
  if (!answer) return unanswered_submit(answer.error());
  const int status = answer->status;
  const Result<boost::json::value> body = own_body(answer);
  if (body && is_good(status)) {
    std::string id = text_in(*body, options.id_pointer);
    if (is_handle(id)) return {.result = SubmitResult::accepted, .job = std::move(id)};
  }
  const Told told = body ? read_told(*body, options) : Told();
  // Its words say more than the status: a 429 may mean that the money is gone.
  Failure failure = class_of(told, options);
  // A gateway's 503 does not say that nothing was started: the server behind it may have taken it.
  if (failure == Failure::none && (status < 500 || body)) failure = class_of(status, options);
  // A gateway's 400 does not mean that the order is bad: a refund would follow from `rejected`.
  if (failure == Failure::none && body && holds(options.failed_status, status)) {
    failure = Failure::input;
  }
  if (failure == Failure::content || failure == Failure::input) {
    return rejected_submit(
        coded_reason(fmt::format("the generator rejected it ({})", status), told.code), failure);
  }
  if (failure != Failure::none) return refused_submit(*answer, failure);
  return unclear_submit(fmt::format("the generator answered {}{}", status,
                                    is_good(status) ? " and named no job" : ""));
}

bool tells_refusal(const Result<HttpResponse>& answer, const HttpGeneratorOptions& options) {
  const Result<boost::json::value> body = own_body(answer);
  const Failure failure = body ? class_of(read_told(*body, options), options) : Failure::none;
  return failure == Failure::content || failure == Failure::input;
}

LookUpAnswer read_look_up(const Result<HttpResponse>& answer, const HttpGeneratorOptions& options,
                          const GenerationJob& job) {
  const Result<boost::json::value> body = answer ? json::parse(answer->body) : fail(answer);
  if (!body) return {};
  if (holds(options.look_up_none_status, answer->status)) {
    return {.result = body->is_object() ? LookUpResult::none : LookUpResult::unclear};
  }
  boost::system::error_code error;
  const boost::json::value* found = body->find_pointer(options.look_up_pointer, error);
  if (!is_good(answer->status) || found == nullptr) return {};
  boost::json::array jobs;
  if (found->is_array()) {
    jobs = found->get_array();
  } else if (found->is_object()) {
    jobs.push_back(*found);
  }
  // After `none` another job is paid for, so only a list may say it.
  if (jobs.empty() && !found->is_array()) return {};
  if (jobs.empty()) return {.result = LookUpResult::none};
  const std::string& id_pointer =
      options.look_up_id_pointer.empty() ? options.id_pointer : options.look_up_id_pointer;
  std::string id;
  for (const boost::json::value& each : jobs) {
    const std::string match = text_in(each, options.look_up_match_pointer);
    const bool ours = !match.empty() && (match == job.key || match == fmt::format("{}", job.seed));
    id = text_in(each, id_pointer);
    // A job of somebody else shows that the provider did not search for ours.
    if (!ours || !is_handle(id)) return {};
  }
  return {.result = LookUpResult::found, .job = std::move(id), .extras = jobs.size() - 1};
}

PollReading read_poll(const Result<HttpResponse>& answer, const HttpGeneratorOptions& options,
                      std::string_view job, std::string_view url) {
  const Result<boost::json::value> body = own_body(answer);
  // Missing leads to another generation, so it must be the provider's own word.
  if (!body) return {};
  if (holds(options.missing_status, answer->status)) {
    return {.answer = {.result = PollResult::missing}};
  }
  if (!is_good(answer->status) || is_about_another(*body, options, job)) return {};
  const Told told = read_told(*body, options);
  if (holds(options.done, told.state)) return {.answer = read_done(*body, told, options, url)};
  if (holds(options.running, told.state)) return {.answer = {.result = PollResult::running}};
  const Failure of_state = class_of({.state = told.state}, options);
  if (of_state != Failure::none) return {.answer = failed(told, of_state)};
  if (holds(options.failed, told.state)) return {.answer = failed(told, class_of(told, options))};
  return {.answer = {.reason = "its state is not known"}, .unknown_state = told.state};
}

}  // namespace claimcheck::http_generator
