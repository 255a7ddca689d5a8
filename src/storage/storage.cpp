#include "storage/storage.hpp"

#include "base/crypto.hpp"
#include "net/http/http.hpp"
#include "storage/answers.hpp"
#include "storage/signature.hpp"
#include "storage/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace claimcheck {

namespace asio = boost::asio;

namespace {

constexpr Duration ask_time = std::chrono::seconds(30);
constexpr Duration part_time = std::chrono::minutes(2);
// Storages put the parts together while we wait.
constexpr Duration complete_time = std::chrono::minutes(5);
constexpr int page_entries = 1000;

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

// What a storage that is not reached has not done; a lost answer may hide anything.
Error sending_error(const Error& error) {
  const Errc code = error.code == Errc::not_sent ? Errc::unavailable : error.code;
  return {code, "the storage does not answer: " + error.message};
}

std::string completion(const std::vector<UploadedPart>& parts) {
  std::string body = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (const UploadedPart& part : parts) {
    body += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", part.number,
                        escape_html(part.etag));
  }
  return body + "</CompleteMultipartUpload>";
}

// For a browser: the name as ASCII, and as it is (RFC 6266).
std::string attachment(std::string_view file_name) {
  std::string ascii(file_name);
  std::ranges::replace_if(
      ascii, [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\' || c == '%'; }, '_');
  if (ascii == file_name) return fmt::format("attachment; filename=\"{}\"", ascii);
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", ascii,
                     url_encode(file_name));
}

}  // namespace

Storage::Storage(HttpClient& http, const Clock& clock, StorageOptions options)
    : http_(http), clock_(clock), options_(std::move(options)) {
  options_.url = without_slash(std::move(options_.url));
  options_.public_url = without_slash(std::move(options_.public_url));
}

HttpCall Storage::call(std::string method, std::string_view object,
                       QueryParameters parameters) const {
  HttpCall call;
  call.method = std::move(method);
  call.url = options_.url + "/" + encode_path(object);
  if (!parameters.empty()) call.url += "?" + encode_query(std::move(parameters));
  call.timeout = ask_time;
  call.signed_with = options_.key;
  return call;
}

asio::awaitable<Result<HttpResponse>> Storage::send(HttpCall call) {
  Result<HttpResponse> answer = co_await http_.send(std::move(call));
  if (!answer) co_return std::unexpected(sending_error(answer.error()));
  co_return answer;
}

asio::awaitable<Result<Upload>> Storage::begin(std::string object, HttpHeaders kept_headers) {
  HttpCall request = call("POST", object, {{"uploads", ""}});
  request.headers = std::move(kept_headers);
  const Result<HttpResponse> answer = co_await send(std::move(request));
  if (!answer) co_return fail(answer);
  Result<std::string> id = storage_answers::read_begun(*answer, object);
  if (!id) co_return fail(id);
  co_return Upload{.object = std::move(object), .id = std::move(*id)};
}

asio::awaitable<Result<UploadedPart>> Storage::put_part(Upload upload, int number,
                                                        std::string bytes) {
  HttpCall request =
      call("PUT", upload.object, {{"partNumber", fmt::to_string(number)}, {"uploadId", upload.id}});
  const auto size = static_cast<std::int64_t>(bytes.size());
  request.headers = {{"content-md5", md5_base64(bytes)}};
  request.body = std::move(bytes);
  request.timeout = part_time;
  const Result<HttpResponse> answer = co_await send(std::move(request));
  if (!answer) co_return fail(answer);
  co_return storage_answers::read_part(*answer, number, size);
}

asio::awaitable<Result<void>> Storage::complete(Upload upload, std::vector<UploadedPart> parts) {
  HttpCall request = call("POST", upload.object, {{"uploadId", upload.id}});
  request.headers = {{"content-type", "application/xml"}};
  request.body = completion(parts);
  request.timeout = complete_time;
  const Result<HttpResponse> answer = co_await send(std::move(request));
  if (!answer) co_return fail(answer);
  const Result<void> completed = storage_answers::read_completed(*answer, upload.object);
  if (completed || completed.error().code == Errc::forbidden ||
      completed.error().code == Errc::ambiguous) {
    co_return completed;
  }
  // A repeat fails in many ways, since the upload is no more: then the object is there.
  std::int64_t bytes = 0;
  for (const UploadedPart& part : parts) bytes += part.bytes;
  const Result<ObjectInfo> object = co_await find(upload.object);
  if (object && object->bytes == bytes) co_return Result<void>();
  co_return completed;
}

asio::awaitable<Result<void>> Storage::abandon(Upload upload) {
  const Result<HttpResponse> answer =
      co_await send(call("DELETE", upload.object, {{"uploadId", upload.id}}));
  if (!answer) co_return fail(answer);
  co_return storage_answers::read_removed(*answer);
}

asio::awaitable<Result<ObjectInfo>> Storage::find(std::string object) {
  const Result<HttpResponse> answer = co_await send(call("HEAD", object, {}));
  if (!answer) co_return fail(answer);
  co_return storage_answers::read_found(*answer);
}

asio::awaitable<Result<void>> Storage::remove(std::string object) {
  const Result<HttpResponse> answer = co_await send(call("DELETE", object, {}));
  if (!answer) co_return fail(answer);
  co_return storage_answers::read_removed(*answer);
}

asio::awaitable<Result<ObjectPage>> Storage::list(std::string begin, std::string after) {
  const std::string prefix = options_.prefix + begin;
  QueryParameters parameters = {
      {"list-type", "2"}, {"max-keys", fmt::to_string(page_entries)}, {"prefix", prefix}};
  if (!after.empty()) parameters.emplace_back("start-after", after);
  const Result<HttpResponse> answer = co_await send(call("GET", "", std::move(parameters)));
  if (!answer) co_return fail(answer);
  Result<ObjectPage> page = storage_answers::read_list(*answer);
  if (!page) co_return page;
  // What is listed may be deleted, and not every storage keeps to what it is asked for.
  std::erase_if(page->objects, [&](const std::string& object) {
    return !object.starts_with(prefix) || object <= after;
  });
  if (page->next <= after) page->next.clear();
  co_return page;
}

std::string Storage::link(const std::string& object, const std::string& file_name) const {
  const std::string path = "/" + encode_path(object);
  if (!options_.public_url.empty()) return options_.public_url + path;
  LinkRequest request{.url = options_.url + path, .parameters = {}, .life = options_.link_life};
  if (!file_name.empty()) {
    request.parameters.emplace_back("response-content-disposition", attachment(file_name));
  }
  return signed_link(options_.key, clock_.now(), std::move(request));
}

}  // namespace claimcheck
