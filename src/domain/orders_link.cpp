#include "domain/orders_link.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "domain/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace claimcheck {

namespace {

// The key serves another purpose too (Stripe's events). The first line keeps the two apart.
std::string signature_of(std::string_view session_id, Time until, std::string_view email,
                         const Secret& key) {
  return hmac_sha256_hex(key.reveal(), fmt::format("claimcheck orders link\n{}\n{}\n{}", session_id,
                                                   to_unix_s(until), lowercase(email)));
}

}  // namespace

std::string orders_link(const std::string& session_id, Time until, std::string_view email,
                        const Secret& key) {
  return fmt::format("{}.{}.{}", session_id, to_unix_s(until),
                     signature_of(session_id, until, email, key));
}

std::optional<OrdersLink> orders_link_in(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view end = text.substr(first + 1, second - first - 1);
  std::int64_t until_s = 0;
  const auto [stop, failed] = std::from_chars(end.data(), end.data() + end.size(), until_s);
  if (failed != std::errc() || stop != end.data() + end.size()) return std::nullopt;
  constexpr std::int64_t until_s_max = 10'000'000'000;  // a time has microseconds here
  if (until_s < 0 || until_s > until_s_max) return std::nullopt;
  OrdersLink link{.session_id = std::string(text.substr(0, first)),
                  .until = from_unix_s(until_s),
                  .signature = std::string(text.substr(second + 1))};
  if (!is_session_id(link.session_id)) return std::nullopt;
  return link;
}

bool is_signed(const OrdersLink& link, std::string_view email, std::span<const Secret> keys) {
  return std::ranges::any_of(keys, [&](const Secret& key) {
    return same_text(link.signature, signature_of(link.session_id, link.until, email, key));
  });
}

}  // namespace claimcheck
