// The end of a server that is one of several on a socket: which requests it still answers, and how
// it gets its socket.
#include "net/http/server.hpp"
#include "support/http_fixture.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <sys/socket.h>
#include <unistd.h>

namespace claimcheck {
namespace {

using test::LocalServer;
using test::RawPeer;

const std::string request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

boost::asio::awaitable<HttpResponse> hello(HttpRequest) {
  HttpResponse response;
  response.body = "hello";
  co_return response;
}

TEST_CASE("http server: a request that is sent in the moment of the stop is answered") {
  HttpServerLimits patient;
  patient.last_idle_time = std::chrono::seconds(20);
  LocalServer server(hello, patient);
  RawPeer idle(server.port());
  idle.send(request);
  idle.read_answer();
  RawPeer fresh(server.port());
  REQUIRE(server.has_connections(2));
  server.stop_accepting();
  for (RawPeer* peer : {&idle, &fresh}) {
    peer->send(request);
    const std::string last = peer->read_all();
    CHECK(last.ends_with("hello"));
    CHECK(last.find("connection: close\r\n") != std::string::npos);
  }
  CHECK(server.has_connections(0));
}

TEST_CASE("http server: a socket that listens already is served; any other descriptor is refused") {
  const RealClock clock;
  boost::asio::io_context io;
  auto first = HttpServer::listen(io.get_executor(), clock, "127.0.0.1:0");
  REQUIRE(first.has_value());
  const auto second = HttpServer::listen_on(io.get_executor(), clock, dup((*first)->socket()));
  REQUIRE(second.has_value());
  CHECK((*second)->port() == (*first)->port());
  first->reset();
  RawPeer peer((*second)->port());  // nobody accepts, yet it waits there
  const int deaf = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  for (const int wrong : {deaf, 0, -1}) {
    const auto refused = HttpServer::listen_on(io.get_executor(), clock, wrong);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::invalid);
  }
  ::close(deaf);
}

}  // namespace
}  // namespace claimcheck
