// HttpServer with as many connections as it may hold: who goes, who stays, and what the limit is.
#include "net/open_files.hpp"
#include "support/http_fixture.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

namespace claimcheck {
namespace {

using test::LocalServer;
using test::RawPeer;

// Answers with the path; "/busy" only when the gate is open.
struct Gate {
  RealClock clock;
  std::atomic<bool> reached = false;
  std::atomic<bool> open = false;

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request) {
    if (request.path == "/busy") {
      reached = true;
      while (!open) co_await clock.sleep(std::chrono::milliseconds(1));
    }
    HttpResponse response;
    response.body = request.path;
    co_return response;
  }
};

HttpServerLimits limit_of(std::size_t connections) {
  HttpServerLimits limits;
  limits.connections = connections;
  limits.body_bytes = [](const HttpRequest&) { return std::size_t{1000}; };
  return limits;
}

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"; }

TEST_CASE("E3 http server: beyond the limit the oldest without a request gives place") {
  Gate gate;
  LocalServer server([&](HttpRequest request) { return gate.answer(std::move(request)); },
                     limit_of(3));
  RawPeer busy(server.port());
  busy.send(get("/busy"));
  while (!gate.reached) std::this_thread::yield();
  RawPeer silent(server.port());
  RawPeer halfway(server.port());
  halfway.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe");
  REQUIRE(server.has_connections(3));
  RawPeer fourth(server.port());
  fourth.send(get("/4"));
  CHECK(fourth.read_answer().ends_with("\r\n\r\n/4"));
  CHECK(silent.closed());
  RawPeer fifth(server.port());
  fifth.send(get("/5"));
  CHECK(fifth.read_answer().ends_with("\r\n\r\n/5"));
  CHECK(halfway.closed());
  gate.open = true;
  CHECK(busy.read_answer().ends_with("\r\n\r\n/busy"));
}

TEST_CASE("E3 http server: a stream gives place like an idle connection") {
  const auto wait = [](HttpRequest request) -> boost::asio::awaitable<HttpResponse> {
    HttpResponse response{.body = request.path};
    if (request.path == "/stream") {
      response.stream = []() -> boost::asio::awaitable<std::shared_ptr<const std::string>> {
        co_await RealClock().sleep(std::chrono::milliseconds(1));
        co_return std::make_shared<const std::string>(".");
      };
    }
    co_return response;
  };
  LocalServer server(wait, limit_of(1));
  RawPeer stream(server.port());
  stream.send(get("/stream"));
  stream.read_until("/stream.");
  RawPeer next(server.port());
  next.send(get("/next"));
  CHECK(next.read_answer().ends_with("\r\n\r\n/next"));
  stream.read_all();
}

TEST_CASE("E3 http server: when all are being served, a new connection is closed") {
  Gate gate;
  LocalServer server([&](HttpRequest request) { return gate.answer(std::move(request)); },
                     limit_of(1));
  RawPeer busy(server.port());
  busy.send(get("/busy"));
  while (!gate.reached) std::this_thread::yield();
  CHECK(RawPeer(server.port()).closed());
  gate.open = true;
  CHECK(busy.read_answer().ends_with("\r\n\r\n/busy"));
}

TEST_CASE("open files: some are kept back from strangers, of few the half") {
  CHECK(connections_allowed(1'000'000, 20'000) == 20'000);
  CHECK(connections_allowed(20'000, 20'000) == 19'744);
  CHECK(connections_allowed(400, 20'000) == 200);
}

}  // namespace
}  // namespace claimcheck
