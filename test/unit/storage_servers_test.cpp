// Storage against two real S3 servers: npm's s3rver and Ceph's radosgw. All that it does must work
// with both, but for what one of them cannot do.
#include "support/storage_servers.hpp"

#include "base/crypto.hpp"
#include "net/http/client.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

namespace asio = boost::asio;
using test::StorageProgram;
using test::StorageServer;

// On an event loop of its own, over the network.
struct Subject {
  StorageServer server;
  asio::io_context io{};
  CurlClient client{io.get_executor()};
  RealClock clock{};
  Storage storage;

  explicit Subject(StorageProgram program)
      : server(program), storage(client, clock, server.options()) {}

  template <typename T>
  T run(asio::awaitable<T> task) {
    std::optional<T> result;
    asio::co_spawn(io, std::move(task),
                   [&](const std::exception_ptr&, T value) { result = std::move(value); });
    io.restart();
    io.run();
    return std::move(result.value());
  }

  HttpResponse get(const std::string& url, HttpHeaders headers = {}) {
    HttpCall call;
    call.url = url;
    call.headers = std::move(headers);
    call.answer_bytes_max = 20'000'000;
    const Result<HttpResponse> answer = run(client.send(std::move(call)));
    REQUIRE_MESSAGE(answer.has_value(), (answer ? std::string() : answer.error().message));
    return *answer;
  }

  Result<void> write(const std::string& object, const std::string& bytes) {
    const auto begun = run(storage.begin(object, {{"content-type", "video/mp4"}}));
    if (!begun) return fail(begun);
    const auto part = run(storage.put_part(*begun, 1, bytes));
    if (!part) return fail(part);
    return run(storage.complete(*begun, {*part}));
  }
};

std::string noise(std::size_t bytes, const std::string& seed) {
  std::string text;
  for (int i = 0; text.size() < bytes; ++i) text += sha256_hex(seed + std::to_string(i));
  text.resize(bytes);
  return text;
}

template <typename T>
const T& must(const Result<T>& result) {
  REQUIRE_MESSAGE(result.has_value(), (result ? std::string() : result.error().message));
  return *result;
}

