// Storage: a bucket of an S3-compatible storage, in which results are kept. Objects are written in
// parts, so that a copy needs little memory and a process that dies loses at most one part.
// Requests are signed by libcurl; the links that buyers get are signed here. The names of objects
// are whole ones: they begin with the prefix. It holds no state: the order machine keeps what is
// under way. Owned by the composition root.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "net/http/http.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claimcheck {

struct StorageOptions {
  std::string url;  // of the bucket: "https://s3.example.com/bucket", "https://bucket.example.com"
  StorageKey key{.id = {}, .secret = {}, .region = "us-east-1"};
  std::string prefix = "claimcheck/";  // of the names of all objects
  std::string public_url;              // where everybody may read the bucket; empty = nowhere
  Duration link_life = std::chrono::hours(1);         // of a signed link
  Duration kept_for{0};                               // then an object is deleted; zero = never
  std::int64_t bytes_max = 4LL * 1024 * 1024 * 1024;  // of one result
};

// An object that is being written. `id` is the storage's name of the upload.
struct Upload {
  std::string object;
  std::string id;
};

struct UploadedPart {
  int number = 0;  // from 1
  std::string etag;
  std::int64_t bytes = 0;
};

struct ObjectInfo {
  std::int64_t bytes = 0;
  std::string content_type;
};

struct ObjectPage {
  std::vector<std::string> objects;
  std::string next;  // what the next page starts after; empty = there is none
};

// The smallest part that storages take; only the last one may be smaller.
inline constexpr std::size_t part_bytes = 5UL * 1024 * 1024;

class Storage {
 public:
  Storage(HttpClient& http, const Clock& clock, StorageOptions options);

  const StorageOptions& options() const { return options_; }

  // Errors of all: forbidden (it refuses our key), not_found (bucket, object or upload), invalid
  // (it refuses the request), unavailable, ambiguous (no answer; a repeat is harmless).
  boost::asio::awaitable<Result<Upload>> begin(std::string object, HttpHeaders kept_headers);
  // The storage compares the bytes with a digest. A part that was sent before is replaced.
  boost::asio::awaitable<Result<UploadedPart>> put_part(Upload upload, int number,
                                                        std::string bytes);
  boost::asio::awaitable<Result<void>> complete(Upload upload, std::vector<UploadedPart> parts);
  boost::asio::awaitable<Result<void>> abandon(Upload upload);

  boost::asio::awaitable<Result<ObjectInfo>> find(std::string object);
  boost::asio::awaitable<Result<void>> remove(std::string object);
  // The objects whose names begin with our prefix and `begin`, in their order.
  boost::asio::awaitable<Result<ObjectPage>> list(std::string begin, std::string after);

  // Where a buyer finds the object: the public address, else a link that is signed for link_life.
  // With `file_name` the browser saves it under that name.
  std::string link(const std::string& object, const std::string& file_name = {}) const;

 private:
  HttpCall call(std::string method, std::string_view object,
                std::vector<std::pair<std::string, std::string>> parameters) const;
  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call);

  HttpClient& http_;
  const Clock& clock_;
  StorageOptions options_;
};

}  // namespace claimcheck
