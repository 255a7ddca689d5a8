#include "config/notify_settings.hpp"

#include "net/http/http.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

std::string_view host_of(std::string_view authority) {
  // An IPv6 address has colons of its own and stands in brackets.
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, std::min(authority.rfind(':'), authority.size()));
}

bool is_loopback(std::string_view host) {
  if (host == "localhost") return true;
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(host, no_address);
  return !no_address && address.is_loopback();
}

}  // namespace

ReadOutcome read_shop_url(std::string_view text, std::string& url) {
  const std::string address = web_address(text);
  const bool plain = address.starts_with("http://");
  if (address.empty()) return bad("must begin with https://");
  const auto unusable = [](char c) { return c <= ' ' || c == 127; };
  if (std::ranges::any_of(text, unusable)) return bad("must not hold spaces or control characters");
  const std::string_view authority = url_authority(text);
  // The address is logged and shown; a password in it would be, too.
  if (authority.find('@') != std::string_view::npos)
    return bad("must not hold a user or a password");
  if (host_of(authority).empty()) return bad("names no host");
  // The body holds facts about orders, or a prompt, so it is encrypted on every way that leaves
  // this machine.
  if (plain && !is_loopback(host_of(authority))) {
    return bad("must be https://, or http:// to this very machine");
  }
  url = address;
  return {};
}

ReadOutcome read_notify_url(std::string_view text, Config& config) {
  return read_shop_url(text, config.shop_webhook.url);
}

// smtp://user:password@host:587. User and password are percent-encoded, as in any URL.
ReadOutcome read_smtp_url(std::string_view text, Config& config) {
  if (!text.starts_with("smtp://") && !text.starts_with("smtps://")) {
    return bad("must be smtp://user:password@host:587 or smtps://user:password@host");
  }
  const auto unusable = [](char c) { return c <= ' ' || c == 127; };
  if (std::ranges::any_of(text, unusable)) return bad("must not hold spaces or control characters");
  std::string_view authority = url_authority(text);
  const std::size_t rest = text.find("://") + 3 + authority.size();
  // A path has no meaning here, so it is a mistake and not ignored.
  if (text.substr(rest).find_first_not_of('/') != std::string_view::npos) {
    return bad("must end behind host and port");
  }
  SmtpServer server;
  // The last `@`: a user is often an address itself, and not everybody encodes its `@`.
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view login = authority.substr(0, at);
    const std::size_t colon = std::min(login.find(':'), login.size());
    server.user = url_decode(login.substr(0, colon), false);
    if (colon < login.size()) {
      server.password = Secret(url_decode(login.substr(colon + 1), false));
    }
    if (server.user.empty() || server.password.empty()) {
      return bad("must hold a user and a password, or neither");
    }
    authority.remove_prefix(at + 1);
  }
  if (host_of(authority).empty()) return bad("names no host");
  const bool tls = text.starts_with("smtps://");
  // Only to this machine itself without TLS. To every other host smtp:// must upgrade.
  server.plain = !tls && is_loopback(host_of(authority));
  server.url = fmt::format("{}://{}", tls ? "smtps" : "smtp", authority);
  config.smtp = std::move(server);
  return {};
}

ReadOutcome read_mail_from(std::string_view text, Config& config) {
  const auto address = read_mail_address(text);
  if (!address) return bad("must be an address like orders@shop.example, or Name <address>");
  config.buyer_mail.from = *address;
  return {};
}

ReadOutcome read_mail_reply_to(std::string_view text, Config& config) {
  config.buyer_mail.reply_to = read_mail_address(text);
  if (config.buyer_mail.reply_to) return {};
  return bad("must be an address like help@shop.example, or Name <address>");
}

ReadOutcome read_operator_mail(std::string_view text, Config& config) {
  config.operator_mail = split_list(text);
  const bool good = std::ranges::all_of(config.operator_mail, is_mail_address);
  if (config.operator_mail.empty() || !good) {
    return bad("must be addresses like owner@shop.example, with commas");
  }
  if (config.operator_mail.size() > operator_mails_max) {
    return bad(fmt::format("must be {} addresses at the most", operator_mails_max));
  }
  return {};
}

ReadOutcome read_notify_secrets(std::string_view text, Config& config) {
  return read_signing_keys(text, config.shop_webhook.keys);
}

}  // namespace claimcheck
