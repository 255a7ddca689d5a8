// SuperDuperAI: the generator of the replaced system. Submit a job, look up one whose answer was
// lost, poll one. The API has no idempotency key, no reason of a failure and no status word. A file
// with a `url` is ready, a task with status `error` has failed, everything else is running. The
// list of files repeats our own unique `seed`. That is the only way to find a job again, so a
// caller stores the seed before it submits. Bodies of answers are never shown or logged. Holds only
// configuration.
#pragma once

#include "base/metrics.hpp"
#include "generator/calls.hpp"
#include "generator/generator.hpp"
#include "generator/options.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace claimcheck::superduperai {

inline constexpr std::string_view text_to_video_model = "google-cloud/veo3-text2video";

inline constexpr std::string_view default_url = "https://editor.superduperai.co";

inline constexpr std::size_t list_page = 50;
inline constexpr std::size_t list_pages_max = 40;

// Letters, digits, "-" and "_", at most 128: an id becomes part of keys, paths and pages. Any other
// text names no job.
bool is_job_id(std::string_view text);

class Client : public Generator {
 public:
  Client(HttpClient& http, Metrics& metrics, GeneratorOptions options);

  const GeneratorAbilities& abilities() const override { return abilities_; }
  boost::asio::awaitable<SubmitAnswer> submit(GenerationJob job) override;
  // Searches the newest files, back to the time of the order, for seed, prompt and model. If the
  // list was not read that far, or ends too early, the result is unclear and never `none`.
  boost::asio::awaitable<LookUpAnswer> look_up(GenerationJob job) override;
  boost::asio::awaitable<PollAnswer> poll(JobHandle handle) override;
  boost::asio::awaitable<Result<void>> cancel(JobHandle handle) override;
  boost::asio::awaitable<Result<std::string>> read_callback(const HttpRequest& request) override;
  boost::asio::awaitable<Result<std::optional<double>>> balance() override;
  boost::asio::awaitable<Result<std::optional<bool>>> has_model(std::string model) override;
  HttpHeaders headers_for(std::string_view) const override { return {}; }  // its files are public
  // The members of a file that a status page may see, as JSON text (those of the replaced system's
  // page).
  boost::asio::awaitable<Result<std::string>> file(std::string job_id);

 private:
  ProviderCalls calls_;
  GeneratorAbilities abilities_;
};

// The readings of single answers, exposed for tests against recorded samples.
boost::json::value submit_body(const GenerationJob& job);
SubmitAnswer read_submit(const Result<HttpResponse>& answer);
PollAnswer read_poll(const Result<HttpResponse>& answer);
// Is the answer about this job, or this submit, as far as it says? If not, that is logged.
bool is_about(const Result<HttpResponse>& answer, std::string_view job_id, std::int64_t seed);
std::string public_file(const HttpResponse& answer);

}  // namespace claimcheck::superduperai
