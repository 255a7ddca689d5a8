// ShopWebhook: notifies the shop of an order, by the rules of Standard Webhooks: one POST with the
// notification and the order as they are now, signed with every active secret. The order is read
// when it is sent, so the outbox stores nothing about it. Notices of alerts go the same way
// (alert_notice.hpp). With the buyer's e-mail address and the
// shop's own reference and metadata, never with a prompt.
// Redirects are not followed, and only the status of an answer counts.
#pragma once

#include "base/secret.hpp"
#include "net/http/http.hpp"
#include "notify/dispatcher.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

struct ShopWebhookOptions {
  std::string url;
  std::vector<Secret> keys;  // the decoded bytes of "whsec_<base64>"; two while one is replaced
  std::string public_url;    // notices of alerts link to /ops
  Duration timeout = std::chrono::seconds(15);
  std::size_t answer_bytes_max = 16 * 1024;
};
inline constexpr std::size_t shop_keys_max = 2;
inline constexpr std::size_t shop_key_bytes_min = 24;
inline constexpr std::size_t shop_key_bytes_max = 64;

// {"type":"order.delivered","timestamp":…,"data":{…}}
std::string webhook_body(const OutboxMessage& message, const Claim& claim,
                         const SessionData& session);
// The wait that a busy receiver asks for, in seconds or by a date; zero = nothing readable.
Duration asked_wait(const HttpHeaders& headers, Time now);

class ShopWebhook {
 public:
  ShopWebhook(Context& context, HttpClient& http, ShopWebhookOptions options);
  // One attempt. Every failure is a send result, see Delivery.
  boost::asio::awaitable<Delivery> deliver(OutboxMessage message);

 private:
  boost::asio::awaitable<Delivery> deliver_alert(OutboxMessage message);
  boost::asio::awaitable<Delivery> post(OutboxMessage message, std::string body);

  Context& context_;
  HttpClient& http_;
  ShopWebhookOptions options_;
};

}  // namespace claimcheck
