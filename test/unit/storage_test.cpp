// Storage against a scripted S3: the bytes of each request, and what it makes of each answer.
#include "storage/storage.hpp"

#include "support/scripted_client.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

using test::Runner;
using test::ScriptedClient;

StorageOptions options_of(std::string url) {
  return {.url = std::move(url),
          .key = {.id = "AKID", .secret = Secret("sesame"), .region = "eu-central-1"},
          .prefix = "shop/"};
}

struct Subject {
  ScriptedClient client{};
  Runner run{};
  Storage storage;

  explicit Subject(StorageOptions options = options_of("https://s3.example/bucket"))
      : storage(client, run.clock, std::move(options)) {}

  void answers(int status, std::string body = {}, HttpHeaders headers = {}) {
    client.answers.emplace_back(
        HttpResponse{.status = status, .headers = std::move(headers), .body = std::move(body)});
  }
  std::string asked(std::size_t index) const {
    const HttpCall& call = client.calls.at(index);
    return call.method + " " + call.url;
  }
};

const Upload upload{.object = "shop/a b.mp4", .id = "2~id/="};

std::string error_body(const std::string& code) {
  return "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>m</Message></Error>";
}

TEST_CASE("storage: an object is begun, written in parts and completed") {
  Subject s;
  s.answers(200,
            "<InitiateMultipartUploadResult xmlns=\"x\"><Key>shop/a "
            "b.mp4</Key><UploadId>2~id/=</UploadId>"
            "</InitiateMultipartUploadResult>");
  const auto begun = s.run(s.storage.begin("shop/a b.mp4", {{"content-type", "video/mp4"}}));
  REQUIRE(begun.has_value());
  CHECK(begun->id == "2~id/=");
  CHECK(begun->object == "shop/a b.mp4");
  CHECK(s.asked(0) == "POST https://s3.example/bucket/shop/a%20b.mp4?uploads=");
  CHECK(joined_headers(s.client.calls[0].headers, "content-type") == "video/mp4");
  REQUIRE(s.client.calls[0].signed_with.has_value());
  CHECK(s.client.calls[0].signed_with->id == "AKID");
  CHECK(s.client.calls[0].signed_with->region == "eu-central-1");

  s.answers(200, "", {{"etag", "\"900150983cd24fb0d6963f7d28e17f72\""}});
  const auto part = s.run(s.storage.put_part(*begun, 7, "abc"));
  REQUIRE(part.has_value());
  CHECK(part->number == 7);
  CHECK(part->bytes == 3);
  CHECK(part->etag == "\"900150983cd24fb0d6963f7d28e17f72\"");
  CHECK(s.asked(1) ==
        "PUT https://s3.example/bucket/shop/a%20b.mp4?partNumber=7&uploadId=2~id%2F%3D");
  CHECK(s.client.calls[1].body == "abc");
  CHECK(joined_headers(s.client.calls[1].headers, "content-md5") == "kAFQmDzST7DWlj99KOF/cg==");

  s.answers(200,
            "  <CompleteMultipartUploadResult><Key>shop/a%20b.mp4</Key>"
            "<ETag>x</ETag></CompleteMultipartUploadResult>");
  REQUIRE(s.run(s.storage.complete(*begun, {*part})).has_value());
  CHECK(s.asked(2) == "POST https://s3.example/bucket/shop/a%20b.mp4?uploadId=2~id%2F%3D");
  CHECK(s.client.calls[2].body ==
        "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Part>"
        "<PartNumber>7</PartNumber><ETag>&quot;900150983cd24fb0d6963f7d28e17f72&quot;</ETag></Part>"
        "</CompleteMultipartUpload>");
  CHECK(s.client.answers.empty());
}

TEST_CASE("storage: an answer about another object counts as none") {
  Subject s;
  s.answers(200,
            "<InitiateMultipartUploadResult><Key>shop/b.mp4</Key><UploadId>2</UploadId>"
            "</InitiateMultipartUploadResult>");
  CHECK(s.run(s.storage.begin("shop/a b.mp4", {})).error().code == Errc::ambiguous);
  s.answers(200,
            "<CompleteMultipartUploadResult><Key>shop/b.mp4</Key></CompleteMultipartUploadResult>");
  const auto completed = s.run(s.storage.complete(upload, {}));
  REQUIRE_FALSE(completed.has_value());
  CHECK(completed.error().code == Errc::ambiguous);
  // Nor is the object looked for: it cannot be there yet.
  CHECK(s.client.calls.size() == 2);
  // With a folder in the bucket's URL the storage's name is longer.
  s.answers(200,
            "<CompleteMultipartUploadResult><Key>folder/shop/a b.mp4</Key>"
            "</CompleteMultipartUploadResult>");
  CHECK(s.run(s.storage.complete(upload, {})).has_value());
}

