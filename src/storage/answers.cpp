#include "storage/answers.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "storage/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace claimcheck::storage_answers {

namespace {

constexpr std::size_t said_bytes_max = 200;

// Codes of S3 that the status does not tell. The other ones are as their status says.
Errc code_of(int status, std::string_view said) {
  struct Row {
    std::string_view said;
    Errc code;
  };
  constexpr Row rows[] = {
      // The bytes were damaged on their way, or came too slowly: a repeat may succeed.
      {"BadDigest", Errc::unavailable},
      {"IncompleteBody", Errc::unavailable},
      {"RequestTimeout", Errc::unavailable},
      {"XAmzContentSHA256Mismatch", Errc::unavailable},
      {"OperationAborted", Errc::unavailable},
      // Right and region are asked together, and some storages say 400.
      {"AuthorizationHeaderMalformed", Errc::forbidden},
      {"AuthorizationQueryParametersError", Errc::forbidden},
      {"ExpiredToken", Errc::forbidden},
      {"InvalidToken", Errc::forbidden},
      {"InvalidAccessKeyId", Errc::forbidden},
      {"SignatureDoesNotMatch", Errc::forbidden},
      {"NoSuchUpload", Errc::not_found},
      {"NoSuchKey", Errc::not_found},
      {"NoSuchBucket", Errc::not_found},
      {"InternalError", Errc::unavailable},
      {"ServiceUnavailable", Errc::unavailable},
      {"SlowDown", Errc::unavailable},
  };
  const auto* const found = std::ranges::find(rows, said, &Row::said);
  if (found != std::end(rows)) return found->code;
  if (status == 401 || status == 403) return Errc::forbidden;
  if (status == 404) return Errc::not_found;
  const bool later = status == 408 || status == 409 || status == 425 || status == 429;
  return status >= 300 && status < 500 && !later ? Errc::invalid : Errc::unavailable;
}

std::string hint(const HttpResponse& answer, std::string_view said) {
  const std::string* region = find_header(answer.headers, "x-amz-bucket-region");
  if (answer.status / 100 == 3 || said == "AuthorizationHeaderMalformed") {
    const std::string where = region == nullptr ? "" : " is " + *region;
    return "; the bucket is elsewhere: check URL and region" + where;
  }
  if (said == "RequestTimeTooSkewed") return "; this machine's clock is wrong";
  if (said == "SignatureDoesNotMatch") return "; the secret does not belong to the key id";
  return {};
}

Error unreadable(std::string_view what) {
  return {Errc::unavailable, fmt::format("the storage's answer is not {}", what)};
}

// The root of an answer that has to be of that name.
Result<XmlElement> read_root(const HttpResponse& answer, std::string_view name) {
  if (answer.status / 100 != 2) return std::unexpected(error_of(answer));
  Result<XmlElement> root = read_xml(answer.body);
  if (root && root->name == "Error") return std::unexpected(error_of(answer));
  if (!root || root->name != name) return std::unexpected(unreadable(name));
  return root;
}

// As far as the answer has the name: some storages write it as in a URL, or leave it out, and with
// a folder in the bucket's URL theirs is longer than ours.
bool is_about(const XmlElement& root, std::string_view object) {
  const std::string told = root.text_of("Key");
  const std::string decoded = url_decode(told, false);
  if (told.empty() || told == object || decoded == object) return true;
  if (decoded.ends_with(fmt::format("/{}", object))) return true;
  log_error("answer_about_another", {{"peer", "storage"},
                                     {"member", "Key"},
                                     {"asked", object},
                                     {"told", printable(told).substr(0, said_bytes_max)}});
  return false;
}

std::unexpected<Error> about_another() {
  return fail(Errc::ambiguous, "the storage's answer is about another object");
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc() || stop != end || number < 0) return std::nullopt;
  return number;
}

// A header may have it with quotes, an XML element as well; it is given back as it came.
bool is_etag(std::string_view text) {
  constexpr std::size_t etag_bytes_max = 1024;
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  return !text.empty() && text.size() <= etag_bytes_max && std::ranges::all_of(text, visible);
}

bool is_truncated(const XmlElement& root) {
  return lowercase(root.text_of("IsTruncated")) == "true";
}

}  // namespace

Error error_of(const HttpResponse& answer) {
  const Result<XmlElement> root = read_xml(answer.body);
  const bool told = root && root->name == "Error";
  const std::string said = told ? printable(root->text_of("Code")).substr(0, said_bytes_max) : "";
  return {code_of(answer.status, said),
          fmt::format("the storage answers {}{}{}{}", answer.status, said.empty() ? "" : " ", said,
                      hint(answer, said))};
}

Result<std::string> read_begun(const HttpResponse& answer, std::string_view object) {
  const Result<XmlElement> root = read_root(answer, "InitiateMultipartUploadResult");
  if (!root) return fail(root);
  if (!is_about(*root, object)) return about_another();
  std::string id = root->text_of("UploadId");
  constexpr std::size_t id_bytes_max = 1024;
  if (id.empty() || id.size() > id_bytes_max) return std::unexpected(unreadable("an upload's id"));
  return id;
}

Result<UploadedPart> read_part(const HttpResponse& answer, int number, std::int64_t bytes) {
  if (answer.status != 200) return std::unexpected(error_of(answer));
  const std::string* etag = find_header(answer.headers, "etag");
  if (etag == nullptr || !is_etag(*etag)) return std::unexpected(unreadable("that of a part"));
  return UploadedPart{.number = number, .etag = *etag, .bytes = bytes};
}

Result<void> read_completed(const HttpResponse& answer, std::string_view object) {
  const Result<XmlElement> root = read_root(answer, "CompleteMultipartUploadResult");
  if (!root) return fail(root);
  if (!is_about(*root, object)) return about_another();
  return {};
}

Result<ObjectInfo> read_found(const HttpResponse& answer) {
  if (answer.status != 200) return std::unexpected(error_of(answer));
  const std::string* length = find_header(answer.headers, "content-length");
  const std::string* type = find_header(answer.headers, "content-type");
  const auto bytes = length == nullptr ? std::nullopt : number_in(*length);
  if (!bytes) return std::unexpected(unreadable("an object's length"));
  return ObjectInfo{.bytes = *bytes, .content_type = type == nullptr ? "" : *type};
}

Result<ObjectPage> read_list(const HttpResponse& answer) {
  const Result<XmlElement> root = read_root(answer, "ListBucketResult");
  if (!root) return fail(root);
  ObjectPage page;
  for (const XmlElement& element : root->children) {
    if (element.name != "Contents") continue;
    page.objects.push_back(element.text_of("Key"));
    if (page.objects.back().empty()) return std::unexpected(unreadable("a list of objects"));
  }
  if (is_truncated(*root) && !page.objects.empty()) page.next = page.objects.back();
  return page;
}

Result<void> read_removed(const HttpResponse& answer) {
  if (answer.status / 100 == 2) return {};
  const Error error = error_of(answer);
  const bool no_bucket = error.message.contains("NoSuchBucket");
  if (error.code == Errc::not_found && !no_bucket) return {};
  return std::unexpected(error);
}

}  // namespace claimcheck::storage_answers
