// Bucket: an S3 bucket in memory, as far as claimcheck speaks to one: uploads in parts, HEAD,
// DELETE. For the stories of flow/ and the simulation; the real servers are tested by
// blackbox/storage.test.js.
#pragma once

#include "net/http/http.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace claimcheck::test {

class Bucket {
 public:
  struct Object {
    std::string bytes;
    std::string content_type;
  };
  std::map<std::string, Object> objects;  // by path
  int parts_written = 0;

  HttpResponse answer(const HttpRequest& request) {
    const auto upload = form_value(request.query, "uploadId");
    if (request.method == "POST" && form_value(request.query, "uploads")) return begin(request);
    const auto begun = uploads_.find(upload.value_or(""));
    const bool known = begun != uploads_.end() && begun->second.path == request.path;
    if (upload && !known) return error(404, "NoSuchUpload");
    if (request.method == "PUT" && upload) return put_part(*upload, request);
    if (request.method == "POST" && upload) return complete(*upload);
    if (request.method == "DELETE" && upload) return drop(*upload);
    const auto object = objects.find(request.path);
    if (request.method == "DELETE") return remove(request.path);
    if (object == objects.end()) return error(404, "NoSuchKey");
    HttpResponse found{.status = 200, .headers = {{"content-type", object->second.content_type}}};
    const std::string& bytes = object->second.bytes;
    // A HEAD's length is that of the whole object.
    found.headers.push_back({"content-length", fmt::to_string(bytes.size())});
    if (request.method != "HEAD") found.body = bytes;
    return found;
  }

  // Nobody has completed or dropped them.
  std::size_t uploads_open() const { return uploads_.size(); }

 private:
  struct Begun {
    std::string path;
    std::string content_type;
    std::map<int, std::string> parts = {};
  };

  static HttpResponse error(int status, const std::string& code) {
    return {.status = status,
            .headers = {{"content-type", "application/xml"}},
            .body = fmt::format("<?xml version=\"1.0\"?><Error><Code>{}</Code></Error>", code)};
  }
  static HttpResponse xml(const std::string& body) {
    return {.status = 200,
            .headers = {{"content-type", "application/xml"}},
            .body = "<?xml version=\"1.0\"?>" + body};
  }
  static std::string name_of(const std::string& path) { return path.substr(1); }
  static std::string etag(const std::string& bytes) {
    return fmt::format("\"{}\"", std::hash<std::string>()(bytes));
  }

  HttpResponse begin(const HttpRequest& request) {
    const std::string* type = find_header(request.headers, "content-type");
    const std::string id = fmt::format("up-{}", ++last_);
    uploads_[id] = {.path = request.path, .content_type = type == nullptr ? "" : *type};
    return xml(
        fmt::format("<InitiateMultipartUploadResult><Key>{}</Key><UploadId>{}</UploadId>"
                    "</InitiateMultipartUploadResult>",
                    name_of(request.path), id));
  }
  HttpResponse put_part(const std::string& upload, const HttpRequest& request) {
    const int number = std::stoi(*form_value(request.query, "partNumber"));
    uploads_[upload].parts[number] = request.body;
    ++parts_written;
    return {.status = 200, .headers = {{"etag", etag(request.body)}}};
  }
  HttpResponse complete(const std::string& upload) {
    Begun& begun = uploads_[upload];
    std::string whole;
    for (const auto& [number, bytes] : begun.parts) whole += bytes;
    objects[begun.path] = {.bytes = whole, .content_type = begun.content_type};
    const HttpResponse answer =
        xml(fmt::format("<CompleteMultipartUploadResult><Key>{}</Key><ETag>\"x\"</ETag>"
                        "</CompleteMultipartUploadResult>",
                        name_of(begun.path)));
    uploads_.erase(upload);
    return answer;
  }
  HttpResponse drop(const std::string& upload) {
    uploads_.erase(upload);
    return {.status = 204};
  }
  HttpResponse remove(const std::string& path) {
    objects.erase(path);
    return {.status = 204};
  }

  std::map<std::string, Begun> uploads_;
  int last_ = 0;
};

}  // namespace claimcheck::test
