// OpenRouter: video jobs of many makers' models behind one account. A job's handle is its id. There
// is no key by which a lost submit could be found, and no documented way to cancel. A finished job
// tells what it cost. Callbacks are signed with a secret of the workspace. It makes videos only.
// Holds only configuration.
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

namespace claimcheck::openrouter {

class Client : public Generator {
 public:
  Client(HttpClient& http, Metrics& metrics, const Clock& clock, GeneratorOptions options);

  const GeneratorAbilities& abilities() const override { return abilities_; }
  boost::asio::awaitable<SubmitAnswer> submit(GenerationJob job) override;
  boost::asio::awaitable<LookUpAnswer> look_up(GenerationJob job) override;  // always unclear
  boost::asio::awaitable<PollAnswer> poll(JobHandle handle) override;
  boost::asio::awaitable<Result<void>> cancel(JobHandle handle) override;
  boost::asio::awaitable<Result<std::string>> read_callback(const HttpRequest& request) override;
  // In US dollars: what is left of the key's own limit; without one, of the account's credit, if
  // the key may see that.
  boost::asio::awaitable<Result<std::optional<double>>> balance() override;
  boost::asio::awaitable<Result<std::optional<bool>>> has_model(std::string model) override;
  HttpHeaders headers_for(std::string_view url) const override { return calls_.headers_for(url); }

 private:
  GeneratorOptions options_;
  ProviderCalls calls_;
  const Clock& clock_;
  GeneratorAbilities abilities_;
};

// The readings of single answers, exposed for tests.
boost::json::value submit_body(const GenerationJob& job, const GeneratorOptions& options);
SubmitAnswer read_submit(const Result<HttpResponse>& answer);
// `url`: the configured address; an address in the answer may be a path below it.
PollAnswer read_poll(const Result<HttpResponse>& answer, std::string_view job,
                     std::string_view url);

// Is there a secret that is long enough, or several with commas between them?
bool can_verify(const Secret& secret);
// The header x-openrouter-signature is "t=<seconds>,v1=<hex>", with an HMAC-SHA256 of
// "<seconds>,<body>". Strict: the header once, every v1 under every secret, within five minutes of
// `now`. Errors: forbidden, unavailable (no usable secret).
Result<void> check_signature(const HttpRequest& request, const Secret& secret, Time now);

}  // namespace claimcheck::openrouter
