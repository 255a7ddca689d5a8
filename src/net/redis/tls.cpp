#include "net/redis/tls.hpp"

#include "base/assert.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace claimcheck {

namespace ssl = boost::asio::ssl;

namespace {

// SNI. The library makes the stream from the context, so only the context is ours to set.
void tell_name(const SSL* connection, int where, int) {
  if ((where & SSL_CB_HANDSHAKE_START) == 0) return;
  auto* own = const_cast<SSL*>(connection);  // the type of the callback; it may be changed here
  const char* name = X509_VERIFY_PARAM_get0_host(SSL_get0_param(own), 0);
  if (name != nullptr) SSL_set_tlsext_host_name(own, name);
}

}  // namespace

std::expected<ssl::context, RedisTlsError> tls_context(const RedisTls& tls) {
  ssl::context context(ssl::context::tls_client);
  context.set_verify_mode(ssl::verify_peer);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  boost::system::error_code failed;
  const auto wrong = [&failed](std::string RedisTls::* member) {
    return std::unexpected(RedisTlsError{.wrong = member, .why = failed.message()});
  };
  if (tls.ca_file.empty()) {
    boost::system::error_code missing;  // then no certificate is accepted, and the log says so
    context.set_default_verify_paths(missing);
  } else {
    context.load_verify_file(tls.ca_file, failed);
    if (failed) return wrong(&RedisTls::ca_file);
  }
  if (tls.certificate_file.empty()) return context;
  // Else OpenSSL would ask a terminal for the passphrase of an encrypted key.
  context.set_password_callback([](auto, auto) { return std::string(); }, failed);
  context.use_certificate_chain_file(tls.certificate_file, failed);
  if (failed) return wrong(&RedisTls::certificate_file);
  // After the certificate: OpenSSL compares both.
  context.use_private_key_file(tls.key_file, ssl::context::pem, failed);
  if (failed) return wrong(&RedisTls::key_file);
  // Compared above only if both are of one kind, such as RSA.
  if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
    return std::unexpected(
        RedisTlsError{.wrong = &RedisTls::key_file, .why = "it is not the key of the certificate"});
  }
  return context;
}

void expect_name(ssl::context& context, const std::string& name) {
  X509_VERIFY_PARAM* wanted = SSL_CTX_get0_param(context.native_handle());
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, name.c_str()) == 1) return;
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  ENSURE(!name.empty() && X509_VERIFY_PARAM_set1_host(wanted, name.data(), name.size()) == 1);
  SSL_CTX_set_info_callback(context.native_handle(), tell_name);
}

}  // namespace claimcheck
