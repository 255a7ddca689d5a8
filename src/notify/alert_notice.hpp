// Alert notices: what leaves claimcheck about an alert: the body of the shop's webhook, and the
// mail to the operators. The outbox names the alert and the opening; the words are made from the
// record when the notice is sent. Nothing of a buyer, and no prompt, is in either.
#pragma once

#include "domain/alert.hpp"
#include "domain/shop_face.hpp"
#include "net/smtp/mail.hpp"
#include "notify/dispatcher.hpp"

#include <string>
#include <vector>

namespace claimcheck {

struct OperatorMailOptions {
  std::vector<std::string> to;  // addresses; empty = no mail
  MailAddress from;
  std::string public_url;
  ShopFace shop;  // without a name, the host of public_url stands for it
};

// {"type":"alert.opened","timestamp":…,"data":{…}}
std::string alert_webhook_body(const OutboxMessage& message, const AlertRecord& record,
                               const std::string& public_url);

struct AlertMailFacts {
  AlertNews news = AlertNews::opened;
  std::string id;  // of the notice, for the Message-ID
  Time date;
};
Mail alert_mail(const AlertMailFacts& facts, const AlertRecord& record,
                const OperatorMailOptions& options);

// The record that a notice is about. not_found: the alert has opened again since, and newer notices
// say so.
Async<AlertRecord> alert_of(Context& context, const OutboxMessage& message);
// The send result for a notice whose record was not read.
Delivery alert_not_read(const Error& error);

class OperatorMail {
 public:
  OperatorMail(Context& context, SendMail send, OperatorMailOptions options);
  // One attempt. Every failure is a send result, see Delivery.
  boost::asio::awaitable<Delivery> deliver(OutboxMessage message);
  // At once and past the outbox: Redis is away. False = it was not accepted.
  boost::asio::awaitable<bool> send_now(AlertRecord record);

 private:
  Context& context_;
  SendMail send_;
  OperatorMailOptions options_;
};

}  // namespace claimcheck
