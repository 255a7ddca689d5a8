// HttpServer with answers that go on: how they end, and who waits for whom.
#include "support/http_fixture.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace claimcheck {
namespace {

using test::LocalServer;
using test::RawPeer;

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"; }

// Gives each piece, then ends; or throws instead of a piece that says so.
HttpStream pieces(std::vector<std::string> texts) {
  auto left = std::make_shared<std::vector<std::string>>(std::move(texts));
  return [left]() -> boost::asio::awaitable<std::shared_ptr<const std::string>> {
    if (left->empty()) co_return nullptr;
    const std::string text = left->front();
    left->erase(left->begin());
    if (text == "throw") throw std::runtime_error("a detail");
    co_return std::make_shared<const std::string>(text);
  };
}

TEST_CASE("http server: an answer that goes on ends with its connection") {
  const auto answer = [](HttpRequest request) -> boost::asio::awaitable<HttpResponse> {
    HttpResponse response{.body = "begin"};
    const bool breaks = request.path == "/breaks";
    response.stream = pieces({" and", breaks ? "throw" : " go on", " to the end"});
    co_return response;
  };
  LocalServer server(answer);
  RawPeer peer(server.port());
  peer.send(get("/") + get("/never"));
  CHECK(peer.read_all() ==
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nbegin and go on to the end");
  RawPeer broken(server.port());
  broken.send(get("/breaks"));
  CHECK(broken.read_all().ends_with("\r\n\r\nbegin and"));
  RawPeer head(server.port());
  head.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(head.read_all() == "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
}

TEST_CASE("http server: a stream is not asked for more than its reader takes") {
  std::atomic<int> asked = 0;
  const auto answer = [&asked](HttpRequest) -> boost::asio::awaitable<HttpResponse> {
    HttpResponse response;
    response.stream = [&asked]() -> boost::asio::awaitable<std::shared_ptr<const std::string>> {
      ++asked;
      co_return std::make_shared<const std::string>(1'000'000, 'x');
    };
    co_return response;
  };
  LocalServer server(answer);
  RawPeer reader(server.port());
  reader.send(get("/"));
  reader.read_until("\r\n\r\n");
  RawPeer other(server.port());  // is served all the same
  other.send(get("/"));
  CHECK(other.read_until("xxx").starts_with("HTTP/1.1 200"));
  // Without a limit this would be endless: what the sockets hold, and one piece behind it.
  CHECK(asked < 50);
}

}  // namespace
}  // namespace claimcheck
