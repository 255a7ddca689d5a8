// Reads [checkout] and [tool.<slug>.checkout] of the configuration file into what goes to Stripe
// with each session. Every member is compared with the table of checkout_members.hpp, so that a
// mistake ends the start and not a buyer's order. Internal to config/.
#pragma once

#include "flow/session_options.hpp"

#include <toml++/toml.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace claimcheck {

// Tells what is wrong with the node of that key.
using TellWrong =
    std::function<void(std::string_view key, const toml::node& node, std::string_view what)>;

// The members of one table, each as the form that Stripe gets for it; empty = it is not sent.
using CheckoutTable = std::map<std::string, stripe::Form, std::less<>>;

// `key` is the name of the table for people: "checkout", "tool.cats.checkout".
CheckoutTable read_checkout_table(std::string_view key, const toml::node& node,
                                  const TellWrong& wrong);

// The members of `own` replace or follow the general ones, each as a whole.
CheckoutTable merged(CheckoutTable general, const CheckoutTable& own);

// Which members exclude each other; empty = they can all be sent.
std::string conflict_in(const CheckoutTable& table);

SessionOptions session_options(const CheckoutTable& table);

}  // namespace claimcheck
