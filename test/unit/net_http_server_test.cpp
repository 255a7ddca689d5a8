// HttpServer over real sockets: what it answers, what it refuses, how it stops.
#include "support/hostile_requests.hpp"
#include "support/http_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <latch>
#include <stdexcept>
#include <sys/resource.h>

namespace claimcheck {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::LocalServer;
using test::RawPeer;

boost::asio::awaitable<HttpResponse> echo(HttpRequest request) {
  HttpResponse response;
  response.headers.push_back({"content-type", "text/plain"});
  response.body = request.method + " " + request.path + " [" + request.body + "]";
  co_return response;
}

boost::asio::awaitable<HttpResponse> slow_echo(Clock& clock, HttpRequest request) {
  co_await clock.sleep(milliseconds(200));
  co_return co_await echo(std::move(request));
}

struct Gate {
  std::atomic<bool> reached = false;
  std::atomic<bool> open = false;
};

boost::asio::awaitable<HttpResponse> gated_echo(Clock& clock, Gate& gate, HttpRequest request) {
  if (request.path == "/busy") {
    gate.reached = true;
    while (!gate.open) co_await clock.sleep(milliseconds(1));
  }
  co_return co_await echo(std::move(request));
}

boost::asio::awaitable<HttpResponse> status_only(int status) {
  HttpResponse response;
  response.status = status;
  co_return response;
}

boost::asio::awaitable<HttpResponse> shared(std::shared_ptr<const std::string> text) {
  HttpResponse response;
  response.shared_body = std::move(text);
  co_return response;
}

boost::asio::awaitable<HttpResponse> broken(HttpRequest request) {
  if (request.path == "/throw") throw std::runtime_error("a detail");
  if (request.path == "/odd") throw 7;
  HttpResponse response = co_await echo(request);
  if (request.path == "/split") response.headers.push_back({"location", "x\r\nset-cookie: y"});
  co_return response;
}

HttpServerLimits limits() {
  HttpServerLimits limits;
  limits.header_bytes = 4096;
  limits.body_bytes = [](const HttpRequest& head) {
    return head.path == "/none" ? std::size_t{0} : std::size_t{100'000};
  };
  return limits;
}

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"; }

std::string post(const std::string& path, const std::string& body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{}", path,
                     body.size(), body);
}

bool is_status(const std::string& answer, int status) {
  return answer.starts_with(fmt::format("HTTP/1.1 {} ", status));
}

TEST_CASE("http server: an answer, byte for byte") {
  LocalServer server(echo, limits());
  RawPeer peer(server.port());
  peer.send(post("/a%20b?q", "hello"));
  CHECK(peer.read_answer() ==
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 17\r\n"
        "connection: keep-alive\r\n\r\nPOST /a b [hello]");
  peer.send(post("/", std::string(100'000, 'x')));
  CHECK(peer.read_answer().ends_with("[" + std::string(100'000, 'x') + "]"));
}

TEST_CASE("http server: the handler sees the other end's address") {
  const auto tell = [](HttpRequest request) { return echo({.method = request.peer}); };
  LocalServer server(tell, limits());
  RawPeer peer(server.port());
  peer.send(get("/"));
  CHECK(peer.read_answer().ends_with("127.0.0.1  []"));
}

TEST_CASE("http server: HEAD is answered like GET, without the body") {
  LocalServer server(echo, limits());
  RawPeer peer(server.port());
  peer.send("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n" + get("/next"));
  CHECK(peer.read_until("\r\n\r\n").find("content-length: 10\r\n") != std::string::npos);
  CHECK(peer.read_answer().ends_with("GET /next []"));
}

TEST_CASE("http server: a text that others hold too is sent like a body of the answer's own") {
  const auto text = std::make_shared<const std::string>("shared");
  const auto share = [&text](const HttpRequest&) { return shared(text); };
  LocalServer server(share, limits());
  RawPeer peer(server.port());
  peer.send(get("/1") + "HEAD /2 HTTP/1.1\r\nHost: x\r\n\r\n" + get("/3"));
  const std::string head = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: keep-alive\r\n\r\n";
  CHECK(peer.read_answer() == head + "shared");
  CHECK(peer.read_until("\r\n\r\n") == head);
  CHECK(peer.read_answer() == head + "shared");
}

TEST_CASE("http server: 204 has no length") {
  LocalServer server([](const HttpRequest&) { return status_only(204); }, limits());
  RawPeer peer(server.port());
  peer.send(get("/"));
  CHECK(peer.read_answer() == "HTTP/1.1 204 No Content\r\nconnection: keep-alive\r\n\r\n");
}

TEST_CASE("http server: pipelined requests are answered in turn") {
  LocalServer server(echo, limits());
  RawPeer peer(server.port());
  peer.send(get("/1") + post("/2", "two") + get("/3"));
  CHECK(peer.read_answer().ends_with("GET /1 []"));
  CHECK(peer.read_answer().ends_with("POST /2 [two]"));
  CHECK(peer.read_answer().ends_with("GET /3 []"));
}

TEST_CASE("http server: a peer that wants no other request gets the end after the answer") {
  LocalServer server(echo, limits());
  RawPeer closing(server.port());
  closing.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + get("/never"));
  CHECK(closing.read_all().find("/never") == std::string::npos);
  RawPeer old(server.port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  CHECK(old.read_all().find("connection: close\r\n\r\nGET / []") != std::string::npos);
  RawPeer half(server.port());
  half.send(get("/half"));
  half.end_sending();
  CHECK(half.read_all().ends_with("GET /half []"));
}

TEST_CASE("http server: 100 Continue goes out before the body, unless it is refused") {
  LocalServer server(echo, limits());
  const std::string expecting =
      "POST {} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
      "Content-Length: 5\r\n\r\n";
  RawPeer peer(server.port());
  peer.send(fmt::format(fmt::runtime(expecting), "/x"));
  CHECK(peer.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("hello");
  CHECK(peer.read_answer().ends_with("POST /x [hello]"));
  peer.send(fmt::format(fmt::runtime(expecting), "/none"));
  CHECK(is_status(peer.read_answer(), 413));
}

TEST_CASE("http server: what two readers could read differently ends the connection") {
  LocalServer server(echo, limits());
  for (const test::HostileRequest& hostile : test::hostile_requests()) {
    CAPTURE(std::string(hostile.why));
    RawPeer peer(server.port());
    peer.send(hostile.bytes + get("/smuggled"));
    const std::string answer = peer.read_all();
    CHECK(is_status(answer, 400));
    CHECK(answer.find("connection: close\r\n") != std::string::npos);
    CHECK(answer.find("cache-control: no-store\r\n") != std::string::npos);
    CHECK(answer.ends_with(
        R"({"error":"this is not a well-formed HTTP request","code":"malformed_request"})"));
    CHECK(answer.find("/smuggled") == std::string::npos);
  }
}

TEST_CASE("http server: what is too large is refused, and the peer that still sends can read it") {
  LocalServer server(echo, limits());
  RawPeer header(server.port());
  header.send("GET / HTTP/1.1\r\nHost: x\r\nlong: " + std::string(100'000, 'a'));
  CHECK(is_status(header.read_all(), 431));
  RawPeer body(server.port());
  body.send(post("/", std::string(500'000, 'a')));
  CHECK(is_status(body.read_all(), 413));
  CHECK_FALSE(body.was_reset());
  RawPeer none(server.port());
  none.send(post("/none", "a"));
  CHECK(is_status(none.read_all(), 413));
  RawPeer chunks(server.port());
  chunks.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 20; ++i) chunks.send("2710\r\n" + std::string(10'000, 'a') + "\r\n");
  CHECK(is_status(chunks.read_all(), 413));
}

TEST_CASE("http server: a header that drips in gets one deadline, not one per byte") {
  HttpServerLimits quick = limits();
  quick.header_time = milliseconds(200);
  LocalServer server(echo, quick);
  RawPeer peer(server.port());
  peer.send("GET / HTTP/1.1\r\nHost: x\r\nslow: ");
  int drips = 0;
  while (drips < 1000 && !peer.readable(milliseconds(20))) {
    peer.send("x");
    ++drips;
  }
  CHECK(drips < 500);
  CHECK(is_status(peer.read_all(), 408));
}

TEST_CASE("http server: a body that stops coming is given up") {
  HttpServerLimits quick = limits();
  quick.body_time = milliseconds(100);
  LocalServer server(echo, quick);
  RawPeer peer(server.port());
  peer.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
  CHECK(is_status(peer.read_all(), 408));
}

TEST_CASE("http server: who says nothing is let go without a word, before and between requests") {
  HttpServerLimits quick = limits();
  quick.idle_time = milliseconds(100);
  LocalServer server(echo, quick);
  RawPeer silent(server.port());
  CHECK(silent.closed());
  RawPeer once(server.port());
  once.send(get("/"));
  CHECK(once.read_all().ends_with("GET / []"));
  CHECK(server.has_connections(0));
}

TEST_CASE("http server: a slow handler is no slow peer") {
  HttpServerLimits quick = limits();
  quick.idle_time = quick.header_time = quick.body_time = milliseconds(50);
  RealClock clock;
  const auto slow = [&clock](HttpRequest request) { return slow_echo(clock, std::move(request)); };
  LocalServer server(slow, quick);
  RawPeer peer(server.port());
  peer.send(post("/", "x"));
  CHECK(peer.read_answer().ends_with("POST / [x]"));
}

TEST_CASE("http server: a handler that throws costs one 500, not the connection") {
  LocalServer server(broken, limits());
  RawPeer peer(server.port());
  for (const char* path : {"/throw", "/odd", "/split"}) {
    CAPTURE(std::string(path));
    peer.send(get(path));
    const std::string answer = peer.read_answer();
    CHECK(is_status(answer, 500));
    CHECK(
        answer.ends_with(R"({"error":"something went wrong here; try again","code":"internal"})"));
    CHECK(answer.find("set-cookie") == std::string::npos);
  }
  peer.send(get("/fine"));
  CHECK(is_status(peer.read_answer(), 200));
}

TEST_CASE("http server: an answer of status 0 closes without a word") {
  LocalServer server([](const HttpRequest&) { return status_only(0); }, limits());
  RawPeer peer(server.port());
  peer.send(get("/"));
  CHECK(peer.closed());
}

TEST_CASE("http server: stopping ends the idle, lets the busy finish and takes nobody new") {
  RealClock clock;
  Gate gate;
  const auto gated = [&](HttpRequest request) {
    return gated_echo(clock, gate, std::move(request));
  };
  LocalServer server(gated, limits());
  RawPeer idle(server.port());
  idle.send(get("/"));
  idle.read_answer();
  RawPeer fresh(server.port());
  RawPeer busy(server.port());
  busy.send(get("/busy"));
  REQUIRE(test::eventually([&gate] { return gate.reached.load(); }));
  REQUIRE(server.has_connections(3));
  server.stop_accepting();
  CHECK(idle.closed());
  CHECK(fresh.closed());
  CHECK_THROWS(RawPeer{server.port()});
  CHECK(server.has_connections(1));
  gate.open = true;
  const std::string last = busy.read_all();
  CHECK(last.ends_with("GET /busy []"));
  CHECK(last.find("connection: close\r\n") != std::string::npos);
  CHECK(server.has_connections(0));
}

TEST_CASE("http server: stopping while an answer is on its way ends the connection after it") {
  LocalServer* running = nullptr;
  const auto stop_behind_me = [&running](HttpRequest request) {
    running->stop_accepting_soon();  // runs when the answer is being written
    return echo(std::move(request));
  };
  LocalServer server(stop_behind_me, limits());
  running = &server;
  RawPeer peer(server.port());
  peer.send(get("/"));
  CHECK(peer.read_all().ends_with("GET / []"));
}

TEST_CASE("E2 http server: it outlives a time without file descriptors") {
  std::latch asked(1);
  std::latch go_on(1);
  const auto wait = [&](HttpRequest request) {
    if (request.path == "/wait") {
      asked.count_down();
      go_on.wait();
    }
    return echo(std::move(request));
  };
  LocalServer server(wait, limits());
  RawPeer first(server.port());
  first.send(get("/wait"));
  asked.wait();
  RawPeer second(server.port());  // in the kernel's queue: the server's thread is busy
  second.send(get("/"));
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none_left = {.rlim_cur = 3, .rlim_max = before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none_left) == 0);
  go_on.count_down();
  first.read_answer();
  const bool accepted = second.readable(milliseconds(300));
  first.send(get("/still"));
  const std::string still = first.read_answer();
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK_FALSE(accepted);
  CHECK(still.ends_with("GET /still []"));
  CHECK(second.read_answer().ends_with("GET / []"));
}

TEST_CASE("http server: several listen on one port only if all want to; bad addresses") {
  const RealClock clock;
  boost::asio::io_context io;
  auto first = HttpServer::listen(io.get_executor(), clock, "127.0.0.1:0", true);
  REQUIRE(first.has_value());
  const std::string same = fmt::format("127.0.0.1:{}", (*first)->port());
  CHECK(HttpServer::listen(io.get_executor(), clock, same, true).has_value());
  CHECK_FALSE(HttpServer::listen(io.get_executor(), clock, same).has_value());
  CHECK(HttpServer::listen(io.get_executor(), clock, "localhost:0").has_value());
  for (const char* bad : {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:80x",
                          "127.0.0.1:65536", "no.such.name:80", "[::1:80", "1.2.3.4:0"}) {
    CAPTURE(std::string(bad));
    const auto refused = HttpServer::listen(io.get_executor(), clock, bad);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::invalid);
  }
}

TEST_CASE("http server: who comes before it serves waits, and is answered") {
  const RealClock clock;
  boost::asio::io_context io;
  auto server = HttpServer::listen(io.get_executor(), clock, "127.0.0.1:0");
  REQUIRE(server.has_value());
  RawPeer early((*server)->port());
  early.send("GET /early HTTP/1.1\r\nhost: a\r\n\r\n");
  CHECK(io.poll() == 0);  // nothing is under way, so this stops it
  io.restart();
  (*server)->serve({}, echo);
  while (!early.readable(Duration(0))) REQUIRE(io.run_one() == 1);
  CHECK(early.read_answer().find("GET /early") != std::string::npos);
}

TEST_CASE("http server: it may go before it has begun, and with requests under way") {
  const RealClock clock;
  boost::asio::io_context io;
  auto server = HttpServer::listen(io.get_executor(), clock, "127.0.0.1:0");
  REQUIRE(server.has_value());
  const std::uint16_t port = (*server)->port();
  (*server)->serve({}, echo);
  server->reset();
  io.run();
  CHECK_THROWS(RawPeer{port});
}

}  // namespace
}  // namespace claimcheck
