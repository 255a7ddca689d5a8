#include "api/answers.hpp"

#include "api/answer_types.hpp"

namespace claimcheck {

namespace {

// With those that the router adds.
constexpr std::size_t headers_usual = 6;

int status_of(RefusalKind kind) {
  switch (kind) {
    case RefusalKind::invalid: return 400;
    case RefusalKind::unknown: return 404;
    case RefusalKind::conflict: return 409;
    case RefusalKind::limited: return 429;
    // 502 is a failure of Stripe. 503 is ours, or a moment's crowd, and a client may simply try
    // again.
    case RefusalKind::stripe_unavailable: return 502;
    case RefusalKind::stripe_busy:
    case RefusalKind::store_unavailable:
    case RefusalKind::screening_unavailable: return 503;
    // No retry helps here, so it must not look like a moment's failure.
    case RefusalKind::unreadable: return 500;
  }
  return 500;
}

// Rounded up: a client that returns a moment too early is refused again.
void ask_to_wait(HttpResponse& response, Duration wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  response.headers.push_back({"retry-after", std::to_string(seconds)});
}

}  // namespace

bool has_tagged(const HttpRequest& request, std::string_view tag) {
  const std::string known = joined_headers(request.headers, "if-none-match");
  std::string_view rest = known;
  while (!rest.empty()) {
    std::string_view one = next_of(rest, ',');
    // A proxy that compresses makes it a weak one.
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag) return true;
  }
  return false;
}

HttpResponse json_response(int status, std::string body) {
  HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.reserve(headers_usual);
  response.headers.push_back({"content-type", "application/json; charset=utf-8"});
  return response;
}

HttpResponse error_response(int status, std::string_view message, std::string_view code,
                            std::string_view param) {
  ErrorAnswer answer{.error = std::string(message), .code = std::string(code), .param = {}};
  // Absent and not empty: callers test whether the member exists.
  if (!param.empty()) answer.param = param;
  return json_response(status, answer);
}

HttpResponse too_often_response(std::string_view message, Duration wait) {
  HttpResponse response = error_response(429, message, "rate_limited");
  ask_to_wait(response, wait);
  return response;
}

HttpResponse no_session_id_response() {
  return error_response(400, "this is not a session id", "invalid_session_id");
}

HttpResponse refusal_response(const Refusal& refusal) {
  HttpResponse response =
      error_response(status_of(refusal.kind), refusal.message, refusal.code, refusal.param);
  if (refusal.retry_after > Duration(0)) ask_to_wait(response, refusal.retry_after);
  return response;
}

HttpResponse store_error_response(const Error& error) {
  if (error.code == Errc::not_found) return error_response(404, "no such order", "not_found");
  // A retry does not help here, so it is no 503: a client would retry for ever.
  if (error.code == Errc::unreadable) {
    return error_response(500, "this order's data cannot be read; a person must look at it",
                          "unreadable");
  }
  HttpResponse response =
      error_response(503, "the order store does not answer; try again", "store_unavailable");
  ask_to_wait(response, std::chrono::seconds(2));
  return response;
}

}  // namespace claimcheck
