// The router by itself: which route a request finds, what stands in its place, and what a route
// demands before its code runs.
#include "api/answers.hpp"
#include "api/router.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

const Secret token("0123456789abcdef-operator");

// Code that tells who it is and what it was given.
RouteCode named(std::string name) {
  return [name](HttpRequest request, std::string argument, Caller) -> Answer {
    HttpResponse response{.status = 200, .body = name + ":" + argument + ":" + request.body};
    return [](HttpResponse answer) -> Answer { co_return answer; }(std::move(response));
  };
}

// Of an address that no route has.
Answer nothing(HttpRequest request, std::string, Caller) {
  co_return HttpResponse{.status = 404, .body = "nothing at " + request.path};
}

struct Routed {
  Runner run;
  Metrics metrics;
  Clients clients{IpRanges()};
  Origins origins{{"https://shop.example"}};
  bool store_is_safe = true;
  Admission admission;
  Router router;

  explicit Routed(std::vector<Route> routes, const Secret& admin_token = token)
      : admission(run.clock, clients,
                  {.operators = admin_token.empty() ? std::vector<Operator>()
                                                    : std::vector<Operator>{{.name = "anna",
                                                                             .role = Role::act,
                                                                             .token = admin_token}},
                   .public_url = "https://video.example",
                   .store_is_safe = [this] { return store_is_safe; },
                   .status_requests = {.burst = 2, .per_second = 1},
                   .wrong_tokens = {.burst = 2, .per_second = 0.1}}),
        router(std::move(routes), nothing, admission, origins, metrics) {}

  HttpResponse ask(const std::string& method, const std::string& path, HttpHeaders headers = {}) {
    return run(router.handle({.method = method,
                              .target = path,
                              .path = path,
                              .headers = std::move(headers),
                              .body = "body",
                              .peer = "192.0.2.1"}));
  }
};

constexpr Rules open{.access = Access::anyone};

HttpHeaders bearer(const std::string& text) { return {{"authorization", "Bearer " + text}}; }

std::string header(const HttpResponse& response, std::string_view name) {
  const std::string* value = find_header(response.headers, name);
  return value == nullptr ? "" : *value;
}

TEST_CASE("router: a request finds the route of its path and method, with the path's argument") {
  Routed routed({{"GET", "/", open, named("home")},
                 {"GET", "/a/{}", open, named("read")},
                 {"POST", "/a/{}", open, named("write")},
                 {"GET", "/a/{}/events", open, named("events")},
                 {"GET", "/{locale}/page/{}", open, named("page")}});
  CHECK(routed.ask("GET", "/").body == "home::body");
  CHECK(routed.ask("GET", "/a/x").body == "read:x:body");
  CHECK(routed.ask("POST", "/a/x").body == "write:x:body");
  CHECK(routed.ask("GET", "/a/x/events").body == "events:x:body");
  CHECK(routed.ask("HEAD", "/a/x").body == "read:x:body");
  CHECK(routed.ask("GET", "/ru/page/1").body == "page:1:body");
}

TEST_CASE("router: a path that only looks like one of a route is a 404") {
  Routed routed({{"GET", "/", open, named("home")},
                 {"GET", "/{}", open, named("word")},
                 {"GET", "/a/{}", open, named("read")},
                 {"GET", "/{locale}/page", open, named("page")}});
  for (const std::string path : {"/a/", "/a/x/y", "/b/x", "/RU/page", "/rus/page", "//page"}) {
    CAPTURE(path);
    const HttpResponse response = routed.ask("GET", path);
    CHECK(response.status == 404);
    CHECK(response.body == "nothing at " + path);
  }
  CHECK(routed.ask("GET", "/").body == "home::body");
}

TEST_CASE("router: another method is a 405 that names those of the path") {
  Routed routed({{"GET", "/a", open, named("read")}, {"POST", "/a", open, named("write")}});
  const HttpResponse response = routed.ask("DELETE", "/a");
  CHECK(response.status == 405);
  CHECK(header(response, "allow") == "GET, POST");
  // Also for the operator's own: what there is stands in the documentation.
  Routed closed({{"POST", "/b", Rules(), named("write")}});
  CHECK(closed.ask("GET", "/b").status == 405);
}

