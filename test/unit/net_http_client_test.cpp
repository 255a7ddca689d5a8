// CurlClient against real sockets: what it sends, what it makes of answers, and above all what it
// says when there is none: not_sent only if the peer cannot have seen the request.
#include "net/http/client.hpp"
#include "support/http_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include <fstream>
#include <optional>

namespace claimcheck {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::LocalServer;
using test::RawPeer;
using test::RawServer;

using Outcome = std::optional<Result<HttpResponse>>;

asio::awaitable<void> send_into(HttpClient& client, HttpCall call, Outcome& outcome) {
  outcome = co_await client.send(std::move(call));
}

// A client and the event loop that it runs on.
struct Client {
  asio::io_context io;
  CurlClient http{io.get_executor()};

  void run() {
    io.restart();
    io.run();
  }
};

Result<HttpResponse> send(Client& client, HttpCall call) {
  Outcome outcome;
  asio::co_spawn(client.io, send_into(client.http, std::move(call), outcome), asio::detached);
  client.run();
  REQUIRE(outcome.has_value());
  return std::move(*outcome);
}

HttpCall get(std::string url) {
  HttpCall call;
  call.url = std::move(url);
  call.timeout = seconds(20);
  return call;
}

Errc error_of(Client& client, HttpCall call) {
  const Result<HttpResponse> outcome = send(client, std::move(call));
  REQUIRE_FALSE(outcome.has_value());
  return outcome.error().code;
}

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

asio::awaitable<HttpResponse> echo(HttpRequest request) {
  HttpResponse response;
  response.status = 201;
  for (const HttpHeader& header : request.headers) {
    if (header.name != "host") response.headers.push_back({"seen-" + header.name, header.value});
  }
  response.body = request.method + " " + request.target + " [" + request.body + "]";
  co_return response;
}

HttpServerLimits limits() {
  HttpServerLimits limits;
  limits.body_bytes = [](const HttpRequest&) { return std::size_t{10'000'000}; };
  return limits;
}

std::string header(const HttpResponse& response, std::string_view name) {
  const std::string* value = find_header(response.headers, name);
  return value == nullptr ? "(none)" : *value;
}

TEST_CASE("http client: every method, with what belongs to it") {
  LocalServer server(echo, limits());
  Client client;
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    CAPTURE(std::string(method));
    HttpCall call = get(server.url("/a?b=c"));
    call.method = method;
    call.headers = {{"X-One", "1"}, {"authorization", "Bearer x"}};
    if (call.method != "GET") call.body = std::string("a\0b", 3);
    const Result<HttpResponse> response = send(client, call);
    REQUIRE(response.has_value());
    CHECK(response->status == 201);
    CHECK(response->body == call.method + " /a?b=c [" + call.body + "]");
    CHECK(header(*response, "seen-x-one") == "1");
    CHECK(header(*response, "seen-authorization") == "Bearer x");
    CHECK(header(*response, "seen-expect") == "(none)");
    CHECK(header(*response, "seen-content-type") == "(none)");
    CHECK(header(*response, "seen-accept-encoding") == "(none)");
  }
  HttpCall head = get(server.url("/"));
  head.method = "HEAD";
  const Result<HttpResponse> response = send(client, head);
  REQUIRE(response.has_value());
  CHECK(response->body.empty());
  CHECK(header(*response, "content-length") == "9");
}

TEST_CASE("http client: large bodies go out at once and come back whole") {
  LocalServer server(echo, limits());
  Client client;
  HttpCall call = get(server.url("/"));
  call.method = "POST";
  call.headers = {{"content-type", "application/json"}, {"x-empty", ""}};
  call.body = std::string(3'000'000, 'x');
  const Result<HttpResponse> response = send(client, call);
  REQUIRE(response.has_value());
  CHECK(response->body == "POST / [" + call.body + "]");
  CHECK(header(*response, "seen-content-type") == "application/json");
  CHECK(header(*response, "seen-x-empty") == "");
  CHECK(header(*response, "seen-expect") == "(none)");
}

TEST_CASE("http client: any status is an answer, header names are lowercase, redirects stay") {
  RawServer server([](RawPeer& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send(
        "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\nHTTP/1.1 307 Over: There\r\n"
        "LOCATION: /loop \r\nContent-Length: 0\r\n\r\n");
  });
  Client client;
  const Result<HttpResponse> response = send(client, get(server.url("/loop")));
  REQUIRE(response.has_value());
  CHECK(response->status == 307);
  CHECK(header(*response, "location") == "/loop");
  CHECK(response->headers.size() == 2);
  CHECK(server.connections() == 1);
}

