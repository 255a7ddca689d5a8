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

}  // namespace

std::vector<Channel> channels_of(const Config& config) {
  std::vector<Channel> channels;
  if (!config.shop_webhook.url.empty()) channels.push_back(Channel::webhook);
  if (!config.smtp.url.empty()) channels.push_back(Channel::mail);
  return channels;
}

Dispatchers::ToShop::ToShop(Context& context, HttpClient& http, Tasks& tasks, const Config& config)
    : sender(context, http, config.shop_webhook),
      dispatcher(context, tasks, Channel::webhook,
                 [this](OutboxMessage message) { return sender.deliver(std::move(message)); }) {}

Dispatchers::ToBuyers::ToBuyers(Context& context, Tasks& tasks, const Config& config)
    : smtp(config.smtp),
      sender(
          context, [this](Mail mail) { return smtp.send(std::move(mail)); }, mail_options(config)),
      dispatcher(
          context, tasks, Channel::mail,
          [this](OutboxMessage message) { return sender.deliver(std::move(message)); },
          mail_limits) {}

Dispatchers::Dispatchers(Context& context, HttpClient& http, Tasks& tasks, const Config& config)
    : tasks_(tasks) {
  if (!config.shop_webhook.url.empty()) to_shop_.emplace(context, http, tasks, config);
  if (!config.smtp.url.empty()) to_buyers_.emplace(context, tasks, config);
}

void Dispatchers::start() {
  if (to_shop_) tasks_.start(to_shop_->dispatcher.run());
  if (to_buyers_) tasks_.start(to_buyers_->dispatcher.run());
}

void Dispatchers::stop() {
  if (to_shop_) to_shop_->dispatcher.stop();
  if (to_buyers_) to_buyers_->dispatcher.stop();
}

}  // namespace claimcheck
