// SessionValues: the values under session:<id>, as bytes. Other programs write these values too, so
// each write names the value that it expects. Use sessions.hpp for orders instead of bytes. One of
// the roles of the store (store.hpp).
#pragma once

#include "store/async.hpp"

#include <boost/describe/enum.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

// A session value as stored, and the fingerprint a later write names.
struct SessionBytes {
  std::string bytes;
  std::string digest;  // sha1 hex of bytes

  SessionBytes() = default;
  explicit SessionBytes(std::string text);
};

enum class UpdateResult { done, missing, changed };
BOOST_DESCRIBE_ENUM(UpdateResult, done, missing, changed)

class SessionValues {
 public:
  virtual ~SessionValues() = default;

  // Errors: the store's; not_found.
  virtual Async<SessionBytes> read_session(std::string session_id) = 0;
  // The first `bytes_max` bytes of each value, for lists; empty = there is none. One round trip.
  // Errors: the store's.
  virtual Async<std::vector<std::string>> read_heads(std::vector<std::string> session_ids,
                                                     std::size_t bytes_max) = 0;
  // Writes if the stored value has that digest ("" = must be absent; nothing = any value), and
  // starts its life again. Else nothing is written, and the result says why: missing or changed.
  // Errors: the store's.
  virtual Async<UpdateResult> write_session(std::string session_id,
                                            std::optional<std::string> expected_digest,
                                            std::string bytes) = 0;
};

}  // namespace claimcheck