TEST_CASE("router: OPTIONS tells a page of a configured origin what it may send, and no other") {
  Routed routed({{"GET", "/a", open, named("read")}});
  const HttpResponse ours = routed.ask("OPTIONS", "/a", {{"origin", "https://shop.example"}});
  CHECK(ours.status == 204);
  CHECK(header(ours, "access-control-allow-methods") == "GET");
  CHECK(header(ours, "access-control-allow-origin") == "https://shop.example");
  const HttpResponse foreign = routed.ask("OPTIONS", "/a", {{"origin", "https://evil.example"}});
  CHECK(foreign.status == 204);
  CHECK(header(foreign, "access-control-allow-methods").empty());
  CHECK(header(foreign, "access-control-allow-origin").empty());
  CHECK(routed.ask("OPTIONS", "/b").status == 404);
}

TEST_CASE("router: a route that says nothing of access is the operator's") {
  Routed routed({{"GET", "/a", {}, named("read")}});
  const HttpResponse refused = routed.ask("GET", "/a");
  CHECK(refused.status == 401);
  CHECK(header(refused, "www-authenticate") == "Bearer");
  CHECK(routed.ask("GET", "/a", bearer(token.reveal())).body == "read::body");
}

TEST_CASE("router: without an operator's token its routes and the way to sign in are not there") {
  Routed routed({{"GET", "/a", {}, named("read")},
                 {"GET", "/in", {.access = Access::login}, named("login")},
                 {"GET", "/b", open, named("public")}},
                Secret());
  CHECK(routed.ask("GET", "/a", bearer("")).status == 404);
  CHECK(routed.ask("GET", "/in").status == 404);
  CHECK(routed.ask("GET", "/b").status == 200);
}

TEST_CASE("router: a cookie opens what reads, and what writes only from our own page") {
  Routed routed({{"GET", "/a", {}, named("read")}, {"POST", "/a", {}, named("write")}});
  const std::string set = routed.admission.sign_in().cookie(
      {.name = "anna", .role = Role::act, .token = token}, routed.run.clock.now());
  const HttpHeader cookie{"cookie", set.substr(0, set.find(';'))};
  CHECK(routed.ask("GET", "/a", {cookie}).status == 200);
  CHECK(routed.ask("HEAD", "/a", {cookie}).status == 200);
  CHECK(routed.ask("POST", "/a", {cookie}).status == 403);
  const HttpHeaders ours = {
      cookie, {"content-type", "application/json"}, {"sec-fetch-site", "same-origin"}};
  CHECK(routed.ask("POST", "/a", ours).status == 200);
}

TEST_CASE("router: when wrong tokens are used up the right one waits as well") {
  Routed routed(
      {{"GET", "/a", {}, named("read")},
       {"POST", "/in", {.access = Access::login, .limit = Limit::token_guesses}, named("login")}});
  CHECK(routed.ask("GET", "/a").status == 401);  // no token is no guess
  for (int i = 0; i < 2; ++i) CHECK(routed.ask("GET", "/a", bearer("wrong")).status == 401);
  const HttpResponse waits = routed.ask("GET", "/a", bearer(token.reveal()));
  CHECK(waits.status == 429);
  CHECK(header(waits, "retry-after") == "10");
  CHECK(routed.ask("POST", "/in").status == 429);
  routed.run.clock.advance(std::chrono::seconds(10));
  CHECK(routed.ask("GET", "/a", bearer(token.reveal())).status == 200);
}

TEST_CASE("router: a limit counts the requests of all routes that have it, and no others") {
  const Rules limited{.access = Access::anyone, .limit = Limit::status_requests};
  Routed routed({{"GET", "/a", limited, named("a")},
                 {"GET", "/b", limited, named("b")},
                 {"GET", "/c", open, named("c")}});
  CHECK(routed.ask("GET", "/a").status == 200);
  CHECK(routed.ask("GET", "/b").status == 200);
  CHECK(routed.ask("GET", "/a").status == 429);
  CHECK(routed.ask("GET", "/c").status == 200);
}

