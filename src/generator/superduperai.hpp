// SuperDuperAi: the video generator. Submit a job, look up one whose answer was lost, poll one. The
// API has no idempotency key, no reason of a failure and no status word. A file with a `url` is
// ready, a task with status `error` has failed, everything else is running. The list of files
// repeats our own unique `seed`. That is the only way to find a job again, so a caller stores the
// seed before it submits. Bodies of answers are never shown or logged. Holds only configuration.
#pragma once

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/secret.hpp"
#include "domain/order_machine.hpp"
#include "net/http/http.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace claimcheck::superduperai {

inline constexpr std::string_view text_to_video_model = "google-cloud/veo3-text2video";

struct Options {
  std::string url = "https://editor.superduperai.co";
  Secret token;
  Duration submit_timeout = std::chrono::seconds(15);
  Duration read_timeout = std::chrono::seconds(15);
};

struct Job {
  std::string prompt;  // empty in a look-up = it is lost, and only the seed is compared
  std::string model;
  std::int64_t seed = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
  double duration_s = 0;
  Time ordered{};  // for a look-up: no older file can be this job
};

// "16:9", "9:16" or "1:1", by which side is longer.
std::string_view aspect_ratio(std::int64_t width, std::int64_t height);

inline constexpr std::size_t list_page = 50;
inline constexpr std::size_t list_pages_max = 40;

// Letters, digits, "-" and "_", at most 128: an id becomes part of keys, paths and pages. Any other
// text names no job.
bool is_job_id(std::string_view text);

struct SubmitAnswer {
  SubmitResult result = SubmitResult::unclear;  // never `taken`: only the caller can know that
  std::string job;
  std::string reason;       // for the operator
  Duration retry_after{0};  // of refused: as the generator asks; zero = it does not
};

struct LookUpAnswer {
  LookUpResult result = LookUpResult::unclear;
  std::string job;         // the oldest one found
  std::size_t extras = 0;  // further jobs with the same fingerprint: each was paid for
};

struct PollAnswer {
  PollResult result = PollResult::unclear;
  std::string url;
  std::string thumbnail_url;
};

class Client {
 public:
  Client(HttpClient& http, Metrics& metrics, Options options);

  // One request, never repeated here: a lost answer is `unclear`, and then only look_up() shows
  // whether it arrived.
  boost::asio::awaitable<SubmitAnswer> submit(Job job);
  // Searches the newest files, back to the time of the order, for seed, prompt and model. If the
  // list was not read that far, or ends too early, the result is unclear and never `none`.
  boost::asio::awaitable<LookUpAnswer> look_up(Job job);
  // An answer about another job is unclear, and is logged. `seed` 0 = we did not submit it.
  boost::asio::awaitable<PollAnswer> poll(std::string job_id, std::int64_t seed);
  // Did the address of a video answer without a video? Silence is no such answer, nor is a
  // redirect. An address in a private network is called only if it is the generator's own.
  boost::asio::awaitable<bool> lacks_video(std::string url);
  // The members of a file that a status page may see, as JSON text (those of the replaced system's
  // page).
  boost::asio::awaitable<Result<std::string>> file(std::string job_id);

 private:
  HttpCall call(std::string method, const std::string& path) const;
  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call);

  HttpClient& http_;
  Metrics& metrics_;
  Options options_;
};

// The readings of single answers, exposed for tests against recorded samples.
std::string submit_body(const Job& job);
SubmitAnswer read_submit(const Result<HttpResponse>& answer);
PollAnswer read_poll(const Result<HttpResponse>& answer);
// Is the answer about this job, or this submit, as far as it says? If not, that is logged.
bool is_about(const Result<HttpResponse>& answer, std::string_view job_id, std::int64_t seed);
bool is_no_video(const HttpResponse& answer);
std::string public_file(const HttpResponse& answer);

}  // namespace claimcheck::superduperai
