// fal.ai: jobs in its queue. A job is followed at the addresses that its submit named; the handle
// holds their paths, and they are called at the configured host only. There is no idempotency key
// and no search, so a submit whose answer was lost cannot be found again. A job has one end,
// COMPLETED, for success and failure alike: its result tells which. Callbacks are signed with
// Ed25519 (fal_callback.hpp). Holds configuration and fal's public keys, and no orders.
#pragma once

#include "base/metrics.hpp"
#include "generator/calls.hpp"
#include "generator/fal_callback.hpp"
#include "generator/generator.hpp"
#include "generator/options.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>

namespace claimcheck::fal {

inline constexpr std::string_view default_url = "https://queue.fal.run";

class Client : public Generator {
 public:
  Client(HttpClient& http, Metrics& metrics, const Clock& clock, GeneratorOptions options);

  const GeneratorAbilities& abilities() const override { return abilities_; }
  boost::asio::awaitable<SubmitAnswer> submit(GenerationJob job) override;
  boost::asio::awaitable<LookUpAnswer> look_up(GenerationJob job) override;  // always unclear
  // Two requests when the job has ended: its state, and its result.
  boost::asio::awaitable<PollAnswer> poll(JobHandle handle) override;
  boost::asio::awaitable<Result<void>> cancel(JobHandle handle) override;
  // A callback tells the id of its job alone. The rest of the handle follows from the model, which
  // our own callback address carries.
  boost::asio::awaitable<Result<std::string>> read_callback(const HttpRequest& request) override;
  // The queue tells neither.
  boost::asio::awaitable<Result<std::optional<double>>> balance() override;
  boost::asio::awaitable<Result<std::optional<bool>>> has_model(std::string model) override;
  HttpHeaders headers_for(std::string_view) const override { return {}; }  // its files are public

 private:
  GeneratorOptions options_;
  ProviderCalls calls_;
  CallbackKeys keys_;
  GeneratorAbilities abilities_;
};

}  // namespace claimcheck::fal
