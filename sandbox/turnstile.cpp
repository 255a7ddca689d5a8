#include "sandbox/turnstile.hpp"

#include <fmt/format.h>

namespace claimcheck::sandbox {

namespace {

HttpResponse json_answer(int status, std::string body) {
  return {status, {{"content-type", "application/json"}}, std::move(body)};
}

HttpResponse refused(std::string_view code) {
  // 200 for a wrong token as well: only the secret gives another status.
  const int status = code.ends_with("-secret") ? 400 : 200;
  return json_answer(
      status, fmt::format(R"({{"success":false,"error-codes":["{}"],"messages":[]}})", code));
}

}  // namespace

HttpResponse Turnstile::answer(const HttpRequest& request) {
  if (request.method != "POST")
    return json_answer(405, R"({"success":false,"error-codes":["bad-request"]})");
  const auto secret = form_value(request.body, "secret");
  if (!secret) return refused("missing-input-secret");
  if (*secret != turnstile_secret) return refused("invalid-input-secret");
  const std::string token = form_value(request.body, "response").value_or("");
  if (token.empty()) return refused("missing-input-response");
  if (!token.starts_with(turnstile_token_prefix)) return refused("invalid-input-response");
  if (!spent_.insert(token).second) return refused("timeout-or-duplicate");
  return json_answer(
      200, R"({"success":true,"error-codes":[],"challenge_ts":"2026-01-01T00:00:00.000Z",)"
           R"("hostname":"localhost","action":"","cdata":""})");
}

}  // namespace claimcheck::sandbox
