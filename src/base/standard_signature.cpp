#include "base/standard_signature.hpp"

#include "base/crypto.hpp"

#include <fmt/format.h>

namespace claimcheck {

std::string standard_signature(std::string_view id, std::int64_t unix_s, std::string_view body,
                               const std::vector<Secret>& keys) {
  // Id and time are signed with the body, so nobody can send an old message again under a new id.
  const std::string content = fmt::format("{}.{}.{}", id, unix_s, body);
  std::string header;
  // One signature for each key: while one is replaced, a receiver knows only one of the two.
  for (const Secret& key : keys) {
    if (!header.empty()) header += ' ';
    header += "v1," + hmac_sha256_base64(key.reveal(), content);
  }
  return header;
}

}  // namespace claimcheck
