#include "store/session_bytes.hpp"

#include "base/crypto.hpp"

#include <utility>

namespace claimcheck {

SessionBytes::SessionBytes(std::string text) : bytes(std::move(text)), digest(sha1_hex(bytes)) {}

}  // namespace claimcheck
