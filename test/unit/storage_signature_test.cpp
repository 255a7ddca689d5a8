// The signatures for S3 storages, against AWS' published example and against what libcurl signs.
#include "base/crypto.hpp"
#include "net/http/client.hpp"
#include "storage/signature.hpp"
#include "support/http_fixture.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace claimcheck {
namespace {

using test::LocalServer;

const StorageKey example{.id = "AKIAIOSFODNN7EXAMPLE",
                         .secret = Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
                         .region = "us-east-1"};

TEST_CASE("storage: a signed link is AWS' own example") {
  const Time now = from_unix_s(1'369'353'600);
  CHECK(signature_time(now) == "20130524T000000Z");
  CHECK(signed_link(example, now,
                    {.url = "https://examplebucket.s3.amazonaws.com/test.txt",
                     .parameters = {},
                     .life = std::chrono::seconds(86'400)}) ==
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&"
        "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&"
        "X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&"
        "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST_CASE("storage: paths and queries are spelled as AWS does it") {
  CHECK(encode_path("a b/c+d/~é%.mp4") == "a%20b/c%2Bd/~%C3%A9%25.mp4");
  CHECK(encode_path("") == "");
  CHECK(encode_path("/a/") == "/a/");
  CHECK(encode_query({{"uploads", ""}, {"a/b", "c d"}, {"X", "&="}}) ==
        "X=%26%3D&a%2Fb=c%20d&uploads=");
}

// What a storage does to check a request, from the bytes that it got.
std::string expected_signature(const HttpRequest& request) {
  const std::string* authorization = find_header(request.headers, "authorization");
  const std::string* date = find_header(request.headers, "x-amz-date");
  const std::string* digest = find_header(request.headers, "x-amz-content-sha256");
  if (authorization == nullptr || date == nullptr || digest == nullptr) return "unsigned";
  const std::string mark = "SignedHeaders=";
  const std::size_t begin = authorization->find(mark) + mark.size();
  const std::string names = authorization->substr(begin, authorization->find(',', begin) - begin);
  std::string lines;
  for (std::size_t at = 0; at < names.size();) {
    const std::size_t end = std::min(names.find(';', at), names.size());
    const std::string name = names.substr(at, end - at);
    lines += name + ":" + joined_headers(request.headers, name) + "\n";
    at = end + 1;
  }
  const std::string path = request.target.substr(0, request.target.find('?'));
  const std::string canonical = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, path,
                                            request.query, lines, names, *digest);
  const auto second = [&](int at, int length) {
    return std::stoi(date->substr(static_cast<std::size_t>(at), static_cast<std::size_t>(length)));
  };
  const auto iso =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.000Z", second(0, 4), second(4, 2),
                  second(6, 2), second(9, 2), second(11, 2), second(13, 2));
  return request_signature(example, from_iso(iso).value(), canonical);
}

TEST_CASE("storage: libcurl signs host, port, digest, headers and query of each request") {
  std::vector<HttpRequest> seen;
  HttpServerLimits limits;
  limits.body_bytes = [](const HttpRequest&) { return std::size_t{10'000'000}; };
  LocalServer server(
      [&seen](HttpRequest request) -> boost::asio::awaitable<HttpResponse> {
        seen.push_back(std::move(request));
        co_return HttpResponse{};
      },
      limits);
  struct Row {
    const char* method;
    const char* target;
    std::string body;
  };
  const Row rows[] = {
      {"GET", "/bucket/?list-type=2&prefix=a%2Fb", ""},
      {"HEAD", "/bucket/a%20b/c.mp4", ""},
      {"POST", "/bucket/a.mp4?uploads=", ""},
      {"PUT", "/bucket/a.mp4?partNumber=1&uploadId=2~x", std::string(3'000'000, '\0')},
      {"DELETE", "/bucket/a.mp4?uploadId=2~x", ""}};
  for (const Row& row : rows) {
    CAPTURE(std::string(row.target));
    boost::asio::io_context io;
    CurlClient client(io.get_executor());
    HttpCall call;
    call.method = row.method;
    call.url = server.url(row.target);
    call.body = row.body;
    call.headers = {{"content-type", "video/mp4"}, {"cache-control", "max-age=60, private"}};
    if (call.method == "DELETE") call.headers.erase(call.headers.begin());
    call.signed_with = example;
    boost::asio::co_spawn(
        io, client.send(std::move(call)),
        [](const std::exception_ptr&, const auto& answer) { CHECK(answer.has_value()); });
    io.run();
    REQUIRE(seen.size() == 1);
    const HttpRequest request = std::move(seen.front());
    seen.clear();
    CHECK(request.method == row.method);
    CHECK(request.body == row.body);
    CHECK(joined_headers(request.headers, "x-amz-content-sha256") == sha256_hex(row.body));
    const std::string authorization = joined_headers(request.headers, "authorization");
    CHECK(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/"));
    CHECK(authorization.contains("/us-east-1/s3/aws4_request,"));
    CHECK(
        authorization.contains("SignedHeaders=cache-control;content-type;"
                               "host;x-amz-content-sha256;x-amz-date,"));
    CHECK(authorization.ends_with("Signature=" + expected_signature(request)));
    CHECK(joined_headers(request.headers, "host").ends_with(":" + std::to_string(server.port())));
    for (const HttpHeader& header : request.headers) {
      CHECK_FALSE(header.value.contains(example.secret.reveal()));
    }
  }
}

}  // namespace
}  // namespace claimcheck
