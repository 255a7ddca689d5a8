#include "generator/superduperai.hpp"

#include "base/json.hpp"
#include "base/version.hpp"
#include "generator/superduperai_answers.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace claimcheck::superduperai {

namespace {

constexpr std::string_view path_prefix = "/api/v1/file";
constexpr Duration video_timeout = std::chrono::seconds(5);
constexpr std::size_t video_bytes_max = 64 * 1024;  // an answer of that size holds one

std::string_view result_label(const Result<HttpResponse>& answer) {
  if (!answer) return "no_answer";
  if (answer->status < 300) return "ok";
  return answer->status < 500 ? "refused" : "server_error";
}

// Whole seconds as an integer, as every known client sends them.
boost::json::value seconds(double length) {
  const auto whole = static_cast<std::int64_t>(length);
  if (static_cast<double>(whole) == length) return whole;
  return length;
}

}  // namespace

Client::Client(HttpClient& http, Metrics& metrics, Options options)
    : http_(http), metrics_(metrics), options_(std::move(options)) {}

HttpCall Client::call(std::string method, const std::string& path) const {
  HttpCall call;
  call.method = std::move(method);
  call.url = options_.url + path;
  call.headers = {{"accept", "application/json"},
                  {"user-agent", user_agent},
                  {"authorization", "Bearer " + options_.token.reveal()}};
  call.timeout = options_.read_timeout;
  return call;
}

boost::asio::awaitable<Result<HttpResponse>> Client::send(HttpCall call) {
  Result<HttpResponse> answer = co_await http_.send(std::move(call));
  metrics_.count(Counter::generator_requests, result_label(answer));
  if (answer && (answer->status == 401 || answer->status == 403)) {
    metrics_.count(Counter::setup_faults, "generator_token");
  }
  co_return answer;
}

std::string_view aspect_ratio(std::int64_t width, std::int64_t height) {
  if (width == height) return "1:1";
  return width > height ? "16:9" : "9:16";
}

std::string submit_body(const Job& job) {
  const boost::json::value body = {
      {"config",
       {{"prompt", job.prompt},
        // The members that every known client sends, also those without a value.
        {"negative_prompt", ""},
        {"width", job.width},
        {"height", job.height},
        {"aspect_ratio", std::string(aspect_ratio(job.width, job.height))},
        {"duration", seconds(job.duration_s)},
        {"seed", job.seed},
        {"generation_config_name", job.model},
        {"references", boost::json::array()}}}};
  return boost::json::serialize(body);
}

boost::asio::awaitable<SubmitAnswer> Client::submit(Job job) {
  HttpCall request = call("POST", std::string(path_prefix) + "/generate-video");
  request.headers.push_back({"content-type", "application/json"});
  request.body = submit_body(job);
  request.timeout = options_.submit_timeout;
  // A second copy would be a second paid job: the generator knows no idempotency key.
  request.send_once = true;
  const Result<HttpResponse> answer = co_await send(std::move(request));
  SubmitAnswer told = read_submit(answer);
  // A foreign answer leaves it open whether ours arrived, so the unit is looked up.
  if (told.result == SubmitResult::accepted && !is_about(answer, "", job.seed)) {
    co_return SubmitAnswer{.reason = "the generator answered about another submit"};
  }
  co_return told;
}

boost::asio::awaitable<LookUpAnswer> Client::look_up(Job job) {
  std::vector<std::string> found;  // a list that grows while it is read shows a file twice
  std::size_t offset = 0;
  bool complete = false;
  // Bounded: a look-up that does not reach the order's time ends as unclear.
  for (std::size_t page = 0; page < list_pages_max && !complete; ++page) {
    const std::string path =
        fmt::format("{}?types=video&order_by=created_at&order=descendent&limit={}&offset={}",
                    path_prefix, list_page, offset);
    HttpCall request = call("GET", path);
    const Result<HttpResponse> answer = co_await send(std::move(request));
    const ListPage listed = read_list(answer, job, offset);
    // After a gap nobody can say `none`, and `none` leads to another paid job.
    if (!listed.readable) co_return LookUpAnswer{};
    for (const std::string& id : listed.matches) {
      if (std::ranges::find(found, id) == found.end()) found.push_back(id);
    }
    offset += listed.files;
    complete = listed.last;
  }
  // Not found is an answer only if the list was read back to the time of the order.
  if (found.empty()) {
    co_return LookUpAnswer{.result = complete ? LookUpResult::none : LookUpResult::unclear};
  }
  co_return LookUpAnswer{
      .result = LookUpResult::found, .job = found.back(), .extras = found.size() - 1};
}

boost::asio::awaitable<PollAnswer> Client::poll(std::string job_id, std::int64_t seed) {
  HttpCall request = call("GET", fmt::format("{}/{}", path_prefix, url_encode(job_id)));
  const Result<HttpResponse> answer = co_await send(std::move(request));
  if (!is_about(answer, job_id, seed)) co_return PollAnswer();
  co_return read_poll(answer);
}

boost::asio::awaitable<bool> Client::lacks_video(std::string url) {
  HttpCall request;
  // The address comes from a peer: it must not make this process call machines in its own network.
  request.public_only = !url.starts_with(options_.url + "/");
  request.url = std::move(url);
  request.headers = {{"range", "bytes=0-0"}};  // many signed addresses know no HEAD
  request.timeout = video_timeout;
  request.answer_bytes_max = video_bytes_max;
  // Without the token: the address may be any host. It is not counted as a call to the generator
  // either.
  const Result<HttpResponse> answer = co_await http_.send(std::move(request));
  co_return answer&& is_no_video(*answer);
}

boost::asio::awaitable<Result<std::string>> Client::file(std::string job_id) {
  HttpCall request = call("GET", fmt::format("{}/{}", path_prefix, url_encode(job_id)));
  const Result<HttpResponse> answer = co_await send(std::move(request));
  if (answer && answer->status == 404) co_return fail(Errc::not_found, "no such file");
  if (!answer || answer->status != 200) co_return fail(Errc::unavailable, "no answer");
  // Only known members go on: the rest may be about the generator's account.
  std::string text = public_file(*answer);
  if (text.empty()) co_return fail(Errc::unavailable, "unreadable answer");
  co_return text;
}

}  // namespace claimcheck::superduperai
