// Signatures for S3 storages (AWS Signature Version 4): of any canonical request, and of a link
// with which a browser may read one object for a while. The signature and the names in it are
// AWS'. Pure.
#pragma once

#include "base/clock.hpp"
#include "net/http/http.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claimcheck {

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// Percent-encoded as AWS does it, but for the slashes.
std::string encode_path(std::string_view path);
// "a=1&b=2", in the order of AWS: by name.
std::string encode_query(QueryParameters parameters);

// In the form "20130524T000000Z".
std::string signature_time(Time time);
// Lowercase hex, for the service s3.
std::string request_signature(const StorageKey& key, Time time, std::string_view canonical_request);

struct LinkRequest {
  std::string url;  // scheme, host and encoded path
  QueryParameters parameters;
  Duration life;
};
std::string signed_link(const StorageKey& key, Time now, LinkRequest link);

}  // namespace claimcheck
