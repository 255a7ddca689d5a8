#include "generator/http_generator.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "generator/answers.hpp"
#include "generator/http_answers.hpp"
#include "generator/input_template.hpp"
#include "generator/standard_webhooks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck::http_generator {

namespace {

constexpr std::string_view callback_placeholder = "{callback}";
constexpr std::size_t state_bytes_logged = 40;
constexpr std::size_t unknown_states_max = 16;

bool holds_callback(const boost::json::value& pattern) {
  return holds(pattern, callback_placeholder);
}

bool takes_callback(const GeneratorOptions& options) {
  return holds_callback(options.http.body) ||
         std::ranges::any_of(options.models,
                             [](const ModelOptions& model) { return holds_callback(model.input); });
}

// Members that hold the address of our callback are left out when there is none: an empty address
// would be refused.
boost::json::object without_callback(const boost::json::object& pattern) {
  boost::json::object rest;
  for (const auto& [name, each] : pattern) {
    if (each.is_object()) {
      rest[name] = without_callback(each.get_object());
    } else if (!holds_callback(each)) {
      rest[name] = each;
    }
  }
  return rest;
}

HttpHeader auth_of(const GeneratorOptions& options) {
  if (options.key.empty()) return {};
  return {lowercase(options.http.key_header), options.http.key_prefix + options.key.reveal()};
}

std::string job_path(std::string path, std::string_view job) {
  constexpr std::string_view place = "{job}";
  const std::string encoded = url_encode(job);
  for (std::size_t at = path.find(place); at != std::string::npos;
       at = path.find(place, at + encoded.size())) {
    path.replace(at, place.size(), encoded);
  }
  return path;
}

GeneratorAbilities abilities_of(const GeneratorOptions& options) {
  GeneratorAbilities abilities;
  abilities.looks_up = options.http.repeat_is_safe || !options.http.look_up_path.empty();
  abilities.cancels = !options.http.cancel_path.empty();
  // Without a signature anybody could send callbacks.
  abilities.calls_back = is_callback_secret(options.callback_secret) && takes_callback(options);
  abilities.poll_min = options.poll_min.value_or(abilities.poll_min);
  return abilities;
}

}  // namespace

Client::Client(HttpClient& http, Metrics& metrics, const Clock& clock, GeneratorOptions options)
    : options_(std::move(options)),
      calls_(http, metrics, options_, auth_of(options_)),
      clock_(clock),
      abilities_(abilities_of(options_)) {}

boost::json::object body_pattern(const HttpGeneratorOptions& options, const ModelOptions* model,
                                 bool with_callback) {
  boost::json::object pattern = options.body;
  if (model != nullptr) {
    for (const auto& [name, each] : model->input) pattern[name] = each;
  }
  return with_callback ? pattern : without_callback(pattern);
}

boost::json::object submit_body(const GenerationJob& job, const GeneratorOptions& options) {
  const boost::json::object pattern =
      body_pattern(options.http, options.model(job.model), !job.callback_url.empty());
  return fill_template(pattern, job).get_object();
}

HttpCall Client::call(std::string method, std::string path) const {
  HttpCall request = calls_.call(std::move(method), std::move(path));
  for (const HeaderOption& header : options_.http.headers) {
    request.headers.push_back({lowercase(header.name), header.value});
  }
  return request;
}

boost::asio::awaitable<Result<HttpResponse>> Client::send_submit(const GenerationJob& job) const {
  HttpHeaders headers;
  for (const HeaderOption& header : options_.http.headers) {
    headers.push_back({lowercase(header.name), header.value});
  }
  for (const HeaderOption& header : options_.http.submit_headers) {
    headers.push_back({lowercase(header.name), fill_text(header.value, job)});
  }
  std::string path = fill_path(options_.http.submit_path, job);
  boost::json::value body = submit_body(job, options_);
  co_return co_await calls_.submit(std::move(path), body, std::move(headers));
}

boost::asio::awaitable<SubmitAnswer> Client::submit(GenerationJob job) {
  // Under an empty key all jobs would be the same one.
  if (job.key.empty() && options_.http.repeat_is_safe) {
    co_return SubmitAnswer{.result = SubmitResult::refused,
                           .reason = "the submit has no key",
                           .failure = Failure::configuration};
  }
  const Result<HttpResponse> answer = co_await send_submit(job);
  co_return read_submit(answer, options_.http);
}

