// SmtpClient: sends mails to one server by libcurl, each over a connection of its own, on two
// threads that do nothing else. The connection is encrypted from the start (smtps://) or by
// STARTTLS, which is required before any mail or password is sent. Only a connection to this
// machine may be plain. It may be destroyed while mails are under way: they are given up. The
// executors of its callers must outlive it.
#pragma once

#include "base/secret.hpp"
#include "net/smtp/mail.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>

namespace claimcheck {

struct SmtpServer {
  std::string url;  // smtp://host:port or smtps://host:port, without user and password
  std::string user;
  Secret password;
  bool plain = false;  // no TLS: for loopback only
  Duration timeout = std::chrono::seconds(30);
};

class SmtpClient {
 public:
  explicit SmtpClient(SmtpServer server);
  ~SmtpClient();
  SmtpClient(const SmtpClient&) = delete;
  SmtpClient& operator=(const SmtpClient&) = delete;

  // Errors: those of SendMail.
  boost::asio::awaitable<Result<MailReply>> send(Mail mail);
  // Connects, with TLS and login as for a mail, and ends the connection; no mail is sent. Errors:
  // not_sent, ambiguous.
  boost::asio::awaitable<Result<MailReply>> check();

 private:
  boost::asio::awaitable<Result<MailReply>> on_thread(
      boost::asio::awaitable<Result<MailReply>> work);
  boost::asio::awaitable<Result<MailReply>> send_now(Mail mail);
  boost::asio::awaitable<Result<MailReply>> check_now();

  SmtpServer server_;
  std::atomic<bool> stopping_ = false;
  boost::asio::thread_pool threads_{2};
};

}  // namespace claimcheck
