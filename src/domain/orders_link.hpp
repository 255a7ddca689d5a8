// OrdersLink: the last part of the address that is mailed to a buyer who has lost the way back. It
// shows all orders of one e-mail address, for a day. It names an order of that address and an end,
// and is signed together with the address. So it holds no address, nothing about it is stored, and
// it is worthless once the order has another address or none. Pure.
#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace claimcheck {

inline constexpr Duration orders_link_life = std::chrono::hours(24);

struct OrdersLink {
  std::string session_id;
  Time until;
  std::string signature;
};

// "<session id>.<unix seconds>.<64 hex digits>".
std::string orders_link(const std::string& session_id, Time until, std::string_view email,
                        const Secret& key);
// Nothing = it has another form. The signature is not checked: that takes the order's address.
std::optional<OrdersLink> orders_link_in(std::string_view text);
// Several keys while one is being replaced.
bool is_signed(const OrdersLink& link, std::string_view email, std::span<const Secret> keys);

}  // namespace claimcheck
