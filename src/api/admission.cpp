#include "api/admission.hpp"

#include "api/answers.hpp"

namespace claimcheck {

namespace {

HttpResponse operator_routes_off() {
  return error_response(404, "operator routes are off: CLAIMCHECK_ADMIN_TOKEN is not set",
                        "operator_routes_off");
}

bool only_reads(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

}  // namespace

Admission::Admission(Clock& clock, const Clients& clients, AdmissionOptions options)
    : clock_(clock),
      clients_(clients),
      store_is_safe_(std::move(options.store_is_safe)),
      sign_in_(options.admin_token, std::move(options.public_url)),
      status_rate_limit_(options.status_requests),
      wrong_tokens_(options.wrong_tokens) {}

Admission::Admitted Admission::admit(const HttpRequest& request, const Rules& rules) {
  switch (rules.access) {
    case Access::operator_only:
      if (Admitted is_operator = admit_operator(request); !is_operator) return is_operator;
      break;
    // Without a token there is nothing to sign in with.
    case Access::operator_login:
      if (sign_in_.off()) return std::unexpected(operator_routes_off());
      break;
    case Access::anyone: break;
  }
  switch (rules.limit) {
    case Limit::status_requests:
      if (Admitted in_time = limit_status_requests(request); !in_time) return in_time;
      break;
    case Limit::token_guesses:
      if (Admitted in_time = limit_token_guesses(request); !in_time) return in_time;
      break;
    case Limit::none: break;
  }
  // Last, since it is a fact about us: only a caller that is let in may learn it.
  if (rules.when == When::store_is_safe && store_is_safe_ && !store_is_safe_()) {
    return std::unexpected(
        error_response(503, "nothing new can be kept safely now", "store_unsafe"));
  }
  return {};
}

// A browser sends a cookie by itself, also for a page of another site; it never sends a bearer so.
// A request with a cookie must prove that our own page made it, or any page could spend our money.
Admission::Admitted Admission::admit_operator(const HttpRequest& request) {
  if (sign_in_.off()) return std::unexpected(operator_routes_off());
  if (sign_in_.has_cookie(request, clock_.now())) {
    // Reading is safe: the other site's page cannot see the answer.
    if (only_reads(request) || sign_in_.from_our_page(request)) return {};
    return std::unexpected(error_response(
        403, "only the operator's own page may change something with its cookie", "foreign_page"));
  }
  // The limit comes before the comparison. When the guesses are used up, a right token waits as
  // well: otherwise the answer would reveal that it is right.
  const bool shown = find_header(request.headers, "authorization") != nullptr;
  if (shown) {
    if (Admitted in_time = limit_token_guesses(request); !in_time) return in_time;
  }
  if (sign_in_.has_bearer(request)) return {};
  // A request without any token is no guess, so it does not count.
  if (shown) count_wrong_token(request);
  HttpResponse response =
      error_response(401, "this needs the operator's bearer token", "unauthorized");
  response.headers.push_back({"www-authenticate", "Bearer"});
  return std::unexpected(std::move(response));
}

Admission::Admitted Admission::limit_status_requests(const HttpRequest& request) {
  const Duration wait = status_rate_limit_.take(clients_.client_of(request), 1, clock_.steady());
  if (wait == Duration(0)) return {};
  return std::unexpected(
      too_often_response("too many questions from this address; wait and try again", wait));
}

// Only reads the bucket: a token is taken from it for each wrong operator's token.
Admission::Admitted Admission::limit_token_guesses(const HttpRequest& request) const {
  const Duration wait = wrong_tokens_.wait(clients_.client_of(request), 1, clock_.steady());
  if (wait == Duration(0)) return {};
  return std::unexpected(
      too_often_response("too many wrong tokens from this address; wait and try again", wait));
}

void Admission::count_wrong_token(const HttpRequest& request) {
  wrong_tokens_.take(clients_.client_of(request), 1, clock_.steady());
}

}  // namespace claimcheck
