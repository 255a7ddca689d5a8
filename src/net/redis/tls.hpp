// The TLS context of a connection to Redis: the certificate of the server must be of a trusted
// authority, and TLS 1.2 or newer. The files are read for each new connection, so a certificate
// that was renewed is used from the next one on. For link.cpp, and for the check of the settings.
#pragma once

#include "net/redis/redis.hpp"

#include <boost/asio/ssl/context.hpp>

namespace claimcheck {

// Errors: invalid, with OpenSSL's reason: a file cannot be read, or the key is of another
// certificate. `wrong` is then the member of RedisTls that names the file.
struct RedisTlsError {
  std::string RedisTls::* wrong;
  std::string why;
};
std::expected<boost::asio::ssl::context, RedisTlsError> tls_context(const RedisTls& tls);

// The server's certificate must have that name, or that IP address. A name is told to the server.
// It is not empty and has no NUL.
void expect_name(boost::asio::ssl::context& context, const std::string& name);

}  // namespace claimcheck