const std::string object = "claimcheck/2026-11-29/00ff/a b+c~1.mp4";
const std::string first = noise(part_bytes, "first");
const std::string second = noise(part_bytes, "second");
const std::string last = noise(12'345, "last");
constexpr std::int64_t whole_bytes = 2 * part_bytes + 12'345;

// As after a crash: a part is sent again, and a completion as well, since its answer was lost.
void writes_in_parts(Subject& s) {
  CHECK(s.run(s.storage.find(object)).error().code == Errc::not_found);
  const Upload upload = must(s.run(s.storage.begin(object, {{"content-type", "video/mp4"}})));
  const UploadedPart one = must(s.run(s.storage.put_part(upload, 1, first)));
  must(s.run(s.storage.put_part(upload, 2, last)));
  const UploadedPart two = must(s.run(s.storage.put_part(upload, 2, second)));
  const UploadedPart three = must(s.run(s.storage.put_part(upload, 3, last)));
  CHECK(s.run(s.storage.find(object)).error().code == Errc::not_found);
  REQUIRE(s.run(s.storage.complete(upload, {one, two, three})).has_value());
  const auto again = s.run(s.storage.complete(upload, {one, two, three}));
  CHECK_MESSAGE(again.has_value(), (again ? std::string() : again.error().message));
  const ObjectInfo info = must(s.run(s.storage.find(object)));
  CHECK(info.bytes == whole_bytes);
  CHECK(info.content_type == "video/mp4");
}

void reads_whole(Subject& s) {
  const HttpResponse whole = s.get(s.storage.link(object));
  CHECK(whole.status == 200);
  CHECK(sha256_hex(whole.body) == sha256_hex(first + second + last));
  const HttpResponse range = s.get(s.storage.link(object), {{"range", "bytes=5242870-5242889"}});
  CHECK(range.status == 206);
  CHECK(range.body == (first + second).substr(5'242'870, 20));
  CHECK(joined_headers(range.headers, "content-range") == "bytes 5242870-5242889/10498105");
}

void reads_by_link(Subject& s) {
  REQUIRE(s.write("claimcheck/small.mp4", "0123456789").has_value());
  const HttpResponse whole = s.get(s.storage.link("claimcheck/small.mp4", "my \"film\" é.mp4"));
  CHECK(whole.status == 200);
  CHECK(whole.body == "0123456789");
  CHECK(joined_headers(whole.headers, "content-type") == "video/mp4");
  CHECK(joined_headers(whole.headers, "content-disposition") ==
        "attachment; filename=\"my _film_ __.mp4\"; filename*=UTF-8''my%20%22film%22%20%C3%A9.mp4");
}

void refuses_what_is_not_signed(Subject& s) {
  REQUIRE(s.write("claimcheck/x.mp4", "bytes").has_value());
  const std::string link = s.storage.link("claimcheck/x.mp4");
  CHECK(s.get(link).body == "bytes");
  std::string other_object = link;
  other_object.replace(other_object.find("x.mp4"), 5, "y.mp4");
  CHECK(s.get(other_object).status == 403);
  std::string longer = link;
  longer.replace(longer.find("Expires=3600"), 12, "Expires=7200");
  CHECK(s.get(longer).status == 403);
  CHECK(s.get(link.substr(0, link.find('?'))).status == 403);

  StorageOptions options = s.server.options();
  ManualClock past(s.clock.now() - std::chrono::hours(2));
  const Storage ended(s.client, past, options);
  CHECK(s.get(ended.link("claimcheck/x.mp4")).status == 403);
  options.key.secret = Secret("wrong");
  Storage stranger(s.client, s.clock, options);
  CHECK(s.get(stranger.link("claimcheck/x.mp4")).status == 403);
  CHECK(s.run(stranger.begin("claimcheck/z", {})).error().code == Errc::forbidden);
  CHECK(s.run(stranger.find("claimcheck/x.mp4")).error().code == Errc::forbidden);
  CHECK(s.run(stranger.remove("claimcheck/x.mp4")).error().code == Errc::forbidden);
  options = s.server.options();
  options.url += "-of-nobody";
  Storage nowhere(s.client, s.clock, options);
  CHECK(s.run(nowhere.begin("claimcheck/z", {})).error().code == Errc::not_found);
  CHECK(s.run(nowhere.list("", "")).error().code == Errc::not_found);
}

void lists_and_removes(Subject& s) {
  for (const char* name : {"claimcheck/2026-01-01/a", "claimcheck/2026-01-02/b",
                           "claimcheck/2026-02-01/c & <d>", "other/2026-01-01/e"}) {
    REQUIRE(s.write(name, "x").has_value());
  }
  CHECK(must(s.run(s.storage.list("", ""))).objects ==
        std::vector<std::string>{"claimcheck/2026-01-01/a", "claimcheck/2026-01-02/b",
                                 "claimcheck/2026-02-01/c & <d>"});
  CHECK(must(s.run(s.storage.list("2026-01", "claimcheck/2026-01-01/a"))).objects ==
        std::vector<std::string>{"claimcheck/2026-01-02/b"});
  CHECK(must(s.run(s.storage.list("", ""))).next.empty());
  CHECK(s.run(s.storage.remove("claimcheck/2026-02-01/c & <d>")).has_value());
  CHECK(s.run(s.storage.remove("claimcheck/2026-02-01/c & <d>")).has_value());
  CHECK(must(s.run(s.storage.list("2026-02", ""))).objects.empty());
}

void gives_up(Subject& s) {
  const Upload upload = must(s.run(s.storage.begin("claimcheck/given-up", {})));
  must(s.run(s.storage.put_part(upload, 1, "x")));
  CHECK(s.run(s.storage.abandon(upload)).has_value());
  CHECK(s.run(s.storage.abandon(upload)).has_value());
  CHECK(s.run(s.storage.put_part(upload, 2, "x")).error().code == Errc::not_found);
  CHECK(s.run(s.storage.find("claimcheck/given-up")).error().code == Errc::not_found);
}

void damaged_bytes_are_refused(Subject& s) {
  const Upload upload = must(s.run(s.storage.begin("claimcheck/damaged", {})));
  HttpCall call;
  call.method = "PUT";
  call.url =
      s.server.options().url + "/claimcheck/damaged?partNumber=1&uploadId=" + url_encode(upload.id);
  call.headers = {{"content-md5", md5_base64("what was meant")}};
  call.body = "what was sent.";
  call.signed_with = s.server.options().key;
  const Result<HttpResponse> answer = s.run(s.client.send(std::move(call)));
  CHECK(must(answer).status == 400);
}

// It looks at no signature of version 4.
TEST_CASE("storage: all of it works with s3rver") {
  Subject s(StorageProgram::s3rver);
  writes_in_parts(s);
  reads_whole(s);
  reads_by_link(s);
  Subject other(StorageProgram::s3rver);
  lists_and_removes(other);
}

// Its store in a file gives several parts, and ranges of one, back wrongly: s3rver is asked for
// those.
TEST_CASE("storage: all of it works with Ceph's radosgw") {
  Subject s(StorageProgram::radosgw);
  writes_in_parts(s);
  reads_by_link(s);
  refuses_what_is_not_signed(s);
  gives_up(s);
  damaged_bytes_are_refused(s);
  Subject other(StorageProgram::radosgw);
  lists_and_removes(other);
}

}  // namespace
}  // namespace claimcheck
