// Error and Result<T>: how a function says that what callers, peers or files did made it fail.
// The code says what kind of failure it is and so what to do next; the message is for people and
// is built where the knowledge is. It never holds a secret, a prompt or an e-mail address, since
// it goes to logs. Bugs of our own abort (assert.hpp); nothing here throws.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace claimcheck {

enum class Errc {
  invalid,      // the caller sent something wrong; say it again differently
  not_found,    // asked and answered: it is not there
  conflict,     // it is there, but not as expected (version, digest, other body)
  unreadable,   // it is there, but its bytes make no sense to this version
  not_sent,     // the peer cannot have seen the request
  ambiguous,    // the request may have been carried out: look before repeating it
  stuck,        // the peer repeats a stored failure of this very request, and will go on doing so
  unavailable,  // the peer answered that it cannot serve now; nothing was done
  forbidden,    // the peer answered that our key has no right to it; nothing was done
  limited,      // too many at once, for us or for the peer; nothing was done, later it may be
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

const char* to_string(Errc code);

}  // namespace claimcheck
