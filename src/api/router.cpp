#include "api/router.hpp"

#include "api/answers.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace claimcheck {

namespace {

std::string_view next_segment(std::string_view& path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(slash);
  return segment;
}

bool is_locale(std::string_view text) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return text.size() == 2 && std::ranges::all_of(text, lower);
}

// The argument of a path that matches the pattern; empty when the pattern has none.
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
  // Both are one empty segment below, which would match a pattern "/{}".
  if (pattern == "/" || path == "/") {
    return pattern == path ? std::optional(std::string()) : std::nullopt;
  }
  std::string argument;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_segment(pattern);
    const std::string_view given = next_segment(path);
    if (wanted == "{}") {
      if (given.empty()) return std::nullopt;
      argument = given;
    } else if (wanted == "{locale}") {
      if (!is_locale(given)) return std::nullopt;
    } else if (wanted != given) {
      return std::nullopt;
    }
  }
  // One is longer than the other, so it is another address.
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return argument;
}

// HEAD is GET without the body; the server drops the body.
std::string_view routed_method(const HttpRequest& request) {
  return request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
}

std::string_view class_of(int status) {
  constexpr std::array<std::string_view, 6> classes = {"0xx", "1xx", "2xx", "3xx", "4xx", "5xx"};
  return classes.at(static_cast<std::size_t>(status / 100));
}

Answer ready(HttpResponse response) { co_return response; }

}  // namespace

Router::Router(std::vector<Route> routes, RouteCode nothing, Admission& admission,
               const Origins& origins, Metrics& metrics)
    : routes_(std::move(routes)),
      nothing_(std::move(nothing)),
      admission_(admission),
      origins_(origins),
      metrics_(metrics) {}

// The first matching row wins. A fixed word is listed above a "{}" in the same place, or has
// another number of segments.
Router::Found Router::find(const HttpRequest& request) const {
  Found found;
  for (const Route& route : routes_) {
    std::optional<std::string> argument = match(route.path, request.path);
    if (!argument) continue;
    if (route.method == routed_method(request)) {
      return {.route = &route, .argument = std::move(*argument), .allowed = {}};
    }
    // Collected for 405 and OPTIONS, which must name the methods of the address.
    found.allowed += (found.allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  return found;
}

// Asked before the body is read, so a body that no route wants costs nothing.
std::size_t Router::body_limit(const HttpRequest& head) const {
  const Found found = find(head);
  return found.route == nullptr ? 0 : found.route->rules.body_bytes_max;
}

Answer Router::handle(HttpRequest request) {
  Found found = find(request);
  // The request is moved into the route.
  const std::string origin = origins_.named_in(request);
  HttpResponse response = co_await answer(std::move(request), std::move(found));
  origins_.add_headers(origin, response);
  metrics_.count(Counter::http_responses, class_of(response.status));
  co_return response;
}

// No coroutine: each answer would pay for its frame.
Answer Router::answer(HttpRequest request, Found found) {
  if (found.route != nullptr) {
    auto admitted = admission_.admit(request, found.route->rules);
    if (!admitted) return ready(std::move(admitted.error()));
    return found.route->code(std::move(request), std::move(found.argument), std::move(*admitted));
  }
  if (found.allowed.empty()) return nothing_(std::move(request), {}, {});
  // A browser sends OPTIONS before a page of another origin may send its request. It has no token,
  // so Admission is not asked.
  if (request.method == "OPTIONS") return ready(origins_.preflight(request, found.allowed));
  HttpResponse response =
      error_response(405, "this method is not allowed here", "method_not_allowed");
  response.headers.push_back({"allow", found.allowed});
  return ready(std::move(response));
}

}  // namespace claimcheck
