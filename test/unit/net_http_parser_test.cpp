// RequestParser, fed without a socket, in pieces of every size.
#include "net/http/request_parser.hpp"
#include "support/hostile_requests.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace claimcheck {
namespace {

constexpr std::size_t header_max = 1024;

// How a parser ends that gets `bytes` in pieces of that size; what it left over goes to `rest`.
struct Fed {
  RequestParser parser{header_max};
  std::string rest;

  Fed(std::string_view bytes, std::size_t piece, std::size_t body_max = 1000) {
    bool limited = false;
    while (parser.refusal() == 0 && !(limited && parser.done())) {
      if (parser.has_head() && !limited) {
        parser.limit_body(body_max);
        limited = true;
      } else if (bytes.empty()) {
        break;
      } else {
        rest += bytes.substr(0, piece);
        bytes.remove_prefix(std::min(piece, bytes.size()));
      }
      rest.erase(0, parser.feed(rest));
    }
    rest += bytes;
  }
};

const std::size_t pieces[] = {1, 2, 3, 7, 100'000};

TEST_CASE("request parser: a request is the same in pieces of any size") {
  const std::string bytes =
      "PATCH /a%20b/%C3%A9?x=%zz&y HTTP/1.1\r\nHost: x\r\nX-Mixed-CASE:  padded \r\n"
      "content-length: 5\r\n\r\n" +
      std::string("he\0lo", 5) + "GET /next";
  for (const std::size_t piece : pieces) {
    CAPTURE(piece);
    Fed fed(bytes, piece);
    REQUIRE(fed.parser.refusal() == 0);
    REQUIRE(fed.parser.done());
    const HttpRequest& request = fed.parser.request();
    CHECK(request.method == "PATCH");
    CHECK(request.target == "/a%20b/%C3%A9?x=%zz&y");
    CHECK(request.path == "/a b/é");
    CHECK(request.query == "x=%zz&y");
    CHECK(request.body == std::string("he\0lo", 5));
    REQUIRE(find_header(request.headers, "x-mixed-case") != nullptr);
    CHECK(*find_header(request.headers, "x-mixed-case") == "padded");
    CHECK(fed.rest == "GET /next");
    CHECK(fed.parser.keep_alive());
  }
}

TEST_CASE(
    "request parser: the target may be a whole address, and its host is the one that counts") {
  struct Row {
    const char* target;
    const char* path;
    const char* query;
  };
  const Row rows[] = {{"http://shop.example/a%20b?x=1", "/a b", "x=1"},
                      {"HTTPS://shop.example:8443/healthz", "/healthz", ""},
                      {"http://[::1]:8080/healthz", "/healthz", ""},
                      {"http://shop.example", "/", ""},
                      {"http://shop.example?x=/y", "/", "x=/y"}};
  for (const Row& row : rows) {
    for (const std::size_t piece : pieces) {
      CAPTURE(std::string(row.target));
      CAPTURE(piece);
      const std::string target = row.target;
      Fed fed("GET " + target + " HTTP/1.1\r\nHost: another.example\r\n\r\n", piece);
      REQUIRE(fed.parser.done());
      CHECK(fed.parser.refusal() == 0);
      CHECK(fed.parser.request().target == target);
      CHECK(fed.parser.request().path == row.path);
      CHECK(fed.parser.request().query == row.query);
    }
  }
}

TEST_CASE("request parser: one empty line before the request is passed over, a second is not") {
  const std::string request = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const std::size_t piece : pieces) {
    CAPTURE(piece);
    Fed fed("\r\n" + request + "\r\nGET /next", piece);
    REQUIRE(fed.parser.refusal() == 0);
    REQUIRE(fed.parser.done());
    CHECK(fed.parser.request().path == "/a");
    CHECK(fed.rest == "\r\nGET /next");
    CHECK(Fed("\r\n\r\n" + request, piece).parser.refusal() == 400);
    CHECK(Fed("\n" + request, piece).parser.refusal() == 400);
    CHECK(Fed("\r" + request, piece).parser.refusal() == 400);
  }
}

TEST_CASE("request parser: chunks are put together; extensions and trailers are passed over") {
  const std::string bytes =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "3;a=b;c=\"d\"\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: late\r\n\r\nGET";
  for (const std::size_t piece : pieces) {
    CAPTURE(piece);
    Fed fed(bytes, piece);
    REQUIRE(fed.parser.refusal() == 0);
    REQUIRE(fed.parser.done());
    CHECK(fed.parser.request().body == "hello");
    CHECK(find_header(fed.parser.request().headers, "trailer") == nullptr);
    CHECK(fed.rest == "GET");
  }
}

TEST_CASE("request parser: what two readers could read differently is refused") {
  for (const test::HostileRequest& hostile : test::hostile_requests()) {
    for (const std::size_t piece : pieces) {
      CAPTURE(std::string(hostile.why));
      CAPTURE(piece);
      const Fed fed(hostile.bytes, piece);
      CHECK(fed.parser.refusal() == 400);
    }
  }
}

TEST_CASE("request parser: a body may have lines that begin with a space") {
  const std::string body = "{\r\n  \"a\":\r\n\t1}";
  const std::string bytes =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
      body;
  for (const std::size_t piece : pieces) {
    CAPTURE(piece);
    const Fed fed(bytes, piece);
    CHECK(fed.parser.refusal() == 0);
    CHECK(fed.parser.done());
  }
}

TEST_CASE("request parser: sizes are limited") {
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string many(2000, 'a');
  struct Row {
    const char* what;
    std::string bytes;
    int refusal;
  };
  const Row rows[] = {
      {"long path", "GET /" + many, 431},
      {"long header", "GET / HTTP/1.1\r\nHost: x\r\nlong: " + many + "\r\n\r\n", 431},
      {"long body", post + "Content-Length: 1001\r\n\r\n", 413},
      {"longest body", post + "Content-Length: 1000\r\n\r\n" + many.substr(0, 1000), 0},
      {"huge body", post + "Content-Length: 18446744073709551615\r\n\r\n", 413},
      {"long chunk", chunked + "3e9\r\n", 413},
      {"longest chunk", chunked + "3e8\r\n" + many.substr(0, 1000) + "\r\n0\r\n\r\n", 0},
      {"long chunks", chunked + "3e8\r\n" + many.substr(0, 1000) + "\r\n1\r\na\r\n", 413},
      {"long extension", chunked + "1;" + many, 400},
      {"long extension, complete", chunked + "1;" + many + "\r\na\r\n0\r\n\r\n", 400},
      {"longest extension", chunked + "1;" + many.substr(0, 1021) + "\r\na\r\n0\r\n\r\n", 0},
      {"one more", chunked + "1;" + many.substr(0, 1022) + "\r\na\r\n0\r\n\r\n", 400},
      {"long trailer", chunked + "0\r\nlong: " + many, 431},
  };
  for (const Row& row : rows) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{100'000}}) {
      CAPTURE(std::string(row.what));
      CAPTURE(piece);
      const Fed fed(row.bytes, piece);
      CHECK(fed.parser.refusal() == row.refusal);
      CHECK(fed.parser.done() == (row.refusal == 0));
    }
  }
}

TEST_CASE("request parser: who wants to keep the connection") {
  struct Row {
    const char* version;
    const char* connection;
    bool keeps;
  };
  const Row rows[] = {{"1.1", "", true},
                      {"1.1", "Connection: close\r\n", false},
                      {"1.1", "Connection: foo, Close\r\n", false},
                      {"1.0", "", false},
                      {"1.0", "Connection: Keep-Alive\r\n", true}};
  for (const Row& row : rows) {
    const Fed fed(fmt::format("GET / HTTP/{}\r\nHost: x\r\n{}\r\n", row.version, row.connection),
                  5);
    CAPTURE(std::string(row.connection));
    REQUIRE(fed.parser.done());
    CHECK(fed.parser.keep_alive() == row.keeps);
  }
}

TEST_CASE("request parser: a peer that waits for 100 Continue is known, if it has a body to send") {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\n";
  CHECK(Fed(head + "Content-Length: 5\r\n\r\n", 1).parser.expects_continue());
  CHECK_FALSE(Fed(head + "Content-Length: 0\r\n\r\n", 1).parser.expects_continue());
  CHECK_FALSE(Fed("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", 1)
                  .parser.expects_continue());
}

}  // namespace
}  // namespace claimcheck
