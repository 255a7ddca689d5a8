// Router: from a request to the one route that serves it. The table of routes is data: method,
// path, rules and code. The router matches, asks Admission once, and answers 405 and OPTIONS
// itself. So a route's code runs only for a caller that is let in. Every answer is counted and gets
// the common headers. Owned by Api; borrows what it asks.
#pragma once

#include "api/admission.hpp"
#include "api/origins.hpp"
#include "base/metrics.hpp"
#include "net/http/http.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace claimcheck {

using Answer = boost::asio::awaitable<HttpResponse>;
// `argument`: the segment that "{}" stands for, percent-decoded; empty when the path has none.
// `caller`: the operator whom Admission let in.
using RouteCode = std::function<Answer(HttpRequest request, std::string argument, Caller caller)>;

struct Route {
  std::string_view method;
  std::string_view path;  // "{}" stands for one segment, "{locale}" for two small letters
  Rules rules;
  RouteCode code;
};

// The code of a route: a member function that takes the request, the argument and the caller, in
// this order, or any of them, or none.
// `group` must outlive it.
template <typename Group, typename Member>
RouteCode route_to(Group& group, Member member) {
  return [&group, member](HttpRequest request, std::string argument, Caller caller) -> Answer {
    if constexpr (std::is_invocable_v<Member, Group&>) {
      return (group.*member)();
    } else if constexpr (std::is_invocable_v<Member, Group&, Caller>) {
      return (group.*member)(std::move(caller));
    } else if constexpr (std::is_invocable_v<Member, Group&, HttpRequest, Caller>) {
      return (group.*member)(std::move(request), std::move(caller));
    } else if constexpr (std::is_invocable_v<Member, Group&, std::string, Caller>) {
      return (group.*member)(std::move(argument), std::move(caller));
    } else if constexpr (std::is_invocable_v<Member, Group&, HttpRequest, std::string, Caller>) {
      return (group.*member)(std::move(request), std::move(argument), std::move(caller));
    } else if constexpr (std::is_invocable_v<Member, Group&, HttpRequest>) {
      return (group.*member)(std::move(request));
    } else if constexpr (std::is_invocable_v<Member, Group&, std::string>) {
      return (group.*member)(std::move(argument));
    } else {
      return (group.*member)(std::move(request), std::move(argument));
    }
  };
}

class Router {
 public:
  // `nothing` answers for an address that no route has.
  Router(std::vector<Route> routes, RouteCode nothing, Admission& admission, const Origins& origins,
         Metrics& metrics);

  boost::asio::awaitable<HttpResponse> handle(HttpRequest request);
  // The largest body of a request with this head, in bytes: 0 if no route matches.
  std::size_t body_limit(const HttpRequest& head) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  struct Found {
    const Route* route = nullptr;
    std::string argument;
    std::string allowed;  // methods of this path, with commas, when none of them was asked for
  };
  Found find(const HttpRequest& request) const;
  Answer answer(HttpRequest request, Found found);

  std::vector<Route> routes_;
  RouteCode nothing_;
  Admission& admission_;
  const Origins& origins_;
  Metrics& metrics_;
};

}  // namespace claimcheck
