// BuyerMail: sends the buyer a mail when an order is delivered, failed, refunded or delayed, in the
// language of the checkout, as text and HTML, with the address of its page; never the prompt. The
// recipient is the session value's `customerEmail` at that moment and is stored nowhere else.
// Without an address nobody is notified. All attempts have one Message-ID.
#pragma once

#include "domain/session.hpp"
#include "domain/shop_face.hpp"
#include "net/smtp/mail.hpp"
#include "notify/dispatcher.hpp"

#include <optional>
#include <string>

namespace claimcheck {

struct BuyerMailOptions {
  MailAddress from;
  std::optional<MailAddress> reply_to;
  std::string public_url;
  ShopFace shop;  // without a name, the host of public_url stands for it
};

// Nothing = the order is no longer in a state for this mail. The session must have an address.
std::optional<Mail> buyer_mail(const OutboxMessage& message, const Claim& claim,
                               const SessionData& session, const BuyerMailOptions& options);
// The send result that a mail server's answer stands for.
Delivery mail_judged(const Result<MailReply>& reply);

class BuyerMail {
 public:
  BuyerMail(Context& context, SendMail send, BuyerMailOptions options);
  // One attempt. Every failure is a send result, see Delivery.
  boost::asio::awaitable<Delivery> deliver(OutboxMessage message);

 private:
  Context& context_;
  SendMail send_;
  BuyerMailOptions options_;
};

}  // namespace claimcheck
