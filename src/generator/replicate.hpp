// Replicate: predictions of a model, "owner/name", or of one version of it, "owner/name:version".
// A job's handle is the id of its prediction. There is no idempotency key and no search by one, so
// a submit whose answer was lost cannot be found again. What a prediction made is deleted an hour
// after its end. Callbacks are signed by the Standard Webhooks. Holds only configuration.
#pragma once

#include "base/metrics.hpp"
#include "generator/calls.hpp"
#include "generator/generator.hpp"
#include "generator/options.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace claimcheck::replicate {

inline constexpr Duration result_kept = std::chrono::hours(1);  // from the end of a prediction on

class Client : public Generator {
 public:
  Client(HttpClient& http, Metrics& metrics, const Clock& clock, GeneratorOptions options);

  const GeneratorAbilities& abilities() const override { return abilities_; }
  boost::asio::awaitable<SubmitAnswer> submit(GenerationJob job) override;
  boost::asio::awaitable<LookUpAnswer> look_up(GenerationJob job) override;  // always unclear
  boost::asio::awaitable<PollAnswer> poll(JobHandle handle) override;
  boost::asio::awaitable<Result<void>> cancel(JobHandle handle) override;
  boost::asio::awaitable<Result<std::string>> read_callback(const HttpRequest& request) override;
  // The API does not tell it.
  boost::asio::awaitable<Result<std::optional<double>>> balance() override;
  boost::asio::awaitable<Result<std::optional<bool>>> has_model(std::string model) override;
  HttpHeaders headers_for(std::string_view url) const override { return calls_.headers_for(url); }

 private:
  GeneratorOptions options_;
  ProviderCalls calls_;
  const Clock& clock_;
  GeneratorAbilities abilities_;
};

struct ModelName {
  std::string owner;
  std::string name;
  std::string version;  // empty = its newest
};
// Nothing = it is no name of a model there.
std::optional<ModelName> model_name(std::string_view text);

// The readings of single answers, exposed for tests.
boost::json::value submit_body(const GenerationJob& job, const GeneratorOptions& options);
SubmitAnswer read_submit(const Result<HttpResponse>& answer);
PollAnswer read_poll(const Result<HttpResponse>& answer, std::string_view job);

}  // namespace claimcheck::replicate
