// The table of routes as it is served: who may call what. The table itself drives the test, so a
// new route is asked as well; one that is open to anybody must be named here on purpose.
#include "api/api.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace claimcheck::test {
namespace {

const std::string token = "0123456789abcdef-operator";

const std::string reader_token = "0123456789abcdef-reader";

std::vector<Operator> operators_of(const std::string& admin_token) {
  if (admin_token.empty()) return {};
  return {{.name = "anna", .role = Role::act, .token = Secret(admin_token)},
          {.name = "watch", .role = Role::read, .token = Secret(reader_token)}};
}

struct Served {
  OrderWorld world;
  Checkout checkout{world.context, {}};
  Visits visits{world.context};
  StatusCache shown{world.run.io.get_executor(), *world.store.sessions, {}};
  OrderEvents events{world.run.io.get_executor(), shown, visits};
  Statistics statistics{world.context};
  PriceList prices{world.context};
  OrdersByMail orders_by_mail{world.context, world.run.io.get_executor(), {}};
  Api api;

  explicit Served(const std::string& admin_token)
      : api(world.context, checkout, visits, shown, events, statistics, prices, orders_by_mail,
            {.operators = operators_of(admin_token)}) {}

  HttpResponse ask(const Route& route, HttpHeaders headers = {}) {
    std::string path(route.path);
    const auto put = [&path](std::string_view place, std::string_view text) {
      const std::size_t at = path.find(place);
      if (at != std::string::npos) path.replace(at, place.size(), text);
    };
    put("{locale}", "en");
    put("{}", "cs_test_a");
    return world.run(api.handle({.method = std::string(route.method),
                                 .target = path,
                                 .path = path,
                                 .headers = std::move(headers),
                                 .body = "{}",
                                 .peer = "192.0.2.1"}));
  }
};

// All that a stranger may call. Whatever is not in here is the operator's.
const std::vector<std::string> public_routes = {"POST /api/create-checkout",
                                                "GET /api/stripe-prices",
                                                "GET /api/webhook-status/{}",
                                                "GET /api/webhook-status/{}/events",
                                                "POST /api/prompt/{}",
                                                "GET /api/file/{}",
                                                "GET /api/result/{}",
                                                "POST /api/find-orders",
                                                "GET /api/found-orders/{}",
                                                "POST /api/webhooks/stripe",
                                                "POST /api/webhooks/generators/{}",
                                                "GET /pay/{}",
                                                "GET /receipt/{}",
                                                "GET /",
                                                "GET /left",
                                                "GET /payment-success/{}",
                                                "GET /{locale}/payment-success/{}",
                                                "GET /find-file",
                                                "GET /{locale}/find-file",
                                                "GET /orders/{}",
                                                "GET /{locale}/orders/{}",
                                                "GET /session/{}",
                                                "GET /{locale}/session/{}",
                                                "GET /file/{}",
                                                "GET /{locale}/file/{}",
                                                "GET /claimcheck.js",
                                                "GET /assets/{}",
                                                "GET /favicon.ico",
                                                "GET /robots.txt",
                                                "GET /healthz",
                                                "GET /readyz"};
const std::vector<std::string> ways_to_sign_in = {"GET /ops", "GET /ops/login", "POST /ops/login"};

// What an operator may do who reads only: everything that changes nothing.
const std::vector<std::string> reader_routes = {
    "POST /ops/logout",          "GET /api/ops/stats",   "GET /api/ops/sessions",
    "GET /api/ops/sessions/{}",  "GET /api/ops/counts",  "GET /api/ops/sales",
    "GET /api/ops/orders.csv",   "POST /api/ops/search", "GET /metrics",
    "GET /api/ops/notifications"};

std::string name_of_route(const Route& route) {
  return std::string(route.method) + " " + std::string(route.path);
}

bool is_in(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

TEST_CASE("routes: whoever shows no token or a wrong one gets nothing of an operator's route") {
  Served served(token);
  std::size_t asked = 0;
  for (const Route& route : served.api.routes()) {
    const std::string name = name_of_route(route);
    if (is_in(public_routes, name) || is_in(ways_to_sign_in, name)) continue;
    CAPTURE(name);
    const HttpResponse nothing_shown = served.ask(route);
    CHECK(nothing_shown.status == 401);
    CHECK(nothing_shown.body.find("\"unauthorized\"") != std::string::npos);
    ++asked;
  }
  CHECK(asked == served.api.routes().size() - public_routes.size() - ways_to_sign_in.size());
}

TEST_CASE("routes: a wrong token opens none of them") {
  for (std::size_t i = 0; i < Served(token).api.routes().size(); ++i) {
    Served served(token);  // for each anew, or the guesses would be used up
    const Route& route = served.api.routes()[i];
    const std::string name = name_of_route(route);
    if (is_in(public_routes, name) || is_in(ways_to_sign_in, name)) continue;
    CAPTURE(name);
    CHECK(served.ask(route, {{"authorization", "Bearer " + token + "x"}}).status == 401);
    CHECK(served.ask(route, {{"authorization", "Bearer " + token}}).status != 401);
  }
}

TEST_CASE("routes: who only reads gets every route that changes nothing, and no other one") {
  Served served(token);
  std::size_t refused = 0;
  for (const Route& route : served.api.routes()) {
    const std::string name = name_of_route(route);
    if (is_in(public_routes, name) || is_in(ways_to_sign_in, name)) continue;
    CAPTURE(name);
    const bool reads = is_in(reader_routes, name);
    CHECK(route.rules.access == (reads ? Access::reads : Access::acts));
    const HttpResponse response = served.ask(route, {{"authorization", "Bearer " + reader_token}});
    const bool told = response.body.find("\"role_may_not_act\"") != std::string::npos;
    CHECK(told == !reads);
    CHECK((response.status == 403) == !reads);
    if (!reads) ++refused;
  }
  CHECK(refused == served.api.routes().size() - public_routes.size() - ways_to_sign_in.size() -
                       reader_routes.size());
}

TEST_CASE("routes: without a token in the settings the operator's routes are not there") {
  Served served("");
  for (const Route& route : served.api.routes()) {
    const std::string name = name_of_route(route);
    if (is_in(public_routes, name)) continue;
    CAPTURE(name);
    const HttpResponse response = served.ask(route, {{"authorization", "Bearer "}});
    CHECK(response.status == 404);
    CHECK(response.body.find("\"operator_routes_off\"") != std::string::npos);
  }
}

TEST_CASE("routes: what is open to anybody asks nobody who he is") {
  Served served(token);
  for (const Route& route : served.api.routes()) {
    if (!is_in(public_routes, name_of_route(route))) continue;
    CAPTURE(name_of_route(route));
    CHECK(route.rules.access == Access::anyone);
    CHECK(served.ask(route).status != 401);
  }
}

}  // namespace
}  // namespace claimcheck::test
