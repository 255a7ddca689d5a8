#include "support/redis_fixture.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <openssl/ssl.h>

#include <cstdlib>

namespace claimcheck {

namespace {

namespace asio = boost::asio;

// An authority of our own and a certificate of it for the name "localhost", nothing else.
class Authority {
 public:
  Authority() {
    shell(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-authority"
        " -keyout ca.key -out ca.pem");
    shell(
        "openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key"
        " -out server.csr");
    shell("printf subjectAltName=DNS:localhost > names");
    shell(
        "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
        " -extfile names -out server.pem");
  }
  std::string file(const std::string& name) const { return directory_.path() + "/" + name; }

 private:
  void shell(const std::string& command) const {
    const std::string all =
        fmt::format("cd {} && {{ {}; }} 2>openssl.log", directory_.path(), command);
    REQUIRE_MESSAGE(std::system(all.c_str()) == 0, command);
  }
  TemporaryDirectory directory_;
};

// What OpenSSL trusts while this lives.
class Trusted {
 public:
  explicit Trusted(const std::string& file) { setenv("SSL_CERT_FILE", file.c_str(), 1); }
  ~Trusted() { unsetenv("SSL_CERT_FILE"); }
};

RedisOptions over_tls(std::uint16_t port, const std::string& host) {
  RedisOptions options;
  options.address.tls = true;
  options.address.place = {.host = host, .port = port};
  return options;
}

// clients: whether they must show a certificate.
std::string tls_configuration(const Authority& authority, std::string_view clients = "no") {
  return fmt::format(
      "port 0\ntls-port {{port}}\ntls-auth-clients {}\nloglevel verbose\n"
      "tls-cert-file {}\ntls-key-file {}\ntls-ca-cert-file {}",
      clients, authority.file("server.pem"), authority.file("server.key"),
      authority.file("ca.pem"));
}

// Two handshakes that the client broke off, by the server's own log: it came and turned away.
bool refused_twice(const RedisServer& server) {
  std::string log = server.log();
  std::size_t count = 0;
  for (std::size_t at = 0; (at = log.find("Error accepting a client", at)) != std::string::npos;
       ++at) {
    ++count;
  }
  return count >= 2;
}

}  // namespace

TEST_CASE("redis over TLS: a certificate of a trusted authority for that very name") {
  const Authority authority;
  RedisServer server(tls_configuration(authority));
  {
    const Trusted trusted(authority.file("ca.pem"));
    RedisClient client(over_tls(server.port(), "localhost"));
    REQUIRE(client.until_ready());
    const std::string large(1024 * 1024, 'x');
    const auto echo = client.run(client.redis.exec({"ECHO", large}));
    REQUIRE(echo.has_value());
    CHECK((*echo->text() == large));
  }
  SUBCASE("another name is refused") {
    const Trusted trusted(authority.file("ca.pem"));
    RedisClient client(over_tls(server.port(), "127.0.0.1"));
    REQUIRE(client.until([&] { return refused_twice(server) || client.redis.ready(); }));
    CHECK(!client.redis.ready());
  }
  SUBCASE("another authority is refused") {
    const Authority other;
    const Trusted trusted(other.file("ca.pem"));
    RedisClient client(over_tls(server.port(), "localhost"));
    REQUIRE(client.until([&] { return refused_twice(server) || client.redis.ready(); }));
    CHECK(!client.redis.ready());
  }
}

TEST_CASE("redis over TLS: an authority, a name and a certificate of the settings") {
  const Authority authority;
  RedisServer server(tls_configuration(authority, "yes"));
  RedisOptions options = over_tls(server.port(), "127.0.0.1");
  options.tls = {.ca_file = authority.file("ca.pem"),
                 .certificate_file = authority.file("server.pem"),
                 .key_file = authority.file("server.key"),
                 .server_name = "localhost"};
  SUBCASE("all of them: it is connected") {
    RedisClient client(options);
    CHECK(client.until_ready());
  }
  SUBCASE("no certificate: the server refuses") {
    options.tls.certificate_file.clear();
    RedisClient client(options);
    REQUIRE(client.until([&] { return refused_twice(server) || client.redis.ready(); }));
    CHECK(!client.redis.ready());
  }
  SUBCASE("another name: the server is refused") {
    options.tls.server_name = "redis.example";
    RedisClient client(options);
    REQUIRE(client.until([&] { return refused_twice(server) || client.redis.ready(); }));
    CHECK(!client.redis.ready());
  }
  SUBCASE("a file that is gone: the reason names it") {
    options.tls.ca_file = authority.file("gone.pem");
    RedisClient client(options);
    REQUIRE(client.until([&] { return !client.redis.last_loss().empty(); }));
    CHECK(client.redis.last_loss() ==
          options.tls.ca_file + " cannot be used: No such file or directory");
  }
}

TEST_CASE("redis over TLS: the wanted name is told to the server (SNI)") {
  const Authority authority;
  const Trusted trusted(authority.file("ca.pem"));
  asio::ssl::context tls(asio::ssl::context::tls_server);
  tls.use_certificate_chain_file(authority.file("server.pem"));
  tls.use_private_key_file(authority.file("server.key"), asio::ssl::context::pem);
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  RedisClient client(over_tls(acceptor.local_endpoint().port(), "localhost"));
  asio::ssl::stream<asio::ip::tcp::socket> stream(client.io, tls);
  std::optional<boost::system::error_code> shaken;
  acceptor.non_blocking(true);
  REQUIRE(client.until([&] {
    boost::system::error_code none_yet;
    acceptor.accept(stream.next_layer(), none_yet);
    return !none_yet;
  }));
  stream.async_handshake(asio::ssl::stream_base::server,
                         [&](boost::system::error_code error) { shaken = error; });
  REQUIRE(client.until([&] { return shaken.has_value(); }));
  CHECK(!*shaken);
  const char* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
  REQUIRE(name != nullptr);
  CHECK(std::string(name) == "localhost");
}

}  // namespace claimcheck
