// SuperDuperAi: the video generator. Submit a job, look for one whose answer was lost, poll one.
// The API has no idempotency key, no failure reason and no status word: a file with a `url` is
// ready, a task with status `error` is failed, everything else is running. An own unique `seed` is
// echoed in the list of files and is the only way to find a job again, so a caller stores it
// before it submits. Answer bodies are never shown or logged. Holds configuration
// alone.
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
  std::string prompt;  // of a look-up: empty = it is lost, and the seed alone must do
  std::string model;
  std::int64_t seed = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
  double duration_s = 0;
  Time ordered{};  // for a look-up: nothing older can be it
};

// "16:9", "9:16" or "1:1", by which side is longer.
std::string_view aspect_ratio(std::int64_t width, std::int64_t height);

inline constexpr std::size_t list_page = 50;
inline constexpr std::size_t list_pages_max = 40;

// Letters, digits, "-" and "_", at most 128: it goes into keys, paths and pages. An answer
// with another one names no job.
bool is_job_id(std::string_view text);

struct SubmitAnswer {
  SubmitResult result = SubmitResult::unclear;  // never `taken`: that is for the caller to find out
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

  boost::asio::awaitable<SubmitAnswer> submit(Job job);
  // Searches the newest files, down to those made before the order, for seed, prompt and model.
  // A list that was not read so far, or ends too early, is unclear: never `none`.
  boost::asio::awaitable<LookUpAnswer> look_up(Job job);
  // An answer about another job is unclear, and told of. `seed` 0 = it was not submitted by us.
  boost::asio::awaitable<PollAnswer> poll(std::string job_id, std::int64_t seed);
  // Does the address of a video answer, and with no video? Silence is no such answer, nor is a
  // redirect. An address in a private network is asked only if it is the generator's own.
  boost::asio::awaitable<bool> lacks_video(std::string url);
  // What a status page may see of a file, as JSON text (members of the original's page only).
  // Errors: not_found, unavailable.
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
// Is the file in the answer that job, or that submit, as far as it tells? If not, that is told of.
bool is_about(const Result<HttpResponse>& answer, std::string_view job_id, std::int64_t seed);
bool is_no_video(const HttpResponse& answer);
std::string public_file(const HttpResponse& answer);

}  // namespace claimcheck::superduperai
