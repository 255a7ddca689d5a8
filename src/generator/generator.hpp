// Generator: one account at a provider of generations. It submits a job, finds one whose answer was
// lost, polls it, and translates the provider's words into ours. What a provider cannot do is an
// ability that it lacks, and the order machine decides on that. An answer that cannot be read is
// `unclear` and never an error. Credentials are sent only to the configured host, whatever address
// an answer names. Bodies of answers are never shown or logged. Implementations hold configuration
// and no orders; Generators (generators.hpp) owns them.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "domain/failure.hpp"
#include "domain/media.hpp"
#include "domain/observation.hpp"
#include "domain/provider_cost.hpp"
#include "net/http/http.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

struct GenerationJob {
  std::string prompt;  // empty in a look-up = it is lost, and is not compared
  std::string model;
  MediaKind media = MediaKind::video;
  std::int64_t seed = 0;  // of this submit alone, 31 bits
  std::string key;        // likewise, a text: 32 hex characters
  std::int64_t width = 0;
  std::int64_t height = 0;
  double duration_s = 0;
  Time ordered{};            // for a look-up: no older job can be this one
  std::string callback_url;  // where the provider may tell of the end; empty = it is only polled
};

struct SubmitAnswer {
  SubmitResult result = SubmitResult::unclear;  // never `taken`: only the caller can know that
  std::string job;                              // the handle, at most handle_bytes_max
  std::string reason;                           // for the operator
  Duration retry_after{0};                      // of refused: as it asks; zero = it does not
  Failure failure = Failure::none;              // of rejected, refused
};

struct LookUpAnswer {
  LookUpResult result = LookUpResult::unclear;
  std::string job;         // the oldest one found
  std::size_t extras = 0;  // further jobs of the same submit: each was paid for
};

// A job as its submit or look-up named it. `seed` 0 = it was not submitted here.
struct JobHandle {
  std::string job;
  std::int64_t seed = 0;
};

struct PollAnswer {
  PollResult result = PollResult::unclear;
  std::string url;
  std::string thumbnail_url;
  std::string content_type;          // as the provider says; empty = it does not
  bool needs_key = false;            // the address opens with our key only
  std::optional<Time> expires;       // of the address
  Failure failure = Failure::none;   // of failed
  std::string reason;                // for the operator, at most reason_bytes_max
  std::optional<ProviderCost> cost;  // of this job, as the provider says
};

struct GeneratorAbilities {
  bool looks_up = false;                        // a submit without an answer can be found again
  bool cancels = false;                         // a job that was not started yet, at least
  bool calls_back = false;                      // it takes a callback_url
  Duration poll_min = std::chrono::seconds(1);  // it must not be asked more often about one job
};

inline constexpr std::size_t handle_bytes_max = 512;
inline constexpr std::size_t reason_bytes_max = 200;

class Generator {
 public:
  virtual ~Generator() = default;

  virtual const GeneratorAbilities& abilities() const = 0;

  // One request, never repeated here: a lost answer is `unclear`.
  virtual boost::asio::awaitable<SubmitAnswer> submit(GenerationJob job) = 0;
  // `none` only if the provider would show the job. Called only where it looks up.
  virtual boost::asio::awaitable<LookUpAnswer> look_up(GenerationJob job) = 0;
  // An answer about another job is unclear, and is logged.
  virtual boost::asio::awaitable<PollAnswer> poll(JobHandle handle) = 0;
  // Asks for the end of a job; it may end as made all the same. Called only where it cancels.
  // Errors: unavailable.
  virtual boost::asio::awaitable<Result<void>> cancel(JobHandle handle) = 0;
  // The handle that a callback is about: a hint, a poll decides. Called only where it calls back.
  // Errors: forbidden (its signature is wrong), invalid, unavailable (no key to verify it with).
  virtual boost::asio::awaitable<Result<std::string>> read_callback(const HttpRequest& request) = 0;
  // What is left on the account; nothing = the provider does not say. Errors: forbidden (it refuses
  // the key), unavailable.
  virtual boost::asio::awaitable<Result<std::optional<double>>> balance() = 0;
  // Is the model still offered? Nothing = the provider does not say. Errors: as above.
  virtual boost::asio::awaitable<Result<std::optional<bool>>> has_model(std::string model) = 0;
  // What a download of this address must carry: our key, but only to the configured host.
  virtual HttpHeaders headers_for(std::string_view url) const = 0;
};

}  // namespace claimcheck
