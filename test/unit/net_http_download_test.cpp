// CurlClient::open against real sockets: an answer in pieces, no more of it in memory than was
// agreed, and an end for every reader. HttpServer's side of it: a stream whose length is known.
#include "net/http/client.hpp"
#include "support/http_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include <atomic>
#include <exception>
#include <functional>
#include <optional>

namespace claimcheck {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::LocalServer;
using test::RawPeer;
using test::RawServer;

constexpr std::size_t large = 20'000'000;

struct Read {
  std::optional<Result<HttpDownload>> header;
  std::string body;
  std::optional<Error> error;  // of a piece
  std::size_t longest = 0;
};

asio::awaitable<void> read_rest(HttpDownload& download, Read& read) {
  while (true) {
    const Result<std::string> piece = co_await download.read();
    if (!piece) {
      read.error = piece.error();
      co_return;
    }
    if (piece->empty()) co_return;
    read.longest = std::max(read.longest, piece->size());
    read.body += *piece;
  }
}

asio::awaitable<void> read_all(HttpClient& client, HttpCall call, Read& read) {
  read.header = co_await client.open(std::move(call));
  if (*read.header) co_await read_rest(**read.header, read);
}

asio::awaitable<void> open_only(HttpClient& client, HttpCall call, Read& read) {
  read.header = co_await client.open(std::move(call));
}

// A client and the event loop that it runs on, which an unfinished download keeps busy.
struct Client {
  asio::io_context io;
  CurlClient http{io.get_executor()};

