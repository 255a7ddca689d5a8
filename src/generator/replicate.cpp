#include "generator/replicate.hpp"

#include "base/json.hpp"
#include "generator/answers.hpp"
#include "generator/standard_webhooks.hpp"

#include <fmt/format.h>

namespace claimcheck::replicate {

Client::Client(HttpClient& http, Metrics& metrics, const Clock& clock, GeneratorOptions options)
    : options_(std::move(options)),
      calls_(http, metrics, options_, bearer(options_.key)),
      clock_(clock),
      abilities_{.cancels = true,
                 // Without the secret anybody could send callbacks.
                 .calls_back = is_callback_secret(options_.callback_secret),
                 .poll_min = options_.poll_min.value_or(GeneratorAbilities().poll_min)} {}

boost::asio::awaitable<SubmitAnswer> Client::submit(GenerationJob job) {
  const std::optional<ModelName> name = model_name(job.model);
  if (!name) {
    co_return SubmitAnswer{.result = SubmitResult::refused,
                           .reason = "the model is not owner/name or owner/name:version",
                           .failure = Failure::configuration};
  }
  job.callback_url = callback_for(options_.url, job.callback_url);
  if (!abilities_.calls_back) job.callback_url.clear();
  std::string path = "/v1/predictions";
  if (name->version.empty()) {
    path = fmt::format("/v1/models/{}/{}/predictions", name->owner, name->name);
  }
  const boost::json::value body = submit_body(job, options_);
  const Result<HttpResponse> answer = co_await calls_.submit(std::move(path), body);
  co_return read_submit(answer);
}

boost::asio::awaitable<LookUpAnswer> Client::look_up(GenerationJob) { co_return LookUpAnswer(); }

boost::asio::awaitable<PollAnswer> Client::poll(JobHandle handle) {
  const Result<HttpResponse> answer =
      co_await calls_.get(fmt::format("/v1/predictions/{}", url_encode(handle.job)));
  PollAnswer told = read_poll(answer, handle.job);
  // Results are public; only a file of the API itself is not.
  told.needs_key = told.url.starts_with(options_.url + "/v1/");
  co_return told;
}

boost::asio::awaitable<Result<void>> Client::cancel(JobHandle handle) {
  HttpCall request =
      calls_.call("POST", fmt::format("/v1/predictions/{}/cancel", url_encode(handle.job)));
  const Result<HttpResponse> answer = co_await calls_.send(std::move(request));
  // 404: there is none to cancel.
  if (own_body(answer) && answer->status == 404) co_return Result<void>();
  if (answer && answer->status >= 200 && answer->status < 300) co_return Result<void>();
  co_return fail(Errc::unavailable, "the generator did not cancel it");
}

boost::asio::awaitable<Result<std::string>> Client::read_callback(const HttpRequest& request) {
  const Result<void> signature =
      check_standard_webhook(request, options_.callback_secret, clock_.now());
  if (!signature) co_return fail(signature);
  const Result<boost::json::value> body = json::parse(request.body);
  std::string job(body ? json::text_at(*body, "id") : std::string_view());
  if (!is_plain_id(job)) co_return fail(Errc::invalid, "the callback names no job");
  co_return job;
}

boost::asio::awaitable<Result<std::optional<double>>> Client::balance() {
  co_return std::optional<double>();
}

boost::asio::awaitable<Result<std::optional<bool>>> Client::has_model(std::string model) {
  const std::optional<ModelName> name = model_name(model);
  if (!name) co_return std::optional(false);
  std::string path = fmt::format("/v1/models/{}/{}", name->owner, name->name);
  if (!name->version.empty()) path += "/versions/" + name->version;
  const Result<HttpResponse> answer = co_await calls_.get(std::move(path));
  if (own_body(answer) && answer->status == 200) co_return std::optional(true);
  if (own_body(answer) && answer->status == 404) co_return std::optional(false);
  co_return failed_read(answer);
}

}  // namespace claimcheck::replicate
