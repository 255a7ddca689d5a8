#include "app/dispatchers.hpp"

namespace claimcheck {

namespace {

// Two threads send mail: more at once would only wait, with their leases running.
constexpr DispatcherLimits mail_limits = {.at_once = 2};

BuyerMailOptions mail_options(const Config& config) {
  BuyerMailOptions options = config.buyer_mail;
  options.public_url = config.public_url;
  options.shop = config.shop;
  if (!config.webhook_secrets.empty()) options.link_key = config.webhook_secrets.front();
  // Mail programs list mails by the sender's name.
  if (options.from.name.empty()) options.from.name = config.shop.name;
  return options;
}

ShopWebhookOptions webhook_options(const Config& config) {
  ShopWebhookOptions options = config.shop_webhook;
  options.public_url = config.public_url;
  return options;
}

OperatorMailOptions operator_options(const Config& config) {
  const BuyerMailOptions buyers = mail_options(config);
  return {.to = config.operator_mail,
          .from = buyers.from,
          .public_url = buyers.public_url,
          .shop = buyers.shop};
}

}  // namespace

std::vector<Channel> channels_of(const Config& config) {
  std::vector<Channel> channels;
  if (!config.shop_webhook.url.empty()) channels.push_back(Channel::webhook);
  if (!config.smtp.url.empty()) channels.push_back(Channel::mail);
  return channels;
}

std::vector<Channel> alert_channels_of(const Config& config) {
  std::vector<Channel> channels;
  if (!config.shop_webhook.url.empty()) channels.push_back(Channel::webhook);
  if (!config.operator_mail.empty()) channels.push_back(Channel::mail);
  return channels;
}

Dispatchers::ToShop::ToShop(Context& context, HttpClient& http, Tasks& tasks, const Config& config)
    : sender(context, http, webhook_options(config)),
      dispatcher(context, tasks, Channel::webhook,
                 [this](OutboxMessage message) { return sender.deliver(std::move(message)); }) {}

Dispatchers::ToBuyers::ToBuyers(Context& context, Tasks& tasks, const Config& config)
    : smtp(config.smtp),
      sender(
          context, [this](Mail mail) { return smtp.send(std::move(mail)); }, mail_options(config)),
      operators(
          context, [this](Mail mail) { return smtp.send(std::move(mail)); },
          operator_options(config)),
      dispatcher(
          context, tasks, Channel::mail,
          [this](OutboxMessage message) { return deliver(std::move(message)); }, mail_limits) {}

// Mails to operators wait in the same outbox: one mail server, one pause while it is away.
boost::asio::awaitable<Delivery> Dispatchers::ToBuyers::deliver(OutboxMessage message) {
  if (is_alert_type(message.news)) return operators.deliver(std::move(message));
  return sender.deliver(std::move(message));
}

Dispatchers::Dispatchers(Context& context, HttpClient& http, Tasks& tasks, const Config& config)
    : tasks_(tasks) {
  if (!config.shop_webhook.url.empty()) to_shop_.emplace(context, http, tasks, config);
  if (!config.smtp.url.empty()) to_buyers_.emplace(context, tasks, config);
}

void Dispatchers::start() {
  if (to_shop_) tasks_.start(to_shop_->dispatcher.run());
  if (to_buyers_) tasks_.start(to_buyers_->dispatcher.run());
}

boost::asio::awaitable<bool> Dispatchers::mail_operators(AlertRecord record) {
  if (!to_buyers_) co_return true;
  co_return co_await to_buyers_->operators.send_now(std::move(record));
}

void Dispatchers::stop() {
  if (to_shop_) to_shop_->dispatcher.stop();
  if (to_buyers_) to_buyers_->dispatcher.stop();
}

}  // namespace claimcheck
