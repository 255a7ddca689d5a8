// BuyerMail: sends the buyer a mail when an order is delivered, failed, refunded or delayed, when a
// checkout that was left can be continued, and with the link to all orders of an address. In the
// language of the checkout, as text and HTML, with the address of a page; never the prompt. The
// recipient is the session value's `customerEmail` at that moment and is stored nowhere else.
// Without an address nobody is notified. All attempts have one Message-ID.
#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"
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
  Secret link_key;  // signs links to all orders of an address
  ShopFace shop;    // without a name, the host of public_url stands for it
};

// Nothing = the order is no longer in a state for this mail, or what it links to has ended. The
// session must have an address.
std::optional<Mail> buyer_mail(const OutboxMessage& message, const Claim& claim,
                               const SessionData& session, const BuyerMailOptions& options,
                               Time now);
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
