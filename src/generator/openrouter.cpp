#include "generator/openrouter.hpp"

#include "base/json.hpp"
#include "generator/answers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck::openrouter {

namespace {

constexpr std::string_view videos = "/api/v1/videos";
constexpr Duration poll_interval = std::chrono::seconds(10);  // it asks for 10 to 30 s

std::optional<double> number_at(const boost::json::value& body, std::string_view name) {
  const boost::json::value* member = json::find(body, "data", name);
  if (member == nullptr || !member->is_number()) return std::nullopt;
  return member->to_number<double>();
}

}  // namespace

Client::Client(HttpClient& http, Metrics& metrics, const Clock& clock, GeneratorOptions options)
    : options_(std::move(options)),
      calls_(http, metrics, options_, bearer(options_.key)),
      clock_(clock),
      // Without the secret anybody could send callbacks.
      abilities_{.calls_back = can_verify(options_.callback_secret),
                 .poll_min = options_.poll_min.value_or(poll_interval)} {}

boost::asio::awaitable<SubmitAnswer> Client::submit(GenerationJob job) {
  if (job.media != MediaKind::video) {
    co_return SubmitAnswer{.result = SubmitResult::refused,
                           .reason = "this provider makes videos only",
                           .failure = Failure::configuration};
  }
  // It refuses the whole job for an address of a callback that is not https.
  job.callback_url = callback_for(options_.url, job.callback_url);
  if (!abilities_.calls_back) job.callback_url.clear();
  const boost::json::value body = submit_body(job, options_);
  const Result<HttpResponse> answer = co_await calls_.submit(std::string(videos), body);
  co_return read_submit(answer);
}

boost::asio::awaitable<LookUpAnswer> Client::look_up(GenerationJob) { co_return LookUpAnswer(); }

boost::asio::awaitable<PollAnswer> Client::poll(JobHandle handle) {
  const Result<HttpResponse> answer =
      co_await calls_.get(fmt::format("{}/{}", videos, url_encode(handle.job)));
  PollAnswer told = read_poll(answer, handle.job, options_.url);
  // It would not be sent to another host.
  told.needs_key = told.needs_key && calls_.is_own(told.url);
  co_return told;
}

boost::asio::awaitable<Result<void>> Client::cancel(JobHandle) {
  co_return fail(Errc::unavailable, "the generator cannot cancel");
}

boost::asio::awaitable<Result<std::string>> Client::read_callback(const HttpRequest& request) {
  const Result<void> signature = check_signature(request, options_.callback_secret, clock_.now());
  if (!signature) co_return fail(signature);
  const Result<boost::json::value> body = json::parse(request.body);
  const boost::json::value* data = body ? json::find(*body, "data") : nullptr;
  std::string job(data == nullptr ? std::string_view() : json::text_at(*data, "id"));
  if (!is_plain_id(job)) co_return fail(Errc::invalid, "the callback names no job");
  co_return job;
}

boost::asio::awaitable<Result<std::optional<double>>> Client::balance() {
  const Result<HttpResponse> key_answer = co_await calls_.get("/api/v1/key");
  const Result<boost::json::value> key = own_body(key_answer);
  if (!key || key_answer->status != 200) co_return failed_read(key_answer);
  const std::optional<double> left = number_at(*key, "limit_remaining");
  if (left) co_return left;
  // Not every key may see the account: that is no fault of the key.
  const Result<HttpResponse> credit_answer = co_await calls_.get("/api/v1/credits");
  const Result<boost::json::value> credits = own_body(credit_answer);
  if (!credits || credit_answer->status != 200) co_return std::optional<double>();
  const std::optional<double> bought = number_at(*credits, "total_credits");
  const std::optional<double> used = number_at(*credits, "total_usage");
  co_return bought&& used ? std::optional(*bought - *used) : std::nullopt;
}

boost::asio::awaitable<Result<std::optional<bool>>> Client::has_model(std::string model) {
  const Result<HttpResponse> answer = co_await calls_.get(std::string(videos) + "/models");
  const Result<boost::json::value> body = own_body(answer);
  const boost::json::value* data = body ? json::find(*body, "data") : nullptr;
  if (!body || answer->status != 200 || data == nullptr || !data->is_array()) {
    co_return failed_read(answer);
  }
  co_return std::ranges::any_of(data->get_array(), [&model](const boost::json::value& each) {
    return json::text_at(each, "id") == model;
  });
}

}  // namespace claimcheck::openrouter
