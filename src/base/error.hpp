// Error and Result<T>: how a function reports that input, peers or files made it fail. The code is
// the kind of failure, and so decides what to do next. The message is for people, and is written
// where the cause is known. It never holds a secret, a prompt or an e-mail address, since it is
// logged. Our own bugs abort (assert.hpp); nothing here throws.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace claimcheck {

enum class Errc {
  invalid,      // the caller sent something wrong; the same request fails again
  not_found,    // the peer answered: it does not exist
  conflict,     // it exists, but not as expected (version, digest, other body)
  unreadable,   // it exists, but this version cannot read its bytes
  not_sent,     // the peer cannot have seen the request
  ambiguous,    // the request may have been done: check before repeating it
  stuck,        // the peer repeats a stored failure of this request, and will again
  unavailable,  // the peer answered that it cannot serve now; nothing was done
  forbidden,    // the peer answered that our key has no right to it; nothing was done
  limited,      // too many at once, for us or for the peer; nothing was done, try later
};

struct Error {
  Errc code;
  std::string message;
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Errc code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

// Passes a failed Result on as the failure of another type.
template <typename T>
std::unexpected<Error> fail(const Result<T>& failed) {
  return std::unexpected(failed.error());
}

// The enumerator's name, for logs and counts.
const char* to_string(Errc code);

}  // namespace claimcheck
