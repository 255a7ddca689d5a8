// BuyerMail: tells the buyer by e-mail that an order is ready, could not be made, or was refunded,
// in the language the checkout was given, in text and HTML, with the address of its page; never
// the prompt. The recipient is the session value's `customerEmail` at that moment and is stored
// nowhere else; without one nobody is told. Attempts dispatch one Message-ID.
#pragma once

#include "domain/session.hpp"
#include "net/smtp/mail.hpp"
#include "notify/dispatcher.hpp"

#include <optional>
#include <string>

namespace claimcheck {

struct BuyerMailOptions {
  MailAddress from;
  std::optional<MailAddress> reply_to;
  std::string public_url;
};

// Nothing = there is nothing to tell any more. The session must have an address.
std::optional<Mail> buyer_mail(const OutboxMessage& message, const Claim& claim,
                               const SessionData& session, const BuyerMailOptions& options);
// What a mail server's answer means.
Delivery mail_judged(const Result<MailReply>& reply);

class BuyerMail {
 public:
  BuyerMail(Context& context, SendMail send, BuyerMailOptions options);
  boost::asio::awaitable<Delivery> deliver(OutboxMessage message);

 private:
  Context& context_;
  SendMail send_;
  BuyerMailOptions options_;
};

}  // namespace claimcheck
