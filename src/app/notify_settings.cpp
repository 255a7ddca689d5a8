#include "app/notify_settings.hpp"

#include "app/settings.hpp"
#include "base/crypto.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

// Of "https://host:port/path": what stands between the slashes and the next one.
std::string_view authority_of(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  return url.substr(0, std::min(url.find_first_of("/?#"), url.size()));
}

std::string_view host_of(std::string_view authority) {
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

std::string read_notify_url(std::string_view text, Config& config) {
  const bool plain = text.starts_with("http://");
  if (!plain && !text.starts_with("https://")) return "must begin with https://";
  const auto unusable = [](char c) { return c <= ' ' || c == 127; };
  if (std::ranges::any_of(text, unusable)) return "must not hold spaces or control characters";
  const std::string_view authority = authority_of(text);
  if (authority.find('@') != std::string_view::npos) return "must not hold a user or a password";
  if (host_of(authority).empty()) return "names no host";
  if (plain && !is_loopback(host_of(authority))) {
    return "must be https://, or http:// to this very machine";
  }
  config.shop_webhook.url = text;
  return {};
}

std::string read_notify_secrets(std::string_view text, Config& config) {
  constexpr std::string_view prefix = "whsec_";
  config.shop_webhook.keys.clear();
  for (const std::string& secret : split_list(text)) {
    std::optional<std::string> key;
    if (secret.starts_with(prefix)) key = from_base64(secret.substr(prefix.size()));
    if (!key || key->size() < shop_key_bytes_min || key->size() > shop_key_bytes_max) {
      return fmt::format("must be whsec_ and {} to {} bytes in base64; two with a comma",
                         shop_key_bytes_min, shop_key_bytes_max);
    }
    config.shop_webhook.keys.emplace_back(std::move(*key));
  }
  if (config.shop_webhook.keys.size() > shop_keys_max) return "must be two at the most";
  return {};
}

}  // namespace claimcheck
