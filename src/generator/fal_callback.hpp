// CallbackKeys: verifies the callbacks of fal. They are signed with Ed25519 over four lines: the
// headers for request, user and time, and the digest of the body. fal publishes its keys; they are
// kept for a day at most, and read again when a signature fits none of them, since fal may have
// changed them. Nobody can make this process ask for them more often than once a minute.
// Owned by the adapter.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "net/http/http.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck::fal {

inline constexpr std::string_view default_keys_url = "https://rest.fal.ai/.well-known/jwks.json";
inline constexpr Duration keys_kept = std::chrono::hours(24);
inline constexpr Duration keys_asked_min = std::chrono::minutes(1);
inline constexpr Duration callback_age_max = std::chrono::minutes(5);  // in both directions
inline constexpr std::size_t keys_max = 16;

class CallbackKeys {
 public:
  // An empty `url` is fal's own.
  CallbackKeys(HttpClient& http, const Clock& clock, std::string url);

  // Errors: forbidden (no signature of fal's for this body, or not of this time), unavailable (the
  // keys could not be read).
  boost::asio::awaitable<Result<void>> check(const HttpRequest& request);

 private:
  boost::asio::awaitable<void> read_keys();
  bool verifies(std::string_view message, std::string_view signature) const;

  HttpClient& http_;
  const Clock& clock_;
  std::string url_;
  std::vector<std::string> keys_;
  std::optional<Duration> read_at_;   // steady
  std::optional<Duration> asked_at_;  // steady
};

// The keys of the set, as bytes; those of other kinds are left out.
std::vector<std::string> read_key_set(std::string_view text);

}  // namespace claimcheck::fal
