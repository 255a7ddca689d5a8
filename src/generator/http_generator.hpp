// The generator of kind `http`: any provider that takes a job by POST with a JSON body, names it,
// and tells its state by GET; a shop's own GPU server, or a provider without an adapter of its own.
// The configuration says how (HttpGeneratorOptions; docs/generators/http.md), and
// check_http_options() what of that is wrong. Holds configuration, and which unknown state words it
// has logged.
#pragma once

#include "base/metrics.hpp"
#include "generator/calls.hpp"
#include "generator/generator.hpp"
#include "generator/options.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// What is wrong in a description, a line for each: "poll_path: {job} is missing". Empty = it can be
// used. `models`: their inputs, laid over the body, must not take from it what a submit needs.
std::vector<std::string> check_http_options(const HttpGeneratorOptions& options,
                                            const std::vector<ModelOptions>& models = {});

namespace http_generator {

class Client : public Generator {
 public:
  Client(HttpClient& http, Metrics& metrics, const Clock& clock, GeneratorOptions options);

  const GeneratorAbilities& abilities() const override { return abilities_; }
  boost::asio::awaitable<SubmitAnswer> submit(GenerationJob job) override;
  // By `look_up_path`, or by the submit once more where that is safe.
  boost::asio::awaitable<LookUpAnswer> look_up(GenerationJob job) override;
  boost::asio::awaitable<PollAnswer> poll(JobHandle handle) override;
  boost::asio::awaitable<Result<void>> cancel(JobHandle handle) override;
  // Signed as standard_webhooks.hpp says.
  boost::asio::awaitable<Result<std::string>> read_callback(const HttpRequest& request) override;
  // The description names no such calls: it does not say.
  boost::asio::awaitable<Result<std::optional<double>>> balance() override;
  boost::asio::awaitable<Result<std::optional<bool>>> has_model(std::string model) override;
  HttpHeaders headers_for(std::string_view url) const override;

 private:
  boost::asio::awaitable<Result<HttpResponse>> send_submit(const GenerationJob& job) const;
  boost::asio::awaitable<LookUpAnswer> repeat(GenerationJob job) const;
  HttpCall call(std::string method, std::string path) const;
  void log_unknown_state(std::string_view word);

  GeneratorOptions options_;
  ProviderCalls calls_;
  const Clock& clock_;
  GeneratorAbilities abilities_;
  std::set<std::string, std::less<>> unknown_states_;  // that were logged
};

// The pattern of a submit's body: `input` of the model (null = it is not described) laid over it,
// and without a callback also without the members that hold its address.
boost::json::object body_pattern(const HttpGeneratorOptions& options, const ModelOptions* model,
                                 bool with_callback);
// The body of a submit, exposed for tests.
boost::json::object submit_body(const GenerationJob& job, const GeneratorOptions& options);

}  // namespace http_generator
}  // namespace claimcheck
