#include "stripe/pacing.hpp"

#include "base/json.hpp"

#include <algorithm>

namespace claimcheck::stripe {

Duration patience_of(Priority priority) {
  switch (priority) {
    // A buyer waits for a checkout; for all other calls nobody waits at a page.
    case Priority::checkout: return std::chrono::seconds(8);
    case Priority::payment: return std::chrono::seconds(10);
    case Priority::lookup: return std::chrono::seconds(20);
    case Priority::audit: return std::chrono::minutes(1);
  }
  return Duration(0);
}

std::string limit_of(std::string_view path, std::optional<bool> livemode) {
  // Without a known mode the stricter of the two limits.
  if (!livemode.value_or(false)) return "test";
  constexpr std::string_view version = "/v1/";
  if (path.starts_with(version)) path.remove_prefix(version.size());
  return "live:" + std::string(path.substr(0, path.find_first_of("/?")));
}

bool is_too_often(const HttpResponse& answer) {
  if (answer.status != 429) return false;
  const std::string* reason = find_header(answer.headers, "stripe-rate-limited-reason");
  if (reason != nullptr) return *reason != "resource-specific";
  const Result<boost::json::value> body = json::parse(answer.body);
  const boost::json::value* error = body ? json::find(*body, "error") : nullptr;
  return error == nullptr || json::text_at(*error, "code") != "lock_timeout";
}

}  // namespace claimcheck::stripe