  // Until the task is over.
  void run(asio::awaitable<void> task) {
    bool over = false;
    asio::co_spawn(io, std::move(task), [&over](const std::exception_ptr&) { over = true; });
    run_until([&over] { return over; });
  }
  bool run_until(const std::function<bool()>& condition) {
    io.restart();
    return test::eventually([&] {
      io.poll();
      io.restart();
      return condition();
    });
  }
};

HttpCall get(std::string url) {
  HttpCall call;
  call.url = std::move(url);
  call.timeout = seconds(20);
  return call;
}

Read download(Client& client, HttpCall call) {
  Read read;
  client.run(read_all(client.http, std::move(call), read));
  return read;
}

// `length` bytes in pieces, and how many of them were asked for.
HttpHandler streaming(std::size_t length, std::atomic<std::size_t>& given) {
  return [length, &given](HttpRequest) -> asio::awaitable<HttpResponse> {
    HttpResponse response{.status = 206, .headers = {{"content-length", std::to_string(length)}}};
    const auto left = std::make_shared<std::size_t>(length);
    response.stream = [left, &given]() -> asio::awaitable<std::shared_ptr<const std::string>> {
      if (*left == 0) co_return nullptr;
      const std::size_t bytes = std::min<std::size_t>(*left, 100'000);
      *left -= bytes;
      given += bytes;
      co_return std::make_shared<const std::string>(bytes, 'v');
    };
    co_return response;
  };
}

TEST_CASE("download: a large body comes in pieces, and whole") {
  std::atomic<std::size_t> given = 0;
  LocalServer server(streaming(large, given));
  Client client;
  HttpCall call = get(server.url("/"));
  call.answer_bytes_max = 10;  // counts for nothing here
  const Read read = download(client, call);
  REQUIRE(read.header.has_value());
  REQUIRE(read.header->has_value());
  CHECK((*read.header)->status == 206);
  const std::string* length = find_header((*read.header)->headers, "content-length");
  REQUIRE(length != nullptr);
  CHECK(*length == std::to_string(large));
  CHECK(read.body == std::string(large, 'v'));
  CHECK(read.longest <= download_ahead_max);
  CHECK_FALSE(read.error.has_value());
}

TEST_CASE("download: what nobody reads yet stays at the server") {
  std::atomic<std::size_t> given = 0;
  LocalServer server(streaming(large * 5, given));
  Client client;
  Read read;
  client.run(open_only(client.http, get(server.url("/")), read));
  REQUIRE(read.header->has_value());
  // Until it has stood still: what is ahead, and what both kernels keep for their sockets.
  constexpr std::size_t sockets_bytes = 16 * 1024 * 1024;
  std::size_t before = 0;
  REQUIRE(
      client.run_until([&] { return std::exchange(before, given.load()) == given && before > 0; }));
  CHECK(given < download_ahead_max + sockets_bytes);
  client.run(read_rest(**read.header, read));
  CHECK_FALSE(read.error.has_value());
  CHECK(read.body.size() == large * 5);
  CHECK(read.longest <= download_ahead_max);
}

TEST_CASE("download: the header is there before the body, which waits for the peer") {
  std::atomic<bool> opened = false;
  RawServer server([&opened](RawPeer& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send(
        "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-One: 1\r\n"
        "Transfer-Encoding: chunked\r\n\r\n");
    REQUIRE(test::eventually([&opened] { return opened.load(); }));
    peer.send("3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 2\r\n\r\n");
  });
  Client client;
  Read read;
  client.run(open_only(client.http, get(server.url("/")), read));
  REQUIRE(read.header->has_value());
  CHECK((*read.header)->status == 200);
  CHECK(find_header((*read.header)->headers, "x-early") == nullptr);
  CHECK(find_header((*read.header)->headers, "x-one") != nullptr);
  opened = true;
  client.run(read_rest(**read.header, read));
  CHECK(read.body == "abcde");
  CHECK_FALSE(read.error.has_value());
}

TEST_CASE("download: any status is an answer, and an empty body ends at once") {
  RawServer server([](RawPeer& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n");
  });
  Client client;
  Read read = download(client, get(server.url("/")));
  REQUIRE(read.header->has_value());
  CHECK((*read.header)->status == 404);
  CHECK(read.body.empty());
  client.run(read_rest(**read.header, read));  // and it stays ended
  CHECK_FALSE(read.error.has_value());
}

TEST_CASE("download: a body that breaks off is an error after its bytes") {
  for (const char* rest :
       {"Content-Length: 5\r\n\r\nhe", "Transfer-Encoding: chunked\r\n\r\n5\r\nhe"}) {
    RawServer server([rest](RawPeer& peer, int) {
      peer.read_until("\r\n\r\n");
      peer.send(std::string("HTTP/1.1 200 OK\r\n") + rest);
    });
    Client client;
    Read read = download(client, get(server.url("/?secret")));
    REQUIRE(read.header->has_value());
    CHECK(read.body == "he");
    REQUIRE(read.error.has_value());
    CHECK(read.error->code == Errc::ambiguous);
    CHECK_FALSE(read.error->message.contains("secret"));
    read.error.reset();
    client.run(read_rest(**read.header, read));  // said again, not taken for the end
    CHECK(read.error.has_value());
  }
}

TEST_CASE("download: without a header it is an error of open()") {
  Client client;
  const std::string nobody = "http://127.0.0.1:" + std::to_string(test::unused_port());
  Read read = download(client, get(nobody));
  REQUIRE_FALSE(read.header->has_value());
  CHECK(read.header->error().code == Errc::not_sent);
  RawServer half([](RawPeer& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-");
  });
  read = download(client, get(half.url("/")));
  REQUIRE_FALSE(read.header->has_value());
  CHECK(read.header->error().code == Errc::ambiguous);
  HttpCall broken = get(half.url("/"));
  broken.headers = {{"a", "b\r\nc: d"}};
  read = download(client, broken);
  CHECK(read.header->error().code == Errc::invalid);
}

TEST_CASE("download: its time is for the header, and then for each piece") {
  Client client;
  RawServer mute([](RawPeer& peer, int) { peer.read_all(); });
  HttpCall call = get(mute.url("/"));
  call.timeout = milliseconds(200);
  Read read = download(client, call);
  REQUIRE_FALSE(read.header->has_value());
  CHECK(read.header->error().code == Errc::ambiguous);
  CHECK(read.header->error().message == "Timeout was reached");
  RawServer stops([](RawPeer& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
    peer.read_all();
  });
  call.url = stops.url("/");
  read = download(client, call);
  REQUIRE(read.header->has_value());
  CHECK(read.body == "he");
  REQUIRE(read.error.has_value());
  CHECK(read.error->message == "Timeout was reached");
}

TEST_CASE("download: it ends with its last reader, and the peer knows") {
  std::atomic<bool> hung_up = false;
  RawServer server([&hung_up](RawPeer& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
    hung_up = peer.closed();
  });
  Client client;
  {
    Read read;
    client.run(open_only(client.http, get(server.url("/")), read));
    REQUIRE(read.header->has_value());
    const auto copy = (*read.header)->read;
    read.header.reset();
    CHECK_FALSE(hung_up);
  }
  CHECK(test::eventually([&hung_up] { return hung_up.load(); }));
}

TEST_CASE("download: cancelling its reader ends it") {
  Client client;
  asio::cancellation_signal cancel;
  std::atomic<bool> hung_up = false;
  RawServer server([&](RawPeer& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
    asio::post(client.io, [&cancel] { cancel.emit(asio::cancellation_type::terminal); });
    hung_up = peer.closed();
  });
  Read read;
  asio::co_spawn(client.io, read_all(client.http, get(server.url("/")), read),
                 asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  client.io.run();
  CHECK(test::eventually([&hung_up] { return hung_up.load(); }));
}

TEST_CASE("download: the end of the client is the end of all that is read, which is told") {
  RawServer server([](RawPeer& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
    peer.read_all();
  });
  Read read;
  asio::io_context io;
  {
    CurlClient client(io.get_executor());
    asio::co_spawn(io, open_only(client, get(server.url("/")), read), asio::detached);
    while (!read.header) io.run_one();
    REQUIRE(read.header->has_value());
  }
  asio::co_spawn(io, read_rest(**read.header, read), asio::detached);
  io.run();
  REQUIRE(read.error.has_value());
  CHECK(read.error->code == Errc::ambiguous);
}

TEST_CASE(
    "http server: a stream whose length is known says it, also to HEAD and when it stops short") {
  const auto answer = [](HttpRequest request) -> asio::awaitable<HttpResponse> {
    HttpResponse response{.status = 206, .headers = {{"content-length", "6"}}};
    const auto left = std::make_shared<int>(request.path == "/short" ? 1 : 2);
    response.stream = [left]() -> asio::awaitable<std::shared_ptr<const std::string>> {
      if (*left == 0) co_return nullptr;
      --*left;
      co_return std::make_shared<const std::string>("abc");
    };
    co_return response;
  };
  LocalServer server(answer);
  const std::string head =
      "HTTP/1.1 206 Partial Content\r\ncontent-length: 6\r\nconnection: close\r\n\r\n";
  RawPeer whole(server.port());
  whole.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(whole.read_all() == head + "abcabc");
  RawPeer asked(server.port());
  asked.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(asked.read_all() == head);
  Client client;
  const Read read = download(client, get(server.url("/short")));
  CHECK(read.body == "abc");
  CHECK(read.error.has_value());
}

}  // namespace
}  // namespace claimcheck
