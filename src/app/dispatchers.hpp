// Dispatchers: one for each channel that is configured, with the sender that it dispatches to.
// Owned by the server; sending has tasks of its own, so no order waits for a receiver.
#pragma once

#include "config/config.hpp"
#include "net/smtp/client.hpp"
#include "notify/alert_notice.hpp"
#include "notify/buyer_mail.hpp"
#include "notify/dispatcher.hpp"
#include "notify/shop_webhook.hpp"

#include <optional>
#include <vector>

namespace claimcheck {

// The channels on which notifications leave.
std::vector<Channel> channels_of(const Config& config);
// Those on which notices of alerts leave.
std::vector<Channel> alert_channels_of(const Config& config);

class Dispatchers {
 public:
  // `config.public_url` is complete: mails link to it.
  Dispatchers(Context& context, HttpClient& http, Tasks& tasks, const Config& config);

  void start();
  // A mail to the operators past the outbox; true also where no mail is configured.
  boost::asio::awaitable<bool> mail_operators(AlertRecord record);
  // What is under way then is finished by its own task.
  void stop();

 private:
  struct ToShop {
    ToShop(Context& context, HttpClient& http, Tasks& tasks, const Config& config);
    ShopWebhook sender;
    Dispatcher dispatcher;
  };
  struct ToBuyers {
    ToBuyers(Context& context, Tasks& tasks, const Config& config);
    SmtpClient smtp;
    boost::asio::awaitable<Delivery> deliver(OutboxMessage message);
    BuyerMail sender;
    OperatorMail operators;
    Dispatcher dispatcher;
  };

  Tasks& tasks_;
  std::optional<ToShop> to_shop_;
  std::optional<ToBuyers> to_buyers_;
};

}  // namespace claimcheck