TEST_CASE("storage: find, remove and list") {
  Subject s(options_of("https://bucket.example/"));
  s.answers(200, "", {{"content-length", "12345678901"}, {"content-type", "video/mp4"}});
  const auto found = s.run(s.storage.find("shop/x"));
  REQUIRE(found.has_value());
  CHECK(found->bytes == 12'345'678'901);
  CHECK(found->content_type == "video/mp4");
  CHECK(s.asked(0) == "HEAD https://bucket.example/shop/x");
  s.answers(204);
  CHECK(s.run(s.storage.remove("shop/x")).has_value());
  CHECK(s.asked(1) == "DELETE https://bucket.example/shop/x");
  s.answers(200,
            "<ListBucketResult><Contents><Key>shop/2026-01-01/a</Key></Contents>"
            "<Contents><Key>shop/2026-01-02/b</Key></Contents><IsTruncated>true</IsTruncated>"
            "</ListBucketResult>");
  const auto page = s.run(s.storage.list("2026", "shop/2025"));
  REQUIRE(page.has_value());
  CHECK(page->objects == std::vector<std::string>{"shop/2026-01-01/a", "shop/2026-01-02/b"});
  CHECK(page->next == "shop/2026-01-02/b");
  CHECK(s.asked(2) ==
        "GET https://bucket.example/?list-type=2&max-keys=1000&prefix=shop%2F2026&"
        "start-after=shop%2F2025");
  s.answers(200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
  const auto last = s.run(s.storage.list("", ""));
  REQUIRE(last.has_value());
  CHECK(last->next.empty());
  CHECK(s.asked(3) == "GET https://bucket.example/?list-type=2&max-keys=1000&prefix=shop%2F");
}

TEST_CASE("storage: a list holds nothing else than was asked for, and comes to an end") {
  Subject s;
  s.answers(200,
            "<ListBucketResult><Contents><Key>other/x</Key></Contents><Contents>"
            "<Key>shop/2026-01</Key></Contents><Contents><Key>shop/2026-02</Key></Contents>"
            "<Contents><Key>shop/2025-01</Key></Contents><IsTruncated>true</IsTruncated>"
            "</ListBucketResult>");
  const auto page = s.run(s.storage.list("2026", "shop/2026-01"));
  REQUIRE(page.has_value());
  CHECK(page->objects == std::vector<std::string>{"shop/2026-02"});
  CHECK(page->next.empty());
}

TEST_CASE("storage: each refusal has its code, and tells neither key nor secret") {
  struct Row {
    int status;
    const char* said;
    Errc code;
    const char* told;
  };
  const Row rows[] = {
      {403, "AccessDenied", Errc::forbidden, "403 AccessDenied"},
      {403, "SignatureDoesNotMatch", Errc::forbidden, "secret does not belong"},
      {403, "RequestTimeTooSkewed", Errc::forbidden, "clock is wrong"},
      {403, "InvalidAccessKeyId", Errc::forbidden, "InvalidAccessKeyId"},
      {400, "AuthorizationHeaderMalformed", Errc::forbidden, "check URL and region"},
      {400, "ExpiredToken", Errc::forbidden, "ExpiredToken"},
      {401, "", Errc::forbidden, "401"},
      {404, "NoSuchBucket", Errc::not_found, "NoSuchBucket"},
      {404, "NoSuchUpload", Errc::not_found, "NoSuchUpload"},
      {301, "PermanentRedirect", Errc::invalid, "check URL and region"},
      {400, "InvalidPart", Errc::invalid, "InvalidPart"},
      {400, "BadDigest", Errc::unavailable, "BadDigest"},
      {400, "RequestTimeout", Errc::unavailable, "RequestTimeout"},
      {405, "MethodNotAllowed", Errc::invalid, "405"},
      {409, "OperationAborted", Errc::unavailable, "409"},
      {429, "", Errc::unavailable, "429"},
      {500, "InternalError", Errc::unavailable, "500"},
      {501, "NotImplemented", Errc::unavailable, "NotImplemented"},
      {503, "SlowDown", Errc::unavailable, "SlowDown"}};
  for (const Row& row : rows) {
    CAPTURE(row.status);
    CAPTURE(std::string(row.said));
    Subject s;
    const std::string body = *row.said == '\0' ? "oops" : error_body(row.said);
    const auto check = [&row](const Error& error) {
      CHECK(error.code == row.code);
      CHECK(error.message.contains(row.told));
      CHECK_FALSE(error.message.contains("AKID"));
      CHECK_FALSE(error.message.contains("sesame"));
    };
    for (int i = 0; i < 5; ++i) s.answers(row.status, body);
    check(s.run(s.storage.begin("shop/x", {})).error());
    check(s.run(s.storage.put_part(upload, 1, "x")).error());
    check(s.run(s.storage.find("shop/x")).error());
    check(s.run(s.storage.list("", "")).error());
  }
}

TEST_CASE("storage: without an answer it says whether the request was seen") {
  Subject s;
  s.client.answers.emplace_back(fail(Errc::not_sent, "no connection"));
  s.client.answers.emplace_back(fail(Errc::ambiguous, "Timeout was reached"));
  const auto away = s.run(s.storage.begin("shop/x", {}));
  CHECK(away.error().code == Errc::unavailable);
  CHECK(away.error().message == "the storage does not answer: no connection");
  CHECK(s.run(s.storage.begin("shop/x", {})).error().code == Errc::ambiguous);
}

TEST_CASE("storage: a 200 may still be a failure, and other answers than S3's are none") {
  Subject s;
  s.answers(200, error_body("InternalError"));
  s.answers(404);
  const auto failed = s.run(s.storage.complete(upload, {}));
  CHECK(failed.error().code == Errc::unavailable);
  CHECK(failed.error().message == "the storage answers 200 InternalError");
  for (const char* body : {"", "<html>", "<Other/>", "<CompleteMultipartUploadResult>"}) {
    s.answers(200, body);
    s.answers(404);
    CHECK(s.run(s.storage.complete(upload, {})).error().code == Errc::unavailable);
    s.answers(200, body);
    CHECK(s.run(s.storage.begin("shop/x", {})).error().code == Errc::unavailable);
    s.answers(200, body);
    CHECK(s.run(s.storage.list("", "")).error().code == Errc::unavailable);
  }
  s.answers(200,
            "<InitiateMultipartUploadResult><UploadId></UploadId></InitiateMultipartUploadResult>");
  CHECK(s.run(s.storage.begin("shop/x", {})).error().code == Errc::unavailable);
  s.answers(200);  // a part without an ETag
  CHECK(s.run(s.storage.put_part(upload, 1, "x")).error().code == Errc::unavailable);
  s.answers(200, "", {{"etag", "\"a b\""}});
  CHECK(s.run(s.storage.put_part(upload, 1, "x")).error().code == Errc::unavailable);
  s.answers(200, "", {{"content-length", "-1"}});
  CHECK(s.run(s.storage.find("shop/x")).error().code == Errc::unavailable);
}

TEST_CASE("storage: a repeated completion finds the object") {
  Subject s;
  const std::vector<UploadedPart> parts = {{.number = 1, .etag = "a", .bytes = 5},
                                           {.number = 2, .etag = "b", .bytes = 3}};
  s.answers(404, error_body("NoSuchUpload"));
  s.answers(200, "", {{"content-length", "8"}});
  CHECK(s.run(s.storage.complete(upload, parts)).has_value());
  CHECK(s.asked(1) == "HEAD https://s3.example/bucket/shop/a%20b.mp4");
  s.answers(404, error_body("NoSuchUpload"));
  s.answers(200, "", {{"content-length", "7"}});  // of something else
  CHECK(s.run(s.storage.complete(upload, parts)).error().code == Errc::not_found);
  s.answers(500, error_body("InternalError"));  // s3rver says this
  s.answers(200, "", {{"content-length", "8"}});
  CHECK(s.run(s.storage.complete(upload, parts)).has_value());
  s.answers(404, error_body("NoSuchUpload"));
  s.answers(404);
  CHECK(s.run(s.storage.complete(upload, parts)).error().code == Errc::not_found);
  const std::size_t calls = s.client.calls.size();
  s.answers(403, error_body("AccessDenied"));
  CHECK(s.run(s.storage.complete(upload, parts)).error().code == Errc::forbidden);
  CHECK(s.client.calls.size() == calls + 1);
}

TEST_CASE("storage: what is not there has been deleted, unless the bucket is not there") {
  Subject s;
  s.answers(404, error_body("NoSuchUpload"));
  CHECK(s.run(s.storage.abandon(upload)).has_value());
  CHECK(s.asked(0) == "DELETE https://s3.example/bucket/shop/a%20b.mp4?uploadId=2~id%2F%3D");
  s.answers(404, error_body("NoSuchKey"));
  CHECK(s.run(s.storage.remove("shop/x")).has_value());
  s.answers(404, error_body("NoSuchBucket"));
  CHECK(s.run(s.storage.remove("shop/x")).error().code == Errc::not_found);
  s.answers(403, error_body("AccessDenied"));
  CHECK(s.run(s.storage.remove("shop/x")).error().code == Errc::forbidden);
}

TEST_CASE("storage: links are public ones, or signed ones for as long as was said") {
  StorageOptions open = options_of("https://s3.example/bucket");
  open.public_url = "https://files.shop.example/";
  CHECK(Subject(open).storage.link("shop/a b.mp4", "film.mp4") ==
        "https://files.shop.example/shop/a%20b.mp4");
  const Subject s;
  const std::string link = s.storage.link("shop/a b.mp4", "my \"film\" é.mp4");
  CHECK(link.starts_with("https://s3.example/bucket/shop/a%20b.mp4?X-Amz-Algorithm="));
  CHECK(link.contains("&X-Amz-Expires=3600&"));
  CHECK(link.contains("X-Amz-Credential=AKID%2F20260921%2Feu-central-1%2Fs3%2Faws4_request"));
  CHECK(form_value(link.substr(link.find('?') + 1), "response-content-disposition") ==
        "attachment; filename=\"my _film_ __.mp4\"; filename*=UTF-8''my%20%22film%22%20%C3%A9.mp4");
  CHECK_FALSE(link.contains("sesame"));
  CHECK_FALSE(s.storage.link("shop/x").contains("response-content-disposition"));
}

}  // namespace
}  // namespace claimcheck