TEST_CASE("http client: not_sent when the peer cannot have seen the request") {
  Client client;
  RawServer plain([](RawPeer& peer, int) { peer.send("this is not TLS\r\n\r\n"); });
  RawServer mute([](RawPeer& peer, int) { peer.read_all(); });
  HttpCall hanging = get(mute.url("/", "https"));  // the time is over within the TLS handshake
  hanging.timeout = milliseconds(200);
  CHECK(error_of(client, hanging) == Errc::not_sent);
  CHECK(error_of(client, get(plain.url("/", "https"))) == Errc::not_sent);
  const std::string nobody = "http://127.0.0.1:" + std::to_string(test::unused_port());
  CHECK(error_of(client, get(nobody)) == Errc::not_sent);
  CHECK(error_of(client, get("http://name.invalid/")) == Errc::not_sent);
  CHECK(error_of(client, get("file:///etc/passwd")) == Errc::not_sent);
  CHECK(error_of(client, get("not a url")) == Errc::not_sent);
}

// Bytes that this process has read so far, from files as well as sockets.
long bytes_read() {
  std::ifstream file("/proc/self/io");
  std::string name;
  long bytes = 0;
  file >> name >> bytes;
  return bytes;
}

// A store of all public authorities is 200 kB, and its reading takes the event loop 20 ms.
TEST_CASE("http client: the authorities are read once, not for each new TLS connection") {
  RawServer plain([](RawPeer& peer, int) { peer.send("this is not TLS\r\n\r\n"); });
  Client client;
  const auto read_by_call = [&] {
    const long before = bytes_read();
    CHECK(error_of(client, get(plain.url("/", "https"))) == Errc::not_sent);
    return bytes_read() - before;
  };
  CHECK(read_by_call() > 100'000);
  CHECK(read_by_call() < 20'000);
}

TEST_CASE("E15 SSRF: a URL from outside does not lead into our own network") {
  Client client;
  RawServer server([](RawPeer& peer, int) { peer.read_until("\r\n\r\n"); });
  HttpCall call = get(server.url("/"));
  call.public_only = true;
  CHECK(error_of(client, std::move(call)) == Errc::not_sent);
}

TEST_CASE("http client: ambiguous when the peer may have seen it") {
  Client client;
  struct Row {
    const char* what;
    std::string answer;
  };
  const Row rows[] = {
      {"nothing, then the end", ""},
      {"half a header", "HTTP/1.1 200 OK\r\nContent-"},
      {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"},
      {"no HTTP", "SSH-2.0-OpenSSH\r\n"},
      {"half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe"},
      {"no header", "HTTP/1.1 200 OK\r\n"},
      {"only an interim answer", "HTTP/1.1 100 Continue\r\n\r\n"},
      {"interim, then half", "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\na:"}};
  for (const Row& row : rows) {
    CAPTURE(std::string(row.what));
    RawServer server([&row](RawPeer& peer, int) {
      peer.read_until("\r\n\r\n");
      peer.send(row.answer);
    });
    CHECK(error_of(client, get(server.url("/?secret"))) == Errc::ambiguous);
  }
}

TEST_CASE("http client: ambiguous when the answer takes too long") {
  Client client;
  RawServer mute([](RawPeer& peer, int) { peer.read_all(); });
  HttpCall call = get(mute.url("/?secret"));
  call.timeout = milliseconds(200);
  const Result<HttpResponse> outcome = send(client, call);
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == Errc::ambiguous);
  CHECK(outcome.error().message == "Timeout was reached");
}

TEST_CASE("http client: ambiguous also on a connection that has served before") {
  Client client;
  RawServer server([](RawPeer& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send(ok);
    peer.read_all();
  });
  REQUIRE(send(client, get(server.url("/"))).has_value());
  HttpCall call = get(server.url("/"));
  call.timeout = milliseconds(200);
  CHECK(error_of(client, call) == Errc::ambiguous);
  CHECK(server.connections() == 1);
}

TEST_CASE("E16 http client: an answer may be as long as allowed, not longer") {
  Client client;
  RawServer server([](RawPeer& peer, int) {
    const std::string head = peer.read_until("\r\n\r\n");
    if (head.starts_with("GET /header")) {
      peer.send("HTTP/1.1 200 OK\r\n");
      for (int i = 0; i < 100; ++i) peer.send("x: " + std::string(1000, 'x') + "\r\n");
      return;
    }
    peer.send(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");
  });
  HttpCall call = get(server.url("/"));
  call.answer_bytes_max = 6;
  const Result<HttpResponse> fits = send(client, call);
  REQUIRE(fits.has_value());
  CHECK(fits->body == "abcdef");
  call.answer_bytes_max = 5;
  const Result<HttpResponse> longer = send(client, call);
  REQUIRE_FALSE(longer.has_value());
  CHECK(longer.error().code == Errc::ambiguous);
  CHECK(longer.error().message == "the answer is too long");
  call.cut_answer = true;
  const Result<HttpResponse> cut = send(client, call);
  REQUIRE(cut.has_value());
  CHECK(cut->status == 200);
  CHECK(cut->body == "abc");
  call.url = server.url("/header");
  const Result<HttpResponse> header = send(client, call);
  REQUIRE_FALSE(header.has_value());
  CHECK(header.error().message == "the answer is too long");
}

TEST_CASE("http client: what must be sent once is sent once, even when a kept connection dies") {
  for (const bool once : {false, true}) {
    CAPTURE(once);
    std::atomic<int> requests = 0;
    RawServer server([&requests](RawPeer& peer, int connection) {
      peer.read_until("\r\n\r\n");
      ++requests;
      if (connection == 1) peer.send(ok);
      if (connection == 1) peer.read_until("\r\n\r\n");  // seen, and closed without an answer
      if (connection == 1) ++requests;
    });
    Client client;
    REQUIRE(send(client, get(server.url("/first"))).has_value());
    HttpCall call = get(server.url("/second"));
    call.send_once = once;
    if (once) call.timeout = seconds(1);  // the first connection still occupies the server
    CHECK(error_of(client, call) == Errc::ambiguous);
    CHECK(requests == (once ? 1 : 3));
  }
}

TEST_CASE("http client: connections are reused, but not by what must be sent once") {
  LocalServer server(echo, limits());
  Client client;
  for (int i = 0; i < 3; ++i) REQUIRE(send(client, get(server.url("/"))).has_value());
  CHECK(server.has_connections(1));
  HttpCall call = get(server.url("/"));
  call.send_once = true;
  REQUIRE(send(client, call).has_value());
  CHECK(server.has_connections(1));  // its own one is closed again
}

TEST_CASE("http client: a line break cannot become a header") {
  LocalServer server(echo, limits());
  Client client;
  HttpCall value = get(server.url("/"));
  value.headers = {{"idempotency-key", "a\r\nx-injected: b"}};
  CHECK(error_of(client, value) == Errc::invalid);
  HttpCall name = get(server.url("/"));
  name.headers = {{"a: b\nc", "d"}};
  CHECK(error_of(client, name) == Errc::invalid);
  CHECK(error_of(client, get(server.url("/ HTTP/1.1\r\nx: y\r\n"))) == Errc::invalid);
}

TEST_CASE("http client: many at once, each with its own answer") {
  LocalServer server(echo, limits());
  Client client;
  std::vector<Outcome> outcomes(200);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    HttpCall call = get(server.url("/" + std::to_string(i)));
    call.send_once = i % 2 == 0;
    asio::co_spawn(client.io, send_into(client.http, std::move(call), outcomes[i]), asio::detached);
  }
  client.run();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    REQUIRE(outcomes[i].has_value());
    REQUIRE(outcomes[i]->has_value());
    CHECK((*outcomes[i])->body == "GET /" + std::to_string(i) + " []");
  }
}

TEST_CASE("http client: cancelling the coroutine ends the request and lets the peer know") {
  Client client;
  std::atomic<bool> hung_up = false;
  asio::cancellation_signal cancel;
  RawServer server([&](RawPeer& peer, int) {
    peer.read_until("\r\n\r\n");
    asio::post(client.io, [&cancel] { cancel.emit(asio::cancellation_type::terminal); });
    hung_up = peer.closed();
  });
  Outcome outcome;
  asio::co_spawn(client.io, send_into(client.http, get(server.url("/")), outcome),
                 asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  client.run();
  REQUIRE(outcome.has_value());
  REQUIRE_FALSE(outcome->has_value());
  CHECK(outcome->error().code == Errc::ambiguous);
  CHECK(outcome->error().message == "cancelled");
  CHECK(test::eventually([&hung_up] { return hung_up.load(); }));
}

TEST_CASE("http client: a cancellation that meets the answer does no harm") {
  LocalServer server(echo, limits());
  Client client;
  for (int round = 0; round < 100; ++round) {
    asio::cancellation_signal cancel;
    Outcome outcome;
    client.io.restart();
    asio::co_spawn(client.io, send_into(client.http, get(server.url("/")), outcome),
                   asio::bind_cancellation_slot(cancel.slot(), asio::detached));
    for (int step = 0; step < round % 20; ++step) client.io.poll_one();
    cancel.emit(asio::cancellation_type::terminal);
    client.io.run();
    CHECK(outcome.has_value() == (round % 20 > 0));  // at first the coroutine had not begun
  }
}

TEST_CASE("http client: its end is the end of everything under way") {
  asio::io_context io;
  Outcome seen;
  Outcome unseen;
  RawServer mute([&io](RawPeer& peer, int) {
    peer.read_until("\r\n\r\n");
    io.stop();
    peer.read_all();
  });
  {
    CurlClient client(io.get_executor());
    asio::co_spawn(io, send_into(client, get(mute.url("/")), seen), asio::detached);
    asio::co_spawn(io, send_into(client, get(mute.url("/", "https")), unseen), asio::detached);
    io.run();
  }
  io.restart();
  io.run();
  REQUIRE(seen.has_value());
  REQUIRE(unseen.has_value());
  CHECK(seen->error().code == Errc::ambiguous);
  CHECK(seen->error().message == "shutting down");
  CHECK(unseen->error().code == Errc::not_sent);
}

}  // namespace
}  // namespace claimcheck
