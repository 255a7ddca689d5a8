#include "generator/fal.hpp"

#include "base/json.hpp"
#include "generator/answers.hpp"
#include "generator/fal_answers.hpp"
#include "generator/fal_places.hpp"

#include <fmt/format.h>

namespace claimcheck::fal {

namespace {

HttpHeader key_header(const Secret& key) { return {"authorization", "Key " + key.reveal()}; }

}  // namespace

Client::Client(HttpClient& http, Metrics& metrics, const Clock& clock, GeneratorOptions options)
    : options_(std::move(options)),
      calls_(http, metrics, options_, key_header(options_.key)),
      keys_(http, clock, options_.callback_keys_url),
      abilities_{.cancels = true,
                 .calls_back = true,
                 .poll_min = options_.poll_min.value_or(GeneratorAbilities().poll_min)} {}

boost::asio::awaitable<SubmitAnswer> Client::submit(GenerationJob job) {
  // It becomes the path of the request: another one could be another call.
  if (!is_plain_path("/" + job.model)) {
    co_return SubmitAnswer{.result = SubmitResult::refused,
                           .reason = "the name of the model is none of fal's",
                           .failure = Failure::configuration};
  }
  job.callback_url = callback_for(options_.url, job.callback_url);
  const Result<HttpResponse> answer =
      co_await calls_.submit(submit_place(job), submit_body(job, options_));
  co_return read_submit(answer, options_.url);
}

boost::asio::awaitable<LookUpAnswer> Client::look_up(GenerationJob) { co_return LookUpAnswer{}; }

boost::asio::awaitable<PollAnswer> Client::poll(JobHandle handle) {
  const JobPlaces places = places_of(handle.job);
  if (places.status.empty()) co_return PollAnswer{};
  const Result<HttpResponse> told = co_await calls_.get(places.status);
  const JobStatus status = read_status(told, places, options_.url);
  if (!status.completed) co_return status.answer;
  const Result<HttpResponse> result = co_await calls_.get(status.result);
  co_return read_result(result, status);
}

boost::asio::awaitable<Result<void>> Client::cancel(JobHandle handle) {
  const JobPlaces places = places_of(handle.job);
  if (places.cancel.empty()) co_return fail(Errc::unavailable, "this job cannot be cancelled");
  HttpCall call = calls_.call("PUT", places.cancel);
  const Result<HttpResponse> answer = co_await calls_.send(std::move(call));
  const Result<boost::json::value> body = own_body(answer);
  const bool asked = body && answer->status == 202;
  // It has ended already: the next poll tells how.
  const bool ended = body && json::text_at(*body, "status") == "ALREADY_COMPLETED";
  if (!asked && !ended) co_return fail(Errc::unavailable, "fal did not take the cancellation");
  co_return Result<void>();
}

boost::asio::awaitable<Result<std::string>> Client::read_callback(const HttpRequest& request) {
  const Result<void> checked = co_await keys_.check(request);
  if (!checked) co_return fail(checked);
  const Result<boost::json::value> body = json::parse(request.body);
  const std::string id(body ? json::text_at(*body, "request_id") : std::string_view());
  const std::string model = form_value(request.query, callback_model).value_or("");
  std::string handle = documented_handle(model, id);
  if (handle.empty()) co_return fail(Errc::invalid, "the callback names no job");
  co_return handle;
}

boost::asio::awaitable<Result<std::optional<double>>> Client::balance() {
  co_return std::optional<double>();
}

boost::asio::awaitable<Result<std::optional<bool>>> Client::has_model(std::string) {
  co_return std::optional<bool>();
}

}  // namespace claimcheck::fal
