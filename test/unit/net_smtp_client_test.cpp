// SmtpClient against servers that say what a test wants: what it makes of each answer, that nothing
// private is said before there is TLS, and that no server can keep it from coming to an end.
#include "net/smtp/client.hpp"
#include "support/data.hpp"
#include "support/http_fixture.hpp"
#include "support/redis_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace claimcheck {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;
using test::RawPeer;
using test::RawServer;

using Outcome = std::optional<Result<MailReply>>;

Mail mail() {
  Mail one;
  one.from = {.name = "Cat videos", .address = "orders@shop.example"};
  one.to = "buyer@example.com";
  one.subject = "Your order is ready";
  one.language = "en";
  one.message_id = "msg_1@shop.example";
  one.date = from_unix_s(1'790'000'000);
  one.text = "Hello,\n\nyour order é is ready\n";
  one.html = "<p>Hello</p>\n<p>your order is ready</p>\n";
  return one;
}

// A server that greets, offers STARTTLS never and AUTH PLAIN, and takes every mail, except where a
// test has another answer to a command (of four letters; "" = the greeting, "." = the mail itself).
// An empty answer is silence.
class MailServer {
 public:
  explicit MailServer(std::map<std::string, std::string> answers = {})
      : answers_(std::move(answers)) {}

  SmtpServer settings(bool plain = true) const {
    return {.url = server_.url("", "smtp"),
            .user = {},
            .password = {},
            .plain = plain,
            .timeout = seconds(20)};
  }
  // Everything that was said to it.
  std::string heard() {
    const std::scoped_lock lock(mutex_);
    return heard_;
  }
  bool heard(const std::string& what) { return heard().contains(what); }
  // Whether it was the client who ended the silence.
  bool client_left() {
    return test::eventually([this] { return client_left_.load(); });
  }

 private:
  // The key of the answer to RCPT: one receiver's own, or that to all.
  std::string receiver_in(const std::string& line) const {
    const std::string receiver = line.substr(8, line.find('\r') - 8);
    return answers_.contains(receiver) ? receiver : "RCPT";
  }
  void answer(RawPeer& peer, const std::string& to, const std::string& usual) {
    const auto other = answers_.find(to);
    const std::string line = other == answers_.end() ? usual : other->second;
    if (line.empty()) {
      peer.read_all();  // throws when its own patience ends first
      client_left_ = true;
    } else {
      peer.send(line + "\r\n");
    }
  }
  std::string hear(RawPeer& peer, const std::string& until) {
    std::string text = peer.read_until(until);
    const std::scoped_lock lock(mutex_);
    return heard_ += text, text;
  }
  void serve(RawPeer& peer) {
    answer(peer, "", "220 here");
    for (;;) {
      const std::string line = hear(peer, "\r\n");
      const std::string word = line.substr(0, 4);
      if (word == "EHLO") answer(peer, word, "250-here\r\n250 AUTH PLAIN");
      if (word == "HELO") answer(peer, word, "421 busy");
      if (word == "AUTH") {
        answer(peer, word, "334 ");
        if (answers_.contains(word)) continue;
        hear(peer, "\r\n");
        peer.send("235 welcome\r\n");
      }
      if (word == "MAIL" || word == "NOOP") answer(peer, word, "250 well");
      if (word == "RCPT") answer(peer, receiver_in(line), "250 well");
      if (word == "DATA") {
        answer(peer, word, "354 go on");
        if (answers_.contains(word)) continue;
        hear(peer, "\r\n.\r\n");
        answer(peer, ".", "250 taken");
      }
      if (word == "QUIT") return answer(peer, word, "221 bye");
    }
  }

  std::map<std::string, std::string> answers_;
  std::atomic<bool> client_left_ = false;
  std::mutex mutex_;
  std::string heard_;
  RawServer server_{[this](RawPeer& peer, int) { serve(peer); }};
};

asio::awaitable<void> send_into(SmtpClient& client, Outcome& outcome) {
  outcome = co_await client.send(mail());
}

asio::awaitable<void> check_into(SmtpClient& client, Outcome& outcome) {
  outcome = co_await client.check();
}

// As for send_into, to two receivers.
asio::awaitable<void> send_both_into(SmtpClient& client, Outcome& outcome) {
  Mail both = mail();
  both.also_to = {"second@example.com"};
  outcome = co_await client.send(std::move(both));
}

asio::awaitable<void> send_bad_into(SmtpClient& client, Outcome& outcome) {
  Mail both = mail();
  both.also_to = {"no address"};
  outcome = co_await client.send(std::move(both));
}

Result<MailReply> send(const SmtpServer& server, decltype(&send_into) doing = &send_into) {
  SmtpClient client(server);
  asio::io_context io;
  Outcome outcome;
  asio::co_spawn(io, doing(client, outcome), asio::detached);
  io.run();
  REQUIRE(outcome.has_value());
  return std::move(*outcome);
}

TEST_CASE("smtp: a mail is taken, with ends of lines as mail has them") {
  MailServer server;
  CHECK(send(server.settings()) == MailReply{.code = 250});
  CHECK(server.heard("MAIL FROM:<orders@shop.example>"));
  CHECK(server.heard("RCPT TO:<buyer@example.com>"));
  CHECK(server.heard("Hello,\r\n\r\nyour order =C3=A9 is ready\r\n"));
  CHECK(server.heard("<p>Hello</p>\r\n<p>"));
  CHECK_FALSE(server.heard("=0A"));
  CHECK_FALSE(server.heard("AUTH"));
}

TEST_CASE("smtp: one mail goes to several receivers, also when one of them is refused") {
  MailServer server;
  CHECK(send(server.settings(), &send_both_into) == MailReply{.code = 250});
  CHECK(server.heard("RCPT TO:<buyer@example.com>"));
  CHECK(server.heard("RCPT TO:<second@example.com>"));
  CHECK(server.heard("To: <buyer@example.com>,\r\n <second@example.com>\r\n"));
  MailServer refusing({{"RCPT", "550 nobody here"}});
  CHECK(send(refusing.settings(), &send_both_into) == MailReply{.code = 550, .to_recipient = true});
  MailServer partly({{"<buyer@example.com>", "550 nobody here"}});
  CHECK(send(partly.settings(), &send_both_into) == MailReply{.code = 250});
  CHECK(send(partly.settings(), &send_bad_into).error().code == Errc::invalid);
}

TEST_CASE("smtp: signs in where it has a password") {
  MailServer server;
  SmtpServer settings = server.settings();
  settings.user = "shop";
  settings.password = Secret("horse staple");
  CHECK(send(settings) == MailReply{.code = 250});
  const std::string heard = server.heard();
  const std::size_t at = heard.find("AUTH PLAIN\r\n") + 12;
  REQUIRE(at < heard.size());
  CHECK(test::base64_decode(heard.substr(at, heard.find("\r\n", at) - at)) ==
        std::string("\0shop\0horse staple", 18));
}

TEST_CASE("smtp: what was refused, and whether it was the recipient") {
  struct Row {
    std::string at;
    std::string answer;
    MailReply expected;
  };
  const std::vector<Row> rows = {
      {"", "554 your address is blocked", {554, false}},
      {"EHLO", "421 busy", {421, false}},
      {"MAIL", "550 sender not verified", {550, false}},
      {"RCPT", "550 nobody here", {550, true}},
      {"RCPT", "450 later", {450, true}},
      {"DATA", "554 no", {554, false}},
      {".", "550 5.4.5 daily limit", {550, false}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.at);
    MailServer server({{row.at, row.answer}});
    CHECK(send(server.settings()) == row.expected);
  }
  MailServer server({{"AUTH", "535 no"}});
  SmtpServer settings = server.settings();
  settings.user = "shop";
  settings.password = Secret("wrong");
  CHECK(send(settings) == MailReply{.code = 535});
  CHECK_FALSE(server.heard("MAIL"));
}

TEST_CASE("smtp: a server that has the mail and does not part from us has it all the same") {
  for (const char* refused : {".", "RCPT"}) {
    MailServer server({{"QUIT", ""}, {refused, refused == std::string(".") ? "250 x" : "550 x"}});
    SmtpServer settings = server.settings();
    settings.timeout = std::chrono::hours(1);  // it is not what ends it
    const Result<MailReply> reply = send(settings);
    REQUIRE(reply.has_value());
    CHECK(reply->code == (refused == std::string(".") ? 250 : 550));
    CHECK(server.client_left());
  }
}

TEST_CASE("smtp: a check signs in and sends nothing") {
  MailServer server;
  SmtpServer settings = server.settings();
  settings.user = "shop";
  settings.password = Secret("horse staple");
  CHECK(send(settings, &check_into) == MailReply{.code = 250});
  CHECK(server.heard("AUTH PLAIN"));
  CHECK_FALSE(server.heard("MAIL"));
  MailServer unwilling({{"AUTH", "535 no"}});
  settings.url = unwilling.settings().url;
  CHECK(send(settings, &check_into) == MailReply{.code = 535});
  CHECK_FALSE(send(unwilling.settings(false), &check_into).has_value());
}

TEST_CASE("smtp: without TLS nothing is said, the password least of all") {
  MailServer server;  // that offers none
  SmtpServer settings = server.settings(false);
  settings.user = "shop";
  settings.password = Secret("horse staple");
  const Result<MailReply> reply = send(settings);
  REQUIRE_FALSE(reply.has_value());
  CHECK(reply.error().code == Errc::ambiguous);
  CHECK(server.heard("EHLO"));
  CHECK_FALSE(server.heard("AUTH"));
  CHECK_FALSE(server.heard("MAIL"));
}

// Speaks TLS from the start, with a certificate that nobody has signed but itself.
class SelfSigned {
 public:
  SelfSigned() {
    const std::string make = fmt::format(
        "cd {} && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
        " -addext subjectAltName=DNS:localhost -keyout key -out pem 2>log",
        directory_.path());
    REQUIRE(std::system(make.c_str()) == 0);
    tls_.use_certificate_chain_file(directory_.path() + "/pem");
    tls_.use_private_key_file(directory_.path() + "/key", asio::ssl::context::pem);
    thread_ = std::jthread([this] { serve(); });
  }
  std::string url() const {
    return fmt::format("smtps://localhost:{}", acceptor_.local_endpoint().port());
  }
  // What was said to it, when the connection is over.
  std::string heard() {
    thread_.join();
    return heard_;
  }

 private:
  void serve() {
    asio::ssl::stream<asio::ip::tcp::socket> peer(acceptor_.accept(), tls_);
    boost::system::error_code over;
    peer.handshake(asio::ssl::stream_base::server, over);
    asio::write(peer, asio::buffer(std::string_view("220 here\r\n")), over);
    asio::read(peer, asio::dynamic_buffer(heard_, 6), over);
  }

  TemporaryDirectory directory_;
  asio::io_context io_;
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  asio::ip::tcp::acceptor acceptor_{io_, {asio::ip::make_address("127.0.0.1"), 0}};
  std::string heard_;
  std::jthread thread_;
};

TEST_CASE("smtp: a server that cannot prove its name is told nothing") {
  SelfSigned server;
  const Result<MailReply> reply = send({.url = server.url(), .user = {}, .password = {}});
  REQUIRE_FALSE(reply.has_value());
  CHECK(server.heard() == "");
}

TEST_CASE("smtp: a client can be destroyed while a mail is under way") {
  MailServer silent({{"EHLO", ""}});
  asio::io_context io;
  Outcome outcome;
  {
    SmtpServer settings = silent.settings();
    settings.timeout = std::chrono::hours(1);
    SmtpClient client(settings);
    asio::co_spawn(io, send_into(client, outcome), asio::detached);
    io.poll();
    REQUIRE(test::eventually([&] { return silent.heard("EHLO"); }));
  }
  CHECK(silent.client_left());
  CHECK_FALSE(outcome.has_value());
}

}  // namespace
}  // namespace claimcheck