boost::asio::awaitable<LookUpAnswer> Client::look_up(GenerationJob job) {
  if (options_.http.look_up_path.empty()) co_return co_await repeat(std::move(job));
  HttpCall request = call("GET", fill_path(options_.http.look_up_path, job));
  const Result<HttpResponse> answer = co_await calls_.send(std::move(request));
  co_return read_look_up(answer, options_.http, job);
}

boost::asio::awaitable<LookUpAnswer> Client::repeat(GenerationJob job) const {
  // Other inputs would be another job, and a provider that has forgotten the key makes a new one:
  // nobody has ordered that.
  const bool may_be_forgotten = job.ordered + options_.http.key_kept <= clock_.now();
  if (!options_.http.repeat_is_safe || job.key.empty() || job.prompt.empty() || may_be_forgotten) {
    co_return LookUpAnswer();
  }
  const Result<HttpResponse> answer = co_await send_submit(job);
  const SubmitAnswer told = read_submit(answer, options_.http);
  if (told.result == SubmitResult::accepted) {
    co_return LookUpAnswer{.result = LookUpResult::found, .job = told.job};
  }
  // It refuses these inputs under this key, so it has made nothing of them.
  if (told.result == SubmitResult::rejected && tells_refusal(answer, options_.http)) {
    co_return LookUpAnswer{.result = LookUpResult::none};
  }
  co_return LookUpAnswer();
}

boost::asio::awaitable<PollAnswer> Client::poll(JobHandle handle) {
  HttpCall request = call("GET", job_path(options_.http.poll_path, handle.job));
  const Result<HttpResponse> answer = co_await calls_.send(std::move(request));
  PollReading read = read_poll(answer, options_.http, handle.job, options_.url);
  if (!read.unknown_state.empty()) log_unknown_state(read.unknown_state);
  if (read.answer.result == PollResult::ready) {
    read.answer.needs_key = options_.http.result_needs_key && calls_.is_own(read.answer.url);
    if (options_.http.result_expires_after) {
      read.answer.expires = clock_.now() + *options_.http.result_expires_after;
    }
  }
  co_return std::move(read.answer);
}

// Once for each word, so that a provider's new word does not fill the log.
void Client::log_unknown_state(std::string_view word) {
  const bool known = unknown_states_.find(word) != unknown_states_.end();
  if (known || unknown_states_.size() >= unknown_states_max) return;
  unknown_states_.emplace(word);
  // A longer text, or one with blanks, may be a sentence about the order.
  const bool is_word = word.size() <= state_bytes_logged && is_handle(word);
  log_warn("generator_state_unknown", {{"generator", options_.name},
                                       {"state", is_word ? word : std::string_view()},
                                       {"state_bytes", word.size()}});
}

boost::asio::awaitable<Result<void>> Client::cancel(JobHandle handle) {
  if (!abilities_.cancels) co_return fail(Errc::unavailable, "the generator cannot cancel");
  HttpCall request =
      call(options_.http.cancel_method, job_path(options_.http.cancel_path, handle.job));
  const Result<HttpResponse> answer = co_await calls_.send(std::move(request));
  if (!answer) co_return fail(Errc::unavailable, "the generator does not answer");
  // 404, 409, 410: there is no such job, or it has ended.
  const bool over = answer->status == 404 || answer->status == 409 || answer->status == 410;
  if (over || (answer->status >= 200 && answer->status < 300)) co_return Result<void>();
  co_return fail(Errc::unavailable, fmt::format("the generator answered {}", answer->status));
}

boost::asio::awaitable<Result<std::string>> Client::read_callback(const HttpRequest& request) {
  if (!abilities_.calls_back) co_return fail(Errc::forbidden, "the generator sends no callbacks");
  const Result<void> signature =
      check_standard_webhook(request, options_.callback_secret, clock_.now());
  if (!signature) co_return fail(signature);
  const Result<boost::json::value> body = json::parse(request.body);
  if (!body) co_return fail(Errc::invalid, "the callback's body is no JSON");
  const std::string& own = options_.http.callback_id_pointer;
  std::string job = text_in(*body, own.empty() ? options_.http.id_pointer : own);
  if (!is_handle(job)) co_return fail(Errc::invalid, "the callback names no job");
  co_return job;
}

boost::asio::awaitable<Result<std::optional<double>>> Client::balance() {
  co_return std::optional<double>();
}

boost::asio::awaitable<Result<std::optional<bool>>> Client::has_model(std::string) {
  co_return std::optional<bool>();
}

HttpHeaders Client::headers_for(std::string_view url) const {
  // A public file is fetched without our key.
  if (!options_.http.result_needs_key) return {};
  return calls_.headers_for(url);
}

}  // namespace claimcheck::http_generator