TEST_CASE("router: what must be kept is refused while Redis may lose it, after who calls") {
  const Rules kept{.access = Access::anyone, .when = When::store_is_safe};
  Routed routed({{"POST", "/a", kept, named("a")},
                 {"POST", "/b", {.when = When::store_is_safe}, named("b")},
                 {"GET", "/c", open, named("c")}});
  CHECK(routed.ask("POST", "/a").status == 200);
  routed.store_is_safe = false;
  const HttpResponse refused = routed.ask("POST", "/a");
  CHECK(refused.status == 503);
  CHECK(refused.body == R"({"error":"nothing new can be kept safely now","code":"store_unsafe"})");
  CHECK(routed.ask("POST", "/b").status == 401);
  CHECK(routed.ask("GET", "/c").status == 200);
}

TEST_CASE("router: the server reads a body only where a route wants one, and so much of it") {
  Routed routed({{"POST", "/a", {.access = Access::anyone, .body_bytes_max = 7}, named("a")},
                 {"GET", "/a", open, named("read")}});
  const auto limit = [&](const std::string& method, const std::string& path) {
    return routed.router.body_limit({.method = method, .path = path});
  };
  CHECK(limit("POST", "/a") == 7);
  CHECK(limit("GET", "/a") == 0);
  CHECK(limit("POST", "/b") == 0);
}

TEST_CASE("router: every answer has the common headers, and one that may be kept says so itself") {
  Routed routed({{"GET", "/a", open, named("read")}});
  for (const std::string path : {"/a", "/nowhere"}) {
    const HttpResponse response = routed.ask("GET", path);
    CHECK(header(response, "cache-control") == "no-store");
    CHECK(header(response, "x-content-type-options") == "nosniff");
    CHECK(header(response, "referrer-policy") == "no-referrer");
    CHECK(header(response, "vary") == "Origin");
  }
  HttpResponse kept;
  kept.headers = {{"cache-control", "public"}, {"access-control-allow-origin", "*"}};
  routed.origins.add_headers({}, kept);
  CHECK(count_headers(kept.headers, "cache-control") == 1);
  CHECK(header(kept, "vary").empty());
}

TEST_CASE("clients: only a trusted proxy's word names another address") {
  const Clients clients(*IpRanges::parse({"10.0.0.0/30", "2001:db8:1::/48"}));
  const auto client = [&](const std::string& peer, const std::string& forwarded) {
    return clients.client_of({.headers = {{"x-forwarded-for", forwarded}}, .peer = peer});
  };
  CHECK(client("192.0.2.1", "198.51.100.7") == "192.0.2.1");
  CHECK(client("10.0.0.1", "198.51.100.7") == "198.51.100.7");
  CHECK(client("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2") == "198.51.100.7");
  CHECK(client("10.0.0.1", "10.0.0.2") == "10.0.0.1");
  CHECK(client("10.0.0.1", "") == "10.0.0.1");
  CHECK(client("10.0.0.1", " , 198.51.100.7 , ,") == "198.51.100.7");
  // As some proxies write it: with a port, in brackets. A port is no new client.
  CHECK(client("10.0.0.1", "198.51.100.7:4711") == "198.51.100.7");
  CHECK(client("10.0.0.1", "203.0.113.9, [2001:db8:2::7]:443, 10.0.0.2:80") == "2001:db8:2::/64");
  CHECK(client("2001:db8:1::5", "2001:db8:2::1") == client("2001:db8:2::2", ""));
  // An entry that names nobody hides what stands before it: that could be invented.
  CHECK(client("10.0.0.1", "203.0.113.9, unknown") == "10.0.0.1");
  CHECK(client("", "198.51.100.7").empty());
}

}  // namespace
}  // namespace claimcheck::test
