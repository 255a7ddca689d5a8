#include "api/admission.hpp"

#include "api/answers.hpp"

namespace claimcheck {

namespace {

HttpResponse operator_routes_off() {
  return error_response(404,
                        "operator routes are off: neither CLAIMCHECK_ADMIN_TOKEN nor "
                        "CLAIMCHECK_OPERATORS is set",
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
      sign_in_(std::move(options.operators), std::move(options.public_url)),
      status_rate_limit_(options.status_requests),
      wrong_tokens_(options.wrong_tokens) {}

std::expected<Caller, HttpResponse> Admission::admit(const HttpRequest& request,
                                                     const Rules& rules) {
  Caller caller;
  switch (rules.access) {
    case Access::acts:
    case Access::reads: {
      auto known = admit_operator(request, rules.access);
      if (!known) return known;
      caller = std::move(*known);
      break;
    }
    // Without a token there is nothing to sign in with.
    case Access::login:
      if (sign_in_.off()) return std::unexpected(operator_routes_off());
      break;
    case Access::anyone: break;
  }
  switch (rules.limit) {
    case Limit::status_requests:
      if (Admitted in_time = limit_status_requests(request); !in_time) {
        return std::unexpected(std::move(in_time.error()));
      }
      break;
    case Limit::token_guesses:
      if (Admitted in_time = limit_token_guesses(request); !in_time) {
        return std::unexpected(std::move(in_time.error()));
      }
      break;
    case Limit::none: break;
  }
  // Last, since it is a fact about us: only a caller that is let in may learn it.
  if (rules.when == When::store_is_safe && store_is_safe_ && !store_is_safe_()) {
    return std::unexpected(
        error_response(503, "nothing new can be kept safely now", "store_unsafe"));
  }
  return caller;
}

// The role is asked last: who is not known learns nothing about it.
std::expected<Caller, HttpResponse> Admission::admit_operator(const HttpRequest& request,
                                                              Access access) {
  const auto found = find_operator(request);
  if (!found) return std::unexpected(found.error());
  const Operator& who = **found;
  if (access == Access::acts && who.role != Role::act) {
    return std::unexpected(
        error_response(403, "this operator may read and not act", "role_may_not_act"));
  }
  return Caller{.name = who.name, .role = who.role};
}

// A browser sends a cookie by itself, also for a page of another site; it never sends a bearer so.
// A request with a cookie must prove that our own page made it, or any page could spend our money.
std::expected<const Operator*, HttpResponse> Admission::find_operator(const HttpRequest& request) {
  if (sign_in_.off()) return std::unexpected(operator_routes_off());
  if (const Operator* who = sign_in_.of_cookie(request, clock_.now())) {
    // Reading is safe: the other site's page cannot see the answer.
    if (only_reads(request) || sign_in_.from_our_page(request)) return who;
    return std::unexpected(error_response(
        403, "only the operator's own page may change something with its cookie", "foreign_page"));
  }
  // The limit comes before the comparison. When the guesses are used up, a right token waits as
  // well: otherwise the answer would reveal that it is right.
  const bool shown = find_header(request.headers, "authorization") != nullptr;
  if (shown) {
    if (Admitted in_time = limit_token_guesses(request); !in_time) {
      return std::unexpected(std::move(in_time.error()));
    }
  }
  if (const Operator* who = sign_in_.of_bearer(request)) return who;
  // A request without any token is no guess, so it does not count.
  if (shown) count_wrong_token(request);
  HttpResponse response =
      error_response(401, "this needs an operator's bearer token", "unauthorized");
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
