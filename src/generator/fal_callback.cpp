#include "generator/fal_callback.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/version.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace claimcheck::fal {

namespace {

constexpr Duration keys_timeout = std::chrono::seconds(5);
constexpr std::size_t keys_bytes_max = 64 * 1024;

// The only value of the header, or nothing: two could be read in two ways.
std::optional<std::string> one_header(const HttpRequest& request, std::string_view name) {
  if (count_headers(request.headers, name) != 1) return std::nullopt;
  return *find_header(request.headers, name);
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string plain(text);
  std::ranges::replace(plain, '-', '+');
  std::ranges::replace(plain, '_', '/');
  plain.append((4 - plain.size() % 4) % 4, '=');
  return from_base64(plain);
}

std::optional<Time> time_of(std::string_view text) {
  std::int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  // The limit is far away, and keeps the sum below from overflowing.
  constexpr std::int64_t seconds_max = 100'000'000'000;
  if (error != std::errc() || stop != end || seconds < 0 || seconds > seconds_max) {
    return std::nullopt;
  }
  return from_unix_s(seconds);
}

}  // namespace

std::vector<std::string> read_key_set(std::string_view text) {
  const Result<boost::json::value> body = json::parse(text);
  const boost::json::value* all = body ? json::find(*body, "keys") : nullptr;
  std::vector<std::string> keys;
  if (all == nullptr || !all->is_array()) return keys;
  for (const boost::json::value& each : all->get_array()) {
    const std::string_view curve = json::text_at(each, "crv");
    const std::optional<std::string> key = from_base64url(json::text_at(each, "x"));
    const bool usable = key && key->size() == 32 && (curve.empty() || curve == "Ed25519");
    if (usable && keys.size() < keys_max) keys.push_back(*key);
  }
  return keys;
}

CallbackKeys::CallbackKeys(HttpClient& http, const Clock& clock, std::string url)
    : http_(http), clock_(clock), url_(url.empty() ? default_keys_url : std::move(url)) {}

boost::asio::awaitable<Result<void>> CallbackKeys::check(const HttpRequest& request) {
  const auto id = one_header(request, "x-fal-webhook-request-id");
  const auto user = one_header(request, "x-fal-webhook-user-id");
  const auto timestamp = one_header(request, "x-fal-webhook-timestamp");
  const auto told = one_header(request, "x-fal-webhook-signature");
  if (!id || !user || !timestamp || !told) {
    co_return fail(Errc::forbidden, "the callback is not signed");
  }
  const std::optional<Time> sent = time_of(*timestamp);
  const std::optional<std::string> signature = from_hex(*told);
  // Before the keys are asked for: it costs nothing.
  if (!sent || !signature || std::chrono::abs(clock_.now() - *sent) > callback_age_max) {
    co_return fail(Errc::forbidden, "the callback is not of this time, or not signed as fal does");
  }
  const std::string message =
      fmt::format("{}\n{}\n{}\n{}", *id, *user, *timestamp, sha256_hex(request.body));
  const bool fresh = read_at_ && clock_.steady() - *read_at_ < keys_kept;
  if (!fresh) {
    keys_.clear();
    co_await read_keys();
  }
  if (verifies(message, *signature)) co_return Result<void>();
  if (fresh) co_await read_keys();
  if (verifies(message, *signature)) co_return Result<void>();
  if (keys_.empty()) co_return fail(Errc::unavailable, "fal's keys could not be read");
  co_return fail(Errc::forbidden, "no key of fal's has signed the callback");
}

bool CallbackKeys::verifies(std::string_view message, std::string_view signature) const {
  return std::ranges::any_of(
      keys_, [&](const std::string& key) { return ed25519_verifies(key, message, signature); });
}

boost::asio::awaitable<void> CallbackKeys::read_keys() {
  const Duration now = clock_.steady();
  if (asked_at_ && now - *asked_at_ < keys_asked_min) co_return;
  asked_at_ = now;
  HttpCall call;
  call.url = url_;
  call.headers = {{"accept", "application/json"}, {"user-agent", std::string(user_agent)}};
  call.timeout = keys_timeout;
  call.answer_bytes_max = keys_bytes_max;
  const Result<HttpResponse> answer = co_await http_.send(std::move(call));
  if (!answer || answer->status != 200) co_return;
  std::vector<std::string> keys = read_key_set(answer->body);
  if (keys.empty()) co_return;  // the old ones stay
  keys_ = std::move(keys);
  read_at_ = clock_.steady();
}

}  // namespace claimcheck::fal
